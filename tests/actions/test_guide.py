from __future__ import annotations

import pytest

from tests.actions.chat import Chat, answer, menu

ID_EXPIRED = "身份证快到期了咋换啊"


@pytest.fixture
def id_chat(chat: Chat) -> Chat:
    chat.search.decisions = {
        "到期": answer("GA-1", "GA-2"),
        "丢了": answer("GA-2"),
        "执照": menu("SC-1", "SC-2"),
        "失业金": answer("RS-1"),
    }
    return chat


async def test_a_whole_guide_fits_the_first_lines_and_names_item_and_version(id_chat: Chat) -> None:
    said = await id_chat.say(ID_EXPIRED)
    lines = said.text.split("\n")
    assert lines[0] == "【居民身份证到期换领】公安局"
    assert lines[1] == "带:旧居民身份证、居民户口簿;另有 1 样看您的情况"
    assert lines[2] == "20 个工作日 · 工本费 20 元/证 · 一楼 A 区 5–8 号窗口(另有 1 处就近能办)"
    assert lines[3] == "现在开着,12:00–13:30 午休,今天开到 17:00(周六 9:00–12:00 也办)"
    assert lines[4].startswith("指南 2026-10-08 版")
    assert "https://banshi.example/h5/items/GA-1" in lines[4]
    assert said.titles == ["材料明细", "流程", "看我的材料齐不齐", "预约", "不是这件事"]
    assert id_chat.slots["item"] == "GA-1"


async def test_the_item_is_kept_for_follow_ups_and_changed_when_another_is_named(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    said = await id_chat.say("多少钱", "ask_fee")
    assert "【居民身份证到期换领】" in said.text
    assert "20 元/证" in said.text
    said = await id_chat.say("那丢了呢", "ask_guide")
    assert "【居民身份证丢失补领】" in said.text
    assert "40 元/证" in said.text, "what was asked before is asked of the other item"


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("有什么条件", "ask_conditions", "有效期满前后均可申请"),
        ("流程", "ask_process", "采集指纹"),
        ("在哪办", "ask_place", "安澜大道 188 号"),
        ("网上能办吗", "ask_online", "可以网上申请,要跑 1 趟(采集指纹和照片)"),
        ("能代办吗", "ask_proxy", "不能代办:须本人采集指纹"),
        ("办完给什么", "ask_result", "居民身份证,可以寄到家(到付)"),
        ("收费吗", "ask_fee", "工本费:20 元/证。减免:低保人员免收。"),
        ("几点开门", "ask_hours", "周一至周五 9:00–12:00、13:30–17:00;周六 9:00–12:00;周日休息"),
    ],
)
async def test_one_line_of_the_guide(id_chat: Chat, text: str, intent: str, expected: str) -> None:
    await id_chat.say(ID_EXPIRED)
    said = await id_chat.say(text, intent)
    assert expected in said.text
    assert "指南 2026-10-08 版" in said.text


async def test_several_questions_in_one_message_are_answered_in_one_reply(id_chat: Chat) -> None:
    await id_chat.say("身份证丢了怎么补")
    said = await id_chat.say("要带啥,多少钱,周末上班吗", "ask_materials")
    assert said.text.split("\n")[:4] == [
        "【居民身份证丢失补领】公安局",
        "带:居民户口簿",
        "收费:工本费 40 元/证",
        "12月5日(周六) 9:00–12:00 开;12月6日(周日)不开",
    ]


