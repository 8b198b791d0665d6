"""What a push asks for, before any understanding: pure, so that every kind of push can be tried."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from bot import choices as numbered
from bot.choices import Choice, NotOffered
from bot.conversations import Conversation
from bot.wechat.push import Incoming
from bot.wording import (
    LINK,
    NO_MORE,
    NO_WORDS,
    PICTURE,
    TOO_LONG,
    UNKNOWN_KIND,
    VIDEO,
    VOICE_UNHEARD,
    WELCOME,
    WELCOME_BACK,
    not_offered,
)
from nlu.text import normalise

# Longer than any question; what is longer is a pasted document.
LONGEST_TEXT = 300
_ALWAYS = {
    **dict.fromkeys(("取消", "退出", "算了", "不办了", "结束", "返回", "停"), "/stop"),
    **dict.fromkeys(("人工", "转人工", "人工客服", "人工服务", "找人工", "客服"), "/human"),
    **dict.fromkeys(("帮助", "help", "菜单", "功能", "?"), "/help"),
}
_END_MARKS = re.compile(r"[。.,!~ ]+$")
_CONTINUE = {"继续", "接着", "接着说", "下文"}
_INTENT_KEY = re.compile(r"intent:([a-z_]+)")
# A code that hangs in a hall: the hall, or one counter group of it, by codes as centres write them (大厅.1).
_HALL_CODE = re.compile(r"queue:([\w.-]{1,60})(?::([\w.-]{1,60}))?")
_HAS_WORDS = re.compile(r"[0-9a-zA-Z\u3400-\u9fff\U00020000-\U0003ffff]")

WELCOME_CHOICES = (
    Choice("按主题找事项", '/ask_guide{"topic": "*"}'),
    Choice("约个时间来办", "/book_appointment"),
    Choice("大厅在哪、几点开门", "/hall_info"),
)


@dataclass(frozen=True, slots=True)
class Say:
    """The channel answers by itself; an empty `text` without `rest` says nothing."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    rest: list[str] = field(default_factory=list)
    following: bool | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """The understanding answers: a citizen's own words, or a payload that the bot itself offered."""

    text: str
    payload: bool = False
    following: bool | None = None


def read_push(incoming: Incoming, conversation: Conversation) -> Say | Ask:
    """What is to be done with a push in this conversation."""
    if incoming.kind == "event":
        return _read_event(incoming, conversation)
    if incoming.kind == "text" or (incoming.kind == "voice" and incoming.text.strip()):
        return _read_text(incoming, conversation)
    if incoming.kind == "location":
        return Ask("/hall_info", payload=True)
    return Say(_KINDS.get(incoming.kind, UNKNOWN_KIND))


_KINDS = {
    "voice": VOICE_UNHEARD,
    "image": PICTURE,
    "video": VIDEO,
    "shortvideo": VIDEO,
    "link": LINK,
}


def _read_event(incoming: Incoming, conversation: Conversation) -> Say | Ask:
    if incoming.event in {"subscribe", "scan"} and (code := _HALL_CODE.fullmatch(incoming.event_key)):
        conversation.scene = incoming.event_key
        payload = {"do": "scan", "value": ":".join(part for part in code.groups() if part)}
        return Ask(f"/take_ticket{json.dumps(payload)}", payload=True, following=True)
    if incoming.event == "subscribe":
        conversation.scene = incoming.event_key
        known = conversation.last_seen is not None
        return Say(WELCOME_BACK if known else WELCOME, WELCOME_CHOICES, following=True)
    if incoming.event == "unsubscribe":
        return Say(following=False)
    if incoming.event == "scan":
        conversation.scene = incoming.event_key
        return Say(WELCOME_BACK, WELCOME_CHOICES)
    if incoming.event == "click" and (key := _INTENT_KEY.fullmatch(incoming.event_key)):
        return Ask(f"/{key[1]}", payload=True)
    return Say()


def _read_text(incoming: Incoming, conversation: Conversation) -> Say | Ask:
    if incoming.menu_id:
        choice = numbered.tapped(incoming.menu_id, conversation.choices)
        if choice is not None:
            return Ask(choice.payload, payload=True)
    if len(incoming.text) > LONGEST_TEXT:
        return Say(TOO_LONG)
    text = normalise(incoming.text)
    always = _ALWAYS.get(_END_MARKS.sub("", text))
    if always is not None:
        return Ask(always, payload=True)
    if text in _CONTINUE:
        return Say(rest=conversation.rest) if conversation.rest else Say(NO_MORE)
    if not _HAS_WORDS.search(text):
        return Say(NO_WORDS)
    return _read_words(text, conversation)


def _read_words(text: str, conversation: Conversation) -> Say | Ask:
    picked = numbered.read(text, conversation.choices)
    if isinstance(picked, NotOffered):
        return Say(not_offered(picked.number, len(picked.offered.choices)), picked.offered.choices)
    if picked is not None:
        return Ask(picked.payload, payload=True)
    return Ask(text)
