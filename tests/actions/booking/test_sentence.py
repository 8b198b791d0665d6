"""What a sentence says about a visit."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from actions.booking.sentence import Said, read_sentence, without_ruled_out
from hall.centres.opening import SHANGHAI

# A Wednesday.
NOW = datetime(2026, 12, 2, 10, 15, tzinfo=SHANGHAI)


def said(text: str, day: date | None = None) -> Said:
    return read_sentence(text, NOW, day)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "first", "before", "exact"),
    [
        ("我想约下周三上午办护照,两个人", at(12, 9, 8), at(12, 9, 12), False),
        ("帮我妈约后天九点半换身份证", at(12, 4, 9, 30), at(12, 4, 9, 31), True),
        ("明天三点", at(12, 3, 15), at(12, 3, 16), True),
        ("周三不行,周四吧", at(12, 3), at(12, 4), False),
        ("不要周四,周五", at(12, 4), at(12, 5), False),
        ("把周四的预约换到周五", at(12, 4), at(12, 5), False),
        ("约一下周三下午", at(12, 2, 12), at(12, 2, 18), False),
        ("约一下下周三下午", at(12, 9, 12), at(12, 9, 18), False),
    ],
)
def test_the_wanted_time(text: str, first: datetime, before: datetime, exact: bool) -> None:
    wanted = said(text).wanted
    assert wanted is not None
    assert (wanted.first, wanted.before, wanted.exact) == (first, before, exact)
    assert not wanted.past


def test_a_bare_clock_belongs_to_the_day_spoken_of() -> None:
    for text, clock in {"三点": (15, 0), "9:30": (9, 30), "十点": (10, 0), "下午两点半": (14, 30)}.items():
        wanted = said(text, date(2026, 12, 9)).wanted
        assert wanted is not None
        assert wanted.first == at(12, 9, *clock)


def test_a_clock_that_has_passed_today_is_meant_of_another_day() -> None:
    wanted = said("九点", date(2026, 12, 2)).wanted
    assert wanted is not None
    assert wanted.first == at(12, 3, 9)
    assert not wanted.past


def test_what_is_over_and_what_nobody_knows_yet_is_told_apart() -> None:
    wanted = said("上周三").wanted
    assert wanted is not None
    assert wanted.past
    assert said("明年国庆后第一个工作日").unknown_year == 2027
    doubtful = said("12月3日周五").wanted
    assert doubtful is not None
    assert doubtful.doubtful


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("两个人", 2),
        ("我们俩", 2),
        ("我和我老公一共2人", 2),
        ("改成一个人", 1),
        ("就我自己去", 1),
        ("五个人", 5),
        ("十二月三号", None),
        ("办人民调解", None),
        ("一个人民政府的章", None),
        ("本人办", None),
    ],
)
def test_how_many_people_come(text: str, places: int | None) -> None:
    assert said(text).places == places


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("我想约下周三上午办护照,两个人", "护照"),
        ("帮我妈约后天九点半换身份证", "换身份证"),
        ("预约办护照换发", "护照换发"),
        ("我要给孩子上户口", "给孩子上户口"),
        ("我要预约", ""),
        ("给我约个最早的", ""),
        ("下午三点", ""),
    ],
)
def test_what_is_left_may_name_an_item(text: str, rest: str) -> None:
    assert said(text).rest == rest


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("不是护照是身份证", "身份证"),
        ("不是这个,我要办居住证", "居住证"),
        ("改办身份证", "身份证"),
        ("换成周四", ""),
        ("改成一个人", ""),
        ("护照", ""),
    ],
)
def test_the_item_that_is_meant_instead(text: str, instead: str) -> None:
    assert said(text).instead == instead


@pytest.mark.parametrize(
    "text", ["确认", "好的", "可以,谢谢", "就这样吧", "OK", "嗯嗯", "没问题", "约吧", "是的"]
)
def test_yes(text: str) -> None:
    assert said(text).yes
    assert not said(text).no


@pytest.mark.parametrize("text", ["不", "不对", "不行", "先不要", "等等", "不是"])
def test_no(text: str) -> None:
    assert said(text).no
    assert not said(text).yes


@pytest.mark.parametrize("text", ["不约了", "先不约", "先不约了", "我不约了吧", "取消预约"])
def test_who_does_not_want_to_any_more(text: str) -> None:
    assert said(text.removeprefix("我")).quits


@pytest.mark.parametrize(
    "text", ["确认一下停车方便吗", "好的那要带什么", "不是北京户口能办吗", "是不是要本人去"]
)
def test_a_question_is_neither_yes_nor_no(text: str) -> None:
    assert not said(text).yes
    assert not said(text).no
    assert not said(text).quits


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("换个时间", "other_time"),
        ("别的日子呢", "other_time"),
        ("不要周三", "other_time"),
        ("换个大厅", "other_hall"),
        ("有没有别的地方", "other_hall"),
        ("越快越好", "soonest"),
        ("随便", "anytime"),
        ("改到后天同一时间", "same_clock"),
    ],
)
def test_wishes_that_name_nothing(text: str, field: str) -> None:
    assert getattr(said(text), field)


def test_earlier_and_later() -> None:
    assert said("早一点行吗").shift == -1
    assert said("再晚一点").shift == 1
    assert said("明天早一点").shift == 0


@pytest.mark.parametrize(
    ("text", "left"),
    [("不去西湖站了,换主厅", "换主厅"), ("从主厅换到西湖站", "换到西湖站"), ("把主厅改成东门", "改成东门")],
)
def test_what_is_ruled_out_is_not_what_is_meant(text: str, left: str) -> None:
    assert without_ruled_out(text).strip() == left


def test_identity_and_telephone_numbers_are_no_times() -> None:
    for text in ("张三 110101199003077774 13800138000", "110101199003077774"):
        assert said(text).wanted is None
        assert said(text).places is None
