"""Working days (工作日) and counting by them, for limits in law and promises. Pure; days are local.

The State Council's calendar decides, with its holidays and shifted working days (调休). A centre that closes
for a day of its own, or opens on a Saturday (延时服务), changes nothing about a limit: only special days
without a scope (everywhere) count, a closed one as a holiday, one open as on a working day as one. In a year
that nobody has published yet, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

import chinese_calendar

from hall.centres.opening import calendar_covers
from hall.centres.schema import SpecialDay

_SATURDAY = 5
_NEXT = timedelta(days=1)


class CalendarUnknown(Exception):  # noqa: N818 - reads as the verdict it is
    """The count needs a year whose holidays nobody has published: `year`. An admin enters it."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not published")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """What decides whether a day is worked: days set by hand, and the years an admin has published."""

    set_days: Mapping[date, bool] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the day is worked. Raises CalendarUnknown."""
        if (by_hand := self.set_days.get(day)) is not None:
            return by_hand
        if calendar_covers(day.year):
            return bool(chinese_calendar.is_workday(day))
        if day.year in self.published:
            return day.weekday() < _SATURDAY
        raise CalendarUnknown(day.year)


def working_days_of(special_days: Iterable[SpecialDay], published: Iterable[int] = ()) -> WorkingDays:
    """The working days as the special days and the published years have them."""
    everywhere = [day for day in special_days if not (day.centre or day.hall or day.group)]
    # Open by hours of its own says when to come, not that the nation works.
    decided = {day.date: day.open for day in everywhere if not (day.open and day.hours)}
    return WorkingDays(MappingProxyType(decided), frozenset(published))


def add_working_days(calendar: WorkingDays, start: date, days: int) -> date:
    """The day on which a limit of `days` working days ends; the day of `start` is not counted.

    No days at all end on `start`. Raises CalendarUnknown, ValueError for less than none.
    """
    if days < 0:
        raise ValueError("a limit is no less than 0 days")
    day = start
    while days:
        day += _NEXT
        days -= calendar.is_working(day)
    return day


def working_days_between(calendar: WorkingDays, start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; negative where `end` is earlier.

    Raises CalendarUnknown.
    """
    if end < start:
        return -working_days_between(calendar, end, start)
    return sum(calendar.is_working(start + _NEXT * ahead) for ahead in range(1, (end - start).days + 1))
