"""Parts of a year: 上半年, 一季度, 春天, 下个季度."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from nlu.times.numerals import number
from nlu.times.occurrences import Dates, Period, add_months
from nlu.times.rules import Found
from nlu.times.workdays import Workdays

_PART = re.compile(
    r"(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|(?P<season>[春夏秋冬])(?:天|(?<=[年的][春夏秋冬])季)"
)
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}


def part_of_year(text: str, position: int, years: Callable[[date], Iterator[int]]) -> Found[Dates] | None:
    """A half, a quarter or a season of one of the years. Winter is December to February."""
    match = _PART.match(text, position)
    if match is None:
        return None
    if match["half"]:
        return Found(_months(7 if match["half"] == "下" else 1, 6, years), match.end())
    if match["quarter"]:
        return Found(_months(3 * number(match["quarter"]) - 2, 3, years), match.end())
    return Found(_months(_SEASONS[match["season"]], 3, years), match.end())


def quarter_away(quarters: int) -> Dates:
    """The quarter so many from this one."""

    def occur(today: date, _: Workdays) -> Iterator[Period]:
        this = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        yield Period(add_months(this, 3 * quarters), add_months(this, 3 * quarters + 3))

    return Dates("day", occur)


def _months(first: int, length: int, years: Callable[[date], Iterator[int]]) -> Dates:
    def occur(today: date, _: Workdays) -> Iterator[Period]:
        for year in years(today):
            begin = date(year, first, 1)
            yield Period(begin, add_months(begin, length))

    return Dates("day", occur)
