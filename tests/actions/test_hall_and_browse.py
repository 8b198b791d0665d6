from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.actions.chat import Chat, answer

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-12-02T08:00", "今天 9:00–12:00、13:30–17:00 开"),
        ("2026-12-02T10:15", "现在开着,12:00–13:30 午休,今天开到 17:00"),
        ("2026-12-02T12:30", "现在午休,今天 13:30–17:00 开"),
        ("2026-12-02T14:00", "现在开着,今天开到 17:00"),
        ("2026-12-02T18:00", "今天已经下班,明天(周四) 9:00 开"),
        ("2026-12-06T10:00", "今天不开,明天(周一) 9:00 开"),
        ("2026-12-09T10:00", "今天不开(系统升级),明天(周四) 9:00 开"),
        ("2026-10-01T10:00", "今天不开(国庆节)"),
        ("2026-10-10T15:00", "现在开着,今天开到 17:00(调休上班)"),
        ("2031-03-05T10:00", "今天放假安排还没公布,平常 9:00–12:00、13:30–17:00"),
    ],
)
async def test_open_now_is_said_by_the_clock_and_the_calendar(chat: Chat, when: str, expected: str) -> None:
    chat.now = datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)
    said = await chat.say("现在开门吗", "hall_info")
    assert f"区政务服务中心主厅:{expected}" in said.text.replace("、东门街道便民服务站:", ":")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周末上班吗", "12月5日(周六) 9:00–12:00 开;12月6日(周日)不开"),
        ("明天开门吗", "明天(周四) 9:00–12:00、13:30–17:00 开"),
        ("下周三上班吗", "12月9日(周三)不开(系统升级)"),
        ("12月7日开不开", "12月7日(周一) 9:00–12:00、13:30–17:00 开"),
        ("中午上班吗", "中午 12:00–13:30 休息,下午 13:30 开"),
        ("元旦上班吗", "元旦的放假安排还没公布"),
    ],
)
async def test_hours_of_the_day_that_was_asked_for(chat: Chat, text: str, expected: str) -> None:
    said = await chat.say(text, "ask_hours")
    assert expected in said.text


async def test_hours_of_a_holiday_name_its_days_and_what_follows(chat: Chat) -> None:
    chat.now = datetime(2026, 9, 20, 9, 0, tzinfo=SHANGHAI)
    said = await chat.say("国庆上班吗", "ask_hours")
    assert "国庆节 10月1日(周四)到 10月7日(周三)不开,10月8日(周四) 9:00–12:00、13:30–17:00 开" in said.text


async def test_a_hall_is_told_by_the_name_that_tells_it_apart(chat: Chat) -> None:
    said = await chat.say("东门站周六开吗", "hall_info")
    assert said.text.startswith("东门街道便民服务站:12月5日(周六)不开")
    assert "主厅" not in said.text


async def test_the_nearer_hall_comes_first_where_the_position_is_known(chat: Chat) -> None:
    said = await chat.say("哪个近", "hall_info")
    assert "发来您的位置" in said.text
    chat.position = (31.841, 117.269)
    said = await chat.send("/hall_info")
    first, second = said.text.split("\n")[1:3]
    assert first.startswith("· 东门街道便民服务站(东门大街 72 号),约 100 米:现在开着")
    assert second.startswith("· 区政务服务中心主厅")
    assert "公里" in second


async def test_only_halls_that_do_the_item_are_near(chat: Chat) -> None:
    chat.slots = {"item": "GA-2"}
    said = await chat.say("附近哪里能办", "hall_info")
    assert "能办【居民身份证丢失补领】的点" in said.text
    assert "东门" not in said.text


@pytest.mark.parametrize(("text", "expected"), [("车停哪里", "120 个车位"), ("无线密码是多少", "AnLan-Free")])
async def test_small_things_about_the_hall(chat: Chat, text: str, expected: str) -> None:
    said = await chat.say(text, "hall_info")
    assert expected in said.text


async def test_topics_lead_to_their_items(chat: Chat) -> None:
    said = await chat.send('/ask_guide{"topic": "*"}')
    assert said.titles == ["户籍身份", "开办企业"]
    said = await chat.choose(2)
    assert said.titles == ["个体工商户设立登记", "营业执照补领"]
    said = await chat.choose(1)
    assert "【个体工商户设立登记】" in said.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("户口能办哪些业务", ["居民身份证到期换领", "居民身份证丢失补领"]),
        ("市场监管能办什么", ["个体工商户设立登记", "营业执照补领"]),
        ("都能办些什么", ["户籍身份", "开办企业"]),
        ("户籍身份", ["居民身份证到期换领", "居民身份证丢失补领"]),
    ],
)
async def test_asked_what_there_is_it_lists_topic_or_department(
    chat: Chat, text: str, expected: list[str]
) -> None:
    said = await chat.say(text)
    assert said.titles == expected


async def test_a_life_event_lists_the_items_that_exist_in_their_order(chat: Chat) -> None:
    said = await chat.say("开饭店要办哪些证")
    assert "【开饭店】要办的事,按先后:\n· 个体工商户设立登记:先办执照" in said.text
    assert said.titles == ["个体工商户设立登记"]


async def test_an_item_beyond_doubt_comes_before_the_life_event_where_one_line_is_asked(chat: Chat) -> None:
    chat.search.decisions = {"饭店": answer("SC-1")}
    said = await chat.say("开饭店多少钱", "ask_fee")
    assert "【个体工商户设立登记】" in said.text


async def test_long_lists_are_paged_by_four(chat: Chat) -> None:
    from actions.answers import paged
    from actions.memory import Memory
    from actions.turn import Turn, Way

    ways = [Way.to(str(number), "ask_guide", item=str(number)) for number in range(1, 11)]
    more = Way.to("更多", "ask_guide", topic="户籍身份")
    shown = []
    page = "1"
    for _ in range(3):
        turn = Turn(desk=chat.desk(), memory=Memory(), payload={"page": page})
        four = paged(turn, ways, more)
        shown += [way.title for way in four[:-1]]
        page = str(int(page) + 1)
        assert f'"page": "{page if int(page) <= 3 else 1}"' in four[-1].payload
    assert shown == [str(number) for number in range(1, 11)]
