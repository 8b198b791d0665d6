"""Days of the year that go by a name, and when they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from nlu.times import lunar

Find = Callable[[int], date | None]


def _fixed(month: int, day: int) -> Find:
    return lambda year: date(year, month, day)


def _lunar(month: int, day: int) -> Find:
    return lambda year: lunar.solar(year, month, day)


def _weekday(month: int, place: int, weekday: int) -> Find:
    """The `place`-th such weekday of a month (the second Sunday of May)."""

    def find(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (place - 1))

    return find


def _term(month: int, constant: float, exceptions: dict[int, int]) -> Find:
    """A solar term (节气) of this century by the usual formula, with the years in which that is a day off."""

    def find(year: int) -> date | None:
        if not 2000 <= year < 2100:
            return None
        short = year % 100
        leap_days = (short - (month < 3)) // 4
        day = int(short * 0.2422 + constant) - leap_days + exceptions.get(year, 0)
        return date(year, month, day)

    return find


new_year = _lunar(1, 1)
"""The lunar new year (春节)."""

_NO_DAY = (
    r"[路街村号点月日个班社工百千万]|广场|大道|小区|新村|公园|小学|幼儿园"
    r"|[一二三四五六七八九十\d](?![一二三四五六七八九十\d]?\s?[点:])"
)
"""五一路 is a street, 五一二 a number."""

_THAT_DAY = r"(?=[当那]天|之?[前后]|以[前后]|过后|期间|[上下]午|晚上)"
"""双十一 alone is a sale."""

PUBLIC: dict[str, Find] = {
    "元旦节?|公历新年": _fixed(1, 1),
    "春节|大?年初一|正月初一|过年(?![货饭礼费])": new_year,
    "除夕夜?|大年三十|年三十|大年夜": lambda year: lunar.last_day(year - 1),
    "清明节?": _term(4, 4.81, {}),
    rf"(?:五一(?:国际)?)?劳动节|五一节?(?!{_NO_DAY})": (_fixed(5, 1)),
    "(?:五月(?:初五)?)?端午节?": _lunar(5, 5),
    "(?:八月(?:十五)?)?中秋节?": _lunar(8, 15),
    r"(?:十一)?国庆节?|十一(?=假期|期间|小?长假|黄金周|放假|之?[前后]|以[前后]|过后|[当那]天)": _fixed(10, 1),
}
"""Names (regular expressions over folded text) of the days with days off (《全国年节及纪念日放假办法》)."""

OTHER: dict[str, Find] = {
    "情人节": _fixed(2, 14),
    "元宵节?|正月十五": _lunar(1, 15),
    "三八(?:国际)?妇女节|三八节|妇女节": _fixed(3, 8),
    "植树节": _fixed(3, 12),
    "愚人节": _fixed(4, 1),
    "五四青年节|青年节": _fixed(5, 4),
    "母亲节": _weekday(5, 2, 6),
    rf"(?:六一(?:国际)?)?儿童节|六一节?(?!{_NO_DAY})": (_fixed(6, 1)),
    "父亲节": _weekday(6, 3, 6),
    "建党节|七一建党节": _fixed(7, 1),
    "建军节|八一建军节": _fixed(8, 1),
    "七夕节?": _lunar(7, 7),
    "教师节": _fixed(9, 10),
    "(?:九月(?:初九)?)?重阳节?": _lunar(9, 9),
    "万圣节": _fixed(11, 1),
    rf"光棍节|双(?:十一|11){_THAT_DAY}": _fixed(11, 11),
    "感恩节": _weekday(11, 4, 3),
    rf"双(?:十二|12){_THAT_DAY}": _fixed(12, 12),
    "立春": _term(2, 3.87, {}),
    "惊蛰": _term(3, 5.63, {}),
    "春分": _term(3, 20.646, {2084: 1}),
    "谷雨": _term(4, 20.1, {}),
    "立夏": _term(5, 5.52, {}),
    "夏至": _term(6, 21.37, {}),
    "立秋": _term(8, 7.5, {2002: 1}),
    "秋分": _term(9, 23.042, {}),
    "霜降": _term(10, 23.438, {2089: 1}),
    "立冬": _term(11, 7.438, {2089: 1}),
    "冬至节?": _term(12, 21.94, {2021: -1}),
    "平安夜": _fixed(12, 24),
    "圣诞节?": _fixed(12, 25),
    "腊八节?": _lunar(12, 8),
}

_NAMED = [
    *((name, find, True) for name, find in PUBLIC.items()),
    *((name, find, False) for name, find in OTHER.items()),
]
NAME = re.compile("|".join(f"({name})" for name, _, _ in _NAMED))
FIRST = "元公春大年正除清五劳端中十国情三妇植愚青母六儿父建七八教重万光双感冬平圣腊过立惊谷夏秋霜九"


def named(found: re.Match[str]) -> tuple[Find, bool]:
    """When the holiday that `NAME` found is, and whether it is a public one."""
    _, find, public = _NAMED[(found.lastindex or 1) - 1]
    return find, public
