from __future__ import annotations

import pytest
from sqlalchemy import select

from actions import situations
from actions.aspects import mentions
from actions.distress import is_despair
from actions.memory import Memory, Pending
from actions.wording import fees, lines
from hall.catalogue.models import UnansweredQuestion
from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.db import Sessions
from tests.actions.chat import Chat, answer, menu


@pytest.mark.parametrize(
    "text",
    [
        "我不想活了",
        "不想再活下去了",
        "活着真没意思",
        "活着太累了",
        "我想死",
        "想自杀",
        "真的活不下去了",
        "死了算了",
    ],
)
async def test_despair_comes_before_everything(chat: Chat, text: str) -> None:
    chat.slots = {"item": "GA-1", "pending": Pending("circumstance", "GA-1", "age").to_slot()}
    for intent in ("ask_guide", "out_of_scope", "nlu_fallback", "complain", "greet"):
        said = await chat.say(text, intent)
        assert all(number in said.text for number in ("12356", "110", "120"))
        assert said.titles == ["找工作人员"]


@pytest.mark.parametrize(
    "text",
    ["店活不下去了想注销", "不想活动太大", "想死亡注销怎么办", "户主自杀身亡怎么销户", "这个活不想干了", ""],
)
def test_what_only_sounds_like_despair(text: str) -> None:
    assert not is_despair(text)


async def test_despair_with_a_matter_offers_it_as_a_way(chat: Chat) -> None:
    chat.search.decisions = {"失业金": answer("RS-1")}
    said = await chat.say("失业金没发我活不下去了", "complain")
    assert "12356" in said.text
    assert said.titles == ["找工作人员", "失业保险金申领"]


async def test_a_question_offered_items_in_vain_is_kept_without_personal_data(
    chat: Chat, sessions: Sessions
) -> None:
    chat.session = sessions.begin
    chat.search.decisions = {"执照": menu("SC-1", "SC-2")}
    await chat.say("110101199003077774的执照挪个窝")
    said = await chat.pick("以上都不是")
    assert "您的问题已记下" in said.text
    async with sessions() as session:
        kept = (await session.scalars(select(UnansweredQuestion))).one()
    assert "挪个窝" in kept.text
    assert "110101" not in kept.text


async def test_the_words_are_held_for_one_turn_only(chat: Chat) -> None:
    chat.search.decisions = {"执照": menu("SC-1", "SC-2")}
    await chat.say("执照挪个窝")
    assert chat.slots["pending"]["words"] == "执照挪个窝"
    offered = chat.last.buttons[-1]["payload"]
    await chat.say("停车方便吗", "hall_info")
    assert "words" not in chat.slots["pending"]
    said = await chat.send(offered)
    assert "记下" not in said.text


def test_words_of_the_last_turn_are_read_and_dropped() -> None:
    memory = Memory.of_slots({"pending": Pending("item", words="甲").to_slot()})
    assert memory.offered_for == "甲"
    assert memory.pending == Pending("item")
    assert memory.events()[0]["value"] == {"kind": "item"}


async def test_complaints_are_taken_to_the_line_and_not_to_an_item(chat: Chat) -> None:
    chat.search.decisions = {"投诉": answer("RS-1")}
    said = await chat.say("我要投诉", "complain")
    assert "12345" in said.text
    assert said.titles == ["找工作人员"]


async def test_an_item_that_is_a_complaint_is_answered() -> None:
    from actions.feedback import _takes_complaints

    assert _takes_complaints(parse_item({"code": "X", "name": "拖欠工资投诉"}))
    assert not _takes_complaints(parse_item({"code": "X", "name": "失业保险金申领"}))


async def test_reports_on_others_get_no_apology(chat: Chat) -> None:
    said = await chat.say("举报黑网吧", "complain")
    assert "12345" in said.text
    assert "受气" not in said.text


async def test_what_an_office_keeps_is_no_data_of_this_conversation(chat: Chat) -> None:
    chat.search.decisions = {"户口": menu("GA-1", "GA-2")}
    said = await chat.say("户口上登记的手机号怎么换", "my_data")
    assert said.titles == ["居民身份证到期换领", "居民身份证丢失补领", "以上都不是"]
    said = await chat.say("你们存了我的手机号吗", "my_data")
    assert "没有存您的姓名" in said.text


async def test_what_is_meant_instead_is_answered_at_once(chat: Chat) -> None:
    chat.search.decisions = {"身份证丢": answer("GA-2")}
    chat.slots = {"item": "SC-1"}
    said = await chat.say("不是,我说的是身份证丢了", "deny")
    assert said.text.startswith("【居民身份证丢失补领】")