async def test_a_circumstance_is_asked_only_where_the_answer_depends_on_it(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    said = await id_chat.say("多久能好", "ask_time_limit")
    assert "户口在哪里?" in said.text
    assert said.titles == ["安澜区", "外地", "说不准,都列出来"]
    said = await id_chat.choose(2)
    assert "40 个工作日" in said.text
    assert "按您的情况:外地" in said.text


async def test_circumstances_are_remembered_and_not_asked_twice(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    await id_chat.say("要带什么", "ask_materials")
    said = await id_chat.pick("16 周岁以下孩子")
    assert "监护人身份证:原件、复印件 1 份" in said.text
    said = await id_chat.say("材料再说一遍", "ask_materials")
    assert "给谁办" not in said.text
    assert "监护人身份证" in said.text


async def test_a_short_answer_to_a_circumstance_counts_whatever_intent_was_seen_in_it(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    await id_chat.say("要带什么", "ask_materials")
    said = await id_chat.say("是小孩的", "lost_found")
    assert "按您的情况:16 周岁以下孩子" in said.text


async def test_a_circumstance_told_in_the_question_is_not_asked(id_chat: Chat) -> None:
    said = await id_chat.say("孩子的身份证到期了要带什么", "ask_materials")
    assert "监护人身份证" in said.text
    assert "给谁办" not in said.text


async def test_who_does_not_know_gets_all_materials_with_their_conditions(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    await id_chat.say("要带什么", "ask_materials")
    said = await id_chat.pick("说不准,都列出来")
    assert "监护人身份证:原件、复印件 1 份(16 周岁以下孩子才要)" in said.text
    assert "旧居民身份证:原件——领新证时交回" in said.text
    assert "系统能核对的,可以不带" in said.text
    assert "容缺:先受理,过后补交" in said.text


async def test_a_question_in_between_is_answered_and_the_open_one_goes_on(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    await id_chat.say("要带什么", "ask_materials")
    said = await id_chat.say("停车方便吗", "hall_info")
    assert said.text.startswith("地下一层 120 个车位。")
    assert "接着说【居民身份证到期换领】:给谁办?" in said.text
    said = await id_chat.choose(1)
    assert "按您的情况:16 周岁以上本人" in said.text


async def test_unsure_offers_candidates_that_answer_the_question_asked(id_chat: Chat) -> None:
    said = await id_chat.say("执照多少钱", "ask_fee")
    assert said.titles == ["个体工商户设立登记", "营业执照补领", "以上都不是"]
    said = await id_chat.choose(1)
    assert said.text.split("\n")[:2] == ["【个体工商户设立登记】市场监管局", "不收费。"]


async def test_a_few_words_pick_among_the_candidates(id_chat: Chat) -> None:
    await id_chat.say("执照多少钱", "ask_fee")
    said = await id_chat.say("补领的", "ask_guide")
    assert "【营业执照补领】" in said.text
    assert "目录里没有写收费" in said.text


async def test_a_follow_up_before_choosing_offers_the_same_candidates(id_chat: Chat) -> None:
    await id_chat.say("执照怎么办")
    said = await id_chat.say("能代办吗", "ask_proxy")
    assert said.titles == ["个体工商户设立登记", "营业执照补领", "以上都不是"]
    said = await id_chat.choose(1)
    assert "代办" in said.text


async def test_not_this_item_offers_what_else_it_may_have_been(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    said = await id_chat.pick("不是这件事")
    assert said.titles == ["居民身份证丢失补领", "以上都不是"]
    assert "居民身份证到期换领" not in said.titles
    said = await id_chat.pick("以上都不是")
    assert "都不是" in said.text
    assert "找工作人员" in said.titles
    assert id_chat.slots["item"] is None


async def test_without_an_item_the_question_is_kept_until_one_is_named(id_chat: Chat) -> None:
    said = await id_chat.say("要带啥,多少钱,周末上班吗", "ask_materials")
    assert "区政务服务中心主厅:12月5日(周六) 9:00–12:00 开" in said.text
    assert "您问的是哪件事" in said.text
    said = await id_chat.say("身份证丢了", "ask_guide")
    assert "带:居民户口簿" in said.text
    assert "收费:工本费 40 元/证" in said.text


async def test_where_the_catalogue_is_silent_it_says_so(id_chat: Chat) -> None:
    await id_chat.say("失业金怎么领")
    said = await id_chat.say("多久能办好", "ask_time_limit")
    assert "目录里没有写" in said.text
    said = await id_chat.say("要多少钱", "ask_fee")
    assert "目录里没有写收费" in said.text


async def test_an_amount_is_no_fee_and_is_found_in_the_common_questions(id_chat: Chat) -> None:
    said = await id_chat.say("失业金能领多少钱", "ask_fee")
    assert "每月 1800 元,最长 24 个月。" in said.text
    assert "收费" not in said.text


async def test_a_common_question_of_the_item_is_answered_in_its_words(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    said = await id_chat.say("证件照要不要自己带", "ask_conditions")
    assert "不用,窗口现场免费拍。" in said.text


async def test_what_was_asked_last_is_given_to_the_search_as_weak_evidence(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    await id_chat.say("营业执照呢", "ask_guide")
    assert id_chat.search.asked[-1][1] == "GA-1"


async def test_siblings_are_set_side_by_side(id_chat: Chat) -> None:
    id_chat.search.decisions = {"丢失": menu("GA-2", "GA-1"), "到期": menu("GA-1", "GA-2")}
    said = await id_chat.say("身份证到期换领和丢失补领有什么区别")
    lines = said.text.split("\n")
    assert lines[:2] == ["甲【居民身份证到期换领】", "乙【居民身份证丢失补领】"]
    assert "多久:一样,20 个工作日" in lines
    assert "收费:甲 工本费 20 元/证;乙 工本费 40 元/证" in lines
    assert "材料:都要 居民户口簿;甲另要 旧居民身份证" in lines


async def test_a_comparison_of_unknown_things_asks_which_two(id_chat: Chat) -> None:
    said = await id_chat.say("新办和换证有啥区别")
    assert "您要比哪两件事" in said.text


async def test_a_sibling_is_compared_with_the_item_spoken_of(id_chat: Chat) -> None:
    await id_chat.say(ID_EXPIRED)
    said = await id_chat.say("和丢失补领有什么不同")
    assert said.text.startswith("甲【居民身份证到期换领】\n乙【居民身份证丢失补领】")
