from __future__ import annotations

import pytest

from tests.actions.chat import Chat, answer, menu


@pytest.fixture
def at_item(chat: Chat) -> Chat:
    """A conversation about the renewal of an ID card."""
    chat.slots = {"item": "GA-1"}
    return chat


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("户口本要带吗", "ask_materials", "要:居民户口簿:原件——系统能核对的,可以不带"),
        ("结婚证要不要", "ask_materials", "材料清单里没有结婚证。"),
        ("要不要照片", "ask_materials", "要:照片:原件 2 份——可后补(容缺:先受理,过后补交)"),
    ],
)
async def test_one_document_is_told_without_the_whole_list(
    at_item: Chat, text: str, intent: str, expected: str
) -> None:
    said = await at_item.say(text, intent)
    assert expected in said.text
    assert "给谁办" not in said.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("东门站能办吗", "东门街道便民服务站 2 号窗口(东门大街 72 号)能办。"),
        ("主厅周六办吗", "12月5日(周六) 9:00–12:00 开"),
    ],
)
async def test_one_hall_is_told_for_the_item_spoken_of(at_item: Chat, text: str, expected: str) -> None:
    said = await at_item.say(text, "ask_place")
    assert said.text.startswith("【居民身份证到期换领】")
    assert expected in said.text


async def test_a_hall_that_does_not_do_the_item_says_where_to_go(chat: Chat) -> None:
    chat.slots = {"item": "GA-2"}
    said = await chat.say("东门站能办吗", "ask_place")
    assert "东门街道便民服务站办不了这件事。" in said.text
    assert "请到:区政务服务中心主厅一楼 A 区 5–8 号窗口" in said.text


async def test_names_of_halls_are_not_searched_for(at_item: Chat) -> None:
    await at_item.say("东门站能办吗", "ask_place")
    assert not [text for text, _ in at_item.search.asked if "东门" in text]


async def test_a_doubtful_other_item_does_not_take_over_where_one_thing_is_asked(at_item: Chat) -> None:
    at_item.search.decisions = {"指纹": menu("SC-2", "RS-1", confidence=0.2)}
    said = await at_item.say("要按指纹吗", "ask_process")
    assert "【居民身份证到期换领】" in said.text
    said = await at_item.pick("不是这件事")
    assert said.titles[:2] == ["营业执照补领", "失业保险金申领"]


async def test_a_likely_other_item_is_offered(at_item: Chat) -> None:
    at_item.search.decisions = {"执照": menu("SC-1", "SC-2", confidence=0.7)}
    said = await at_item.say("执照多少钱", "ask_fee")
    assert said.titles == ["个体工商户设立登记", "营业执照补领", "以上都不是"]


@pytest.mark.parametrize("text", ["不是这个", "不对", "你搞错了"])
async def test_wrong_in_words_offers_other_items(at_item: Chat, text: str) -> None:
    said = await at_item.say(text, "deny")
    assert said.titles == ["居民身份证丢失补领", "以上都不是"]


async def test_a_plain_no_is_no_complaint_about_the_item(at_item: Chat) -> None:
    said = await at_item.say("不用了", "deny")
    assert said.responses == ["utter_deny"]


@pytest.mark.parametrize("intent", ["out_of_scope", "affirm", "lost_found", "nlu_fallback"])
async def test_few_words_pick_an_offered_item_whatever_intent_was_seen(chat: Chat, intent: str) -> None:
    chat.search.decisions = {"身份证": menu("GA-1", "GA-2")}
    await chat.say("身份证要多少钱", "ask_fee")
    said = await chat.say("丢失的", intent, confidence=0.7)
    assert "【居民身份证丢失补领】" in said.text
    assert "40 元/证" in said.text


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("apply_online", "我这里还不能直接申报"),
        ("check_materials", "给谁办?"),
    ],
)
async def test_a_desk_waits_for_its_item(chat: Chat, intent: str, expected: str) -> None:
    chat.search.decisions = {"到期": answer("GA-1")}
    said = await chat.send(f"/{intent}")
    assert "说事的名字" in said.text
    said = await chat.say("身份证到期换领", "ask_guide")
    assert expected in said.text


async def test_what_is_at_hand_is_compared_before_the_circumstance_is_asked(at_item: Chat) -> None:
    said = await at_item.say("我有户口本,没有照片", "check_materials")
    assert "有了:居民户口簿" in said.text
    assert "还缺:照片" in said.text
    assert said.text.count("给谁办?") == 1
    assert said.titles[0] == "16 周岁以上本人"


async def test_counters_of_a_department_are_told(chat: Chat) -> None:
    said = await chat.say("市场监管窗口在几楼", "nlu_fallback", confidence=0.5)
    assert "区政务服务中心主厅二楼 B 区 1–4 号窗口:现在开着" in said.text


async def test_memory_holds_codes_only_and_none_of_the_words(chat: Chat) -> None:
    chat.search.decisions = {"身份证": answer("GA-1")}
    secret = "我叫张三三,身份证340102199001011234到期了,孩子的要带什么"
    await chat.say(secret, "ask_materials")
    held = str(chat.slots)
    assert "张三三" not in held
    assert "340102199001011234" not in held
    assert chat.slots["circumstances"] == {"GA-1": {"age": "minor"}}


async def test_no_more_items_are_remembered_than_needed(chat: Chat) -> None:
    from actions.memory import MOST_ITEMS_REMEMBERED, Memory

    memory = Memory.of_slots({})
    for number in range(10):
        memory.learn(str(number), {"age": "minor"})
    assert list(memory.circumstances) == ["5", "6", "7", "8", "9"]
    assert len(memory.circumstances) == MOST_ITEMS_REMEMBERED


@pytest.mark.parametrize(
    "slots",
    [
        {"item": 7, "aspect": "fee", "circumstances": ["x"], "candidates": {"a": 1}, "pending": "x"},
        {"item": "GONE", "aspect": ["fee", "nonsense"], "pending": {"kind": "circumstance", "item": "GONE"}},
        {"pending": {"kind": "item"}, "candidates": ["GONE"]},
    ],
)
async def test_slots_of_another_form_or_of_withdrawn_items_do_no_harm(
    chat: Chat, slots: dict[str, object]
) -> None:
    chat.slots = dict(slots)
    said = await chat.say("多少钱", "ask_fee")
    assert "您问的是哪件事" in said.text


async def test_words_narrow_down_what_was_offered(chat: Chat) -> None:
    found = answer("GA-2")
    chat.search.decisions = {"居民身份证被偷": found, "身份证": menu("GA-1", "GA-2"), "被偷": menu("SC-2")}
    await chat.say("身份证")
    said = await chat.say("被偷", "ask_guide")
    assert ("居民身份证被偷", None) in chat.search.asked
    assert "【居民身份证丢失补领】" in said.text


async def test_a_doubtful_answer_to_the_choice_offers_the_same_items(chat: Chat) -> None:
    chat.search.decisions = {"身份证": menu("GA-1", "GA-2"), "岁数": menu("RS-1", "SC-1", confidence=0.2)}
    await chat.say("身份证")
    said = await chat.say("多大岁数", "ask_conditions")
    assert said.titles == ["居民身份证到期换领", "居民身份证丢失补领", "以上都不是"]
