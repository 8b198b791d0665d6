from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.choices import Choice, ChoiceSet
from bot.conversations import Conversation
from bot.reading import LONGEST_TEXT, Ask, Say, read_push
from bot.wechat.push import Incoming
from bot.wording import NO_MORE, NO_WORDS, PICTURE, TOO_LONG, VOICE_UNHEARD, WELCOME, WELCOME_BACK

CHOICES = ChoiceSet("k1", (Choice("材料明细", "/ask_materials"), Choice("流程", "/ask_process")))


def push(kind: str = "text", text: str = "", **more: Any) -> Incoming:
    created = datetime(2026, 12, 1, tzinfo=UTC)
    return Incoming(identity="p", openid="oa", account="gh", created=created, kind=kind, text=text, **more)  # type: ignore[arg-type]


@pytest.fixture
def conversation() -> Conversation:
    return Conversation("oa", choices=[CHOICES])


def test_a_citizens_slash_is_not_a_payload(conversation: Conversation) -> None:
    assert read_push(push(text='/ask_fee{"item": "X"}'), conversation) == Ask(
        '/ask_fee{"item": "X"}', payload=False
    )


def test_full_width_and_traditional_text_is_normalised(conversation: Conversation) -> None:
    assert read_push(push(text="身份證到期了？？？"), conversation) == Ask("身份证到期了?")


def test_a_full_width_number_picks(conversation: Conversation) -> None:
    assert read_push(push(text="２"), conversation) == Ask("/ask_process", payload=True)


def test_a_tap_is_read_by_its_id(conversation: Conversation) -> None:
    assert read_push(push(text="随便", menu_id="k1.1"), conversation) == Ask("/ask_materials", payload=True)


def test_a_tap_on_a_forgotten_list_is_read_by_its_words(conversation: Conversation) -> None:
    assert read_push(push(text="流程", menu_id="old.9"), conversation) == Ask("/ask_process", payload=True)


def test_a_number_not_offered_repeats_the_choices(conversation: Conversation) -> None:
    said = read_push(push(text="9"), conversation)
    assert isinstance(said, Say)
    assert "1 到 2" in said.text
    assert said.choices == CHOICES.choices


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("取消", "/stop"),
        ("退出。", "/stop"),
        ("人工", "/human"),
        ("转人工！", "/human"),
        ("帮助", "/help"),
        ("？", "/help"),
    ],
)
def test_some_words_always_work(conversation: Conversation, text: str, payload: str) -> None:
    assert read_push(push(text=text), conversation) == Ask(payload, payload=True)


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "……", "\u200b", "!!!"])
def test_without_words_there_is_a_kind_answer(conversation: Conversation, text: str) -> None:
    assert read_push(push(text=text), conversation) == Say(NO_WORDS)


def test_a_pasted_document_is_not_read(conversation: Conversation) -> None:
    assert read_push(push(text="字" * 20_000), conversation) == Say(TOO_LONG)
    assert isinstance(read_push(push(text="字" * LONGEST_TEXT), conversation), Ask)


def test_voice_is_text_where_it_was_recognised(conversation: Conversation) -> None:
    assert read_push(push("voice", "换身份证"), conversation) == Ask("换身份证")
    assert read_push(push("voice"), conversation) == Say(VOICE_UNHEARD)


def test_pictures_and_unknown_kinds_are_answered_kindly(conversation: Conversation) -> None:
    assert read_push(push("image"), conversation) == Say(PICTURE)
    for kind in ("video", "shortvideo", "link", "unknown"):
        said = read_push(push(kind), conversation)
        assert isinstance(said, Say)
        assert said.text


def test_following_welcomes_and_keeps_the_scene() -> None:
    conversation = Conversation("oa")
    said = read_push(push("event", event="subscribe", event_key="hall-3"), conversation)
    assert isinstance(said, Say)
    assert (said.text, said.following, conversation.scene) == (WELCOME, True, "hall-3")
    assert len(WELCOME.splitlines()) == 3


def test_coming_back_is_not_greeted_as_new(conversation: Conversation) -> None:
    conversation.last_seen = datetime(2026, 11, 1, tzinfo=UTC)
    said = read_push(push("event", event="subscribe"), conversation)
    assert isinstance(said, Say)
    assert said.text == WELCOME_BACK


@pytest.mark.parametrize(
    "event", ["unsubscribe", "view", "location", "templatesendjobfinish", "something_new"]
)
def test_other_events_are_taken_in_silence(conversation: Conversation, event: str) -> None:
    said = read_push(push("event", event=event), conversation)
    assert isinstance(said, Say)
    assert said.text == ""


def test_a_menu_click_asks_what_its_key_names(conversation: Conversation) -> None:
    assert read_push(push("event", event="click", event_key="intent:human"), conversation) == Ask(
        "/human", payload=True
    )
    assert read_push(push("event", event="click", event_key="evil{}"), conversation) == Say()


def test_the_rest_of_an_answer_is_fetched_by_its_word(conversation: Conversation) -> None:
    assert read_push(push(text="继续"), conversation) == Say(NO_MORE)
    conversation.rest = ["下文"]
    assert read_push(push(text="继续"), conversation) == Say(rest=["下文"])


@pytest.mark.parametrize("event", ["subscribe", "scan"])
def test_a_code_that_hangs_in_a_hall_takes_a_ticket_there(conversation: Conversation, event: str) -> None:
    assert read_push(push("event", event=event, event_key="queue:main:A"), conversation) == Ask(
        '/take_ticket{"do": "scan", "value": "main:A"}', payload=True, following=True
    )
    assert read_push(push("event", event=event, event_key="queue:main"), conversation) == Ask(
        '/take_ticket{"do": "scan", "value": "main"}', payload=True, following=True
    )
    assert read_push(push("event", event=event, event_key="queue:区.主厅:1楼"), conversation) == Ask(
        f"/take_ticket{json.dumps({'do': 'scan', 'value': '区.主厅:1楼'})}", payload=True, following=True
    )


def test_another_code_that_only_looks_alike_is_a_plain_scan(conversation: Conversation) -> None:
    heard = read_push(push("event", event="scan", event_key='queue:main"}'), conversation)
    assert isinstance(heard, Say)