async def test_a_case_picks_the_item_that_has_it(chat: Chat) -> None:
    chat.search.decisions = {"证": menu("GA-2", "GA-1")}
    await chat.say("弄个身份证件")
    said = await chat.say("16 周岁以下孩子", "nlu_fallback", confidence=0.3)
    assert said.text.startswith("【居民身份证到期换领】")
    assert "按您的情况:16 周岁以下孩子" in said.text


async def test_what_was_told_before_the_menu_is_not_asked_after_it(chat: Chat) -> None:
    chat.search.decisions = {"证": menu("GA-1", "GA-2")}
    await chat.say("外地身份证要多久")
    said = await chat.choose(1)
    assert "40 个工作日" in said.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("户口窗口在几楼", "· 区政务服务中心主厅一楼 A 区 5–8 号窗口:现在开着"),
        (
            "市场监管窗口周六上班吗",
            "【市场监管局】的窗口:\n· 区政务服务中心主厅二楼 B 区 1–4 号窗口:12月5日(周六)",
        ),
        ("户口周六上班吗", "【户籍身份】的窗口"),
        ("户口窗口电话多少", "【户籍身份】\n电话:0000-1101"),
    ],
)
async def test_counters_hours_and_telephone_of_a_matter(chat: Chat, text: str, expected: str) -> None:
    said = await chat.say(text, "hall_info")
    assert expected in said.text


async def test_what_a_hall_does(chat: Chat) -> None:
    said = await chat.say("东门站能办什么业务")
    assert "【东门街道便民服务站】能办这些类里的事:户籍身份。" in said.text


async def test_the_bereaved_are_spoken_to(chat: Chat) -> None:
    chat.search.decisions = {"身份证": answer("GA-2")}
    assert (await chat.say("我爸去世了,身份证怎么交回")).text.startswith("请节哀。\n【")
    assert not (await chat.say("孩子身份证没了")).text.startswith("请节哀")
    assert not (await chat.say("老公没了工作,身份证丢了")).text.startswith("请节哀")


async def test_several_questions_are_answered_before_the_case_is_known(chat: Chat) -> None:
    chat.search.decisions = {"身份证": answer("GA-1")}
    said = await chat.say("身份证到期换新要带啥,多少钱")
    assert "带:旧居民身份证、居民户口簿;另有 1 样看您的情况" in said.text
    assert "20 元" in said.text
    assert "给谁办" not in said.text


async def test_what_everybody_brings_is_said_with_the_first_question(chat: Chat) -> None:
    chat.search.decisions = {"身份证": answer("GA-1")}
    said = await chat.say("身份证到期要带什么", "ask_materials")
    assert "都要带:旧居民身份证、居民户口簿" in said.text
    assert said.text.endswith("给谁办?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("坏了", "broken"),
        ("不是连锁,普通的", "plain"),
        ("是连锁", "chain"),
        ("没说", None),
    ],
)
def test_short_answers_to_a_circumstance(text: str, expected: str | None) -> None:
    item = parse_item(
        {
            "code": "X",
            "name": "甲",
            "circumstances": [
                {
                    "id": "why",
                    "question": "怎么了?",
                    "choices": [
                        {"id": "broken", "label": "损坏", "aliases": ["坏了"]},
                        {"id": "plain", "label": "普通"},
                        {"id": "chain", "label": "连锁"},
                    ],
                }
            ],
        }
    )
    found = situations.picked(item.circumstances[0], text)
    assert found == expected


def test_taxes_are_no_fees(view: CatalogueView, chat: Chat) -> None:
    tax = parse_item(
        {
            "code": "SW-1",
            "name": "契税申报",
            "fees": [{"name": "办理", "standard": "免费"}],
            "conditions": "唯一住房 1%。",
        }
    )
    told = lines.Told.about(tax, view, chat.now, {}, "契税多少钱")
    assert lines.line(told, "fee") == "办手续不收费,税按规定缴。唯一住房 1%。"
    assert fees.in_line(tax) == "手续免费,税另算"
    proof = parse_item({"code": "SW-2", "name": "完税证明开具", "fees": []})
    assert fees.in_line(proof) == "不收费"


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("身份证到期换领多少钱", ["fee"]),
        ("失业金能领几个月", ["amount"]),
        ("国庆放几天假", ["hours"]),
        ("春节放假到几号", ["hours"]),
        ("那怎么约", ["booking"]),
        ("欠我工资找谁", ["place"]),
    ],
)
def test_what_the_words_ask(text: str, aspects: list[str]) -> None:
    assert [mention.aspect for mention in mentions(text)] == aspects
