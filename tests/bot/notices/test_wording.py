from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.notices.facts import Facts
from bot.notices.templates import VALUES, Template, filled
from bot.notices.wording import AGAIN, template_values, worded
from bot.replies import Utterance, render
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.notices.service import Kind
from tests.bot.notices.desk import NOW, STARTS, view

VALUES_OF_A_NOTICE = {
    "item": "ID-1",
    "hall": "main",
    "group": "A2",
    "starts": STARTS.isoformat(),
    "was": (STARTS - timedelta(hours=1)).isoformat(),
    "number": "A012",
    "window": "6 号窗口",
    "ahead": "3",
    "minutes": "10",
    "until": (NOW + timedelta(minutes=15)).isoformat(),
    "reason": "停电检修",
}


def facts(**changes: str) -> Facts:
    return Facts(VALUES_OF_A_NOTICE | changes, view(), NOW, "K7M2QX")


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_something_that_fits_one_message(kind: Kind) -> None:
    said = worded(kind, "booking:12", facts(reason="原" * 300), again=True)
    assert said.text.startswith(AGAIN)
    assert "None" not in said.text
    assert 0 < len(said.short) <= 20
    assert "!" not in said.text
    for tappable in (True, False):
        rendered = render([Utterance(said.text, said.ways)], key="abcdef", tappable=tappable)
        assert len(rendered.parts) == 1


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_said_with_nothing_known(kind: Kind) -> None:
    said = worded(kind, "booking:12", Facts({}, CatalogueView.of([]), NOW))
    assert said.text
    assert "None" not in said.text


def test_the_longest_names_still_fit_one_message() -> None:
    long = CatalogueView.of([Item(code="ID-1", name="证" * 300)])
    for kind in Kind:
        said = worded(kind, "booking:12", Facts(VALUES_OF_A_NOTICE, long, NOW, "K7M2QX"), again=True)
        assert len(render([Utterance(said.text, said.ways)], key="abcdef", tappable=True).parts) == 1


def test_a_reminder_says_when_where_and_what_to_show_and_can_be_changed_in_one_tap() -> None:
    said = worded(Kind.REMINDER_EVENING, "booking:12", facts())
    assert said.text == (
        "提醒您,约好了办【居民身份证到期换领】:\n"
        "明天(周三) 9:30,主厅 一楼 A 区 5–8 号窗口\n"
        "签到码 K7M2QX,到大厅报给导办台或在取号机上输入。\n"
        "来不了请改约或取消,把位子让给别人。"
    )
    assert [(way.title, way.payload) for way in said.ways] == [
        ("改约", '/change_appointment{"value": "12"}'),
        ("取消预约", '/cancel_appointment{"value": "12"}'),
    ]


def test_calling_soon_says_how_many_and_how_long() -> None:
    said = worded(Kind.CALLING_SOON, "ticket:main:7", facts())
    assert "A012 号" in said.text
    assert "前面还有 3 位,大约 10 分钟。" in said.text
    assert "下一个就是您" in worded(Kind.CALLING_SOON, "ticket:main:7", facts(ahead="0")).text


def test_passed_over_says_whether_there_is_a_way_back() -> None:
    once = worded(Kind.PASSED, "ticket:main:7", facts(state="passed"))
    assert [way.title for way in once.ways] == ["回到队里"]
    twice = worded(Kind.PASSED, "ticket:main:7", facts(state="missed"))
    assert "回到队里" not in twice.text
    assert [way.title for way in twice.ways] == ["重新取号"]


def test_who_was_passed_learns_where_they_come_back() -> None:
    once = worded(Kind.PASSED, "ticket:main:7", facts(state="passed"))
    assert "排在前面 3 位之后" in once.text
    assert [way.payload for way in once.ways] == ['/take_ticket{"do": "rejoin", "value": "7"}']


def test_a_call_names_the_window_and_whether_it_is_the_first() -> None:
    assert "请到 6 号窗口" in worded(Kind.CALLED, "ticket:main:7", facts(window="6")).text
    assert worded(Kind.CALLED, "ticket:main:7", facts(state="recalled")).text.startswith("再叫您一次")


def test_a_closed_day_says_whether_it_was_moved() -> None:
    moved = worded(Kind.DAY_CLOSED, "booking:12", facts())
    assert "改到了 明天(周三) 9:30" in moved.text
    cancelled = worded(Kind.DAY_CLOSED, "booking:12", facts(starts=""))
    assert "只能取消" in cancelled.text
    assert [json.loads(way.payload.partition("book_appointment")[2]) for way in cancelled.ways] == [
        {"item": "ID-1"}
    ]


def test_what_the_centre_moved_says_who_did_it_and_why() -> None:
    by_centre = worded(Kind.BOOKING_CHANGED, "booking:12", facts(reason="窗口停电"))
    assert "是中心改的,原因:窗口停电。" in by_centre.text
    assert "中心改的" not in worded(Kind.BOOKING_CHANGED, "booking:12", facts(reason="")).text


def test_fields_are_cut_to_what_their_type_takes() -> None:
    template = Template(
        id="t",
        fields={
            "thing1": "reason",
            "number2": "ahead",
            "character_string3": "number",
            "time4": "starts",
            "phrase5": "=请尽快到窗口来",
            "thing6": "hall",
        },
    )
    said = worded(Kind.CALLED, "ticket:main:7", facts())
    values = template_values(facts(reason="很长" * 20, ahead="约 3 位", number="甲A012", hall="?"), said)
    assert filled(template, values) == {
        "thing1": ("很长" * 10)[:19] + "…",
        "number2": "3",
        "character_string3": "A012",
        "time4": "12月2日(周三)9:30",
        "phrase5": "请尽快到…",
        "thing6": "—",
    }
    assert set(values) == set(VALUES)


def test_a_field_that_holds_nothing_known_is_refused_with_the_settings() -> None:
    with pytest.raises(ValueError, match="fields"):
        Template(id="t", fields={"thing1": "phone"})
