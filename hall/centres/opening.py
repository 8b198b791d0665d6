"""Whether a hall is open, until when, and when it opens next. Pure; local time is Asia/Shanghai.

A day is decided in this order: a special day of the centre (the narrowest scope wins), then the State
Council's holidays and shifted working days (调休) as chinesecalendar has them, then the usual week. A year
that chinesecalendar does not cover is not guessed: its days are ``unknown``, and `spans` are what the usual
week would have. Once an admin has entered its special days and said so (`Schedule.published`), its other days
are as in any week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar

from hall.centres.schema import Counter, Hall, SpecialDay, WeeklyHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
# How far ahead the next opening is looked for: longer than any holiday.
_HORIZON_DAYS = 31
_MONDAY = 0

Span = tuple[time, time]

_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day. `reason`: why it is not the usual week (国庆节, 调休上班, a special day's note).

    ``unknown``: the State Council's calendar for the year is not known yet; `spans` are the usual ones.
    """

    day: date
    state: Literal["open", "closed", "unknown"]
    spans: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The state at a moment, aware moments in Asia/Shanghai.

    ``open`` until `closes`; ``before`` the first opening of the day, in the lunch ``break``, ``after`` the
    last closing, ``closed`` all day; ``unknown`` where nobody can say yet. `opens` is the next opening
    (None when it is not within a month); `opens_certain` is False where a day of an unknown year comes
    before it or it lies in one.
    """

    state: Literal["open", "before", "break", "after", "closed", "unknown"]
    today: DayHours
    closes: datetime | None = None
    opens: datetime | None = None
    opens_certain: bool = True


@dataclass(frozen=True, slots=True)
class Schedule:
    """Whose hours are asked for: the usual week and the special days that bear on it, narrowest first.

    `published`: years whose holidays and shifted days an admin has entered.
    """

    weekly: WeeklyHours
    special_days: tuple[SpecialDay, ...] = ()
    published: frozenset[int] = frozenset()


def schedule_of(
    hall: Hall,
    special_days: Iterable[SpecialDay],
    counter: Counter | None = None,
    *,
    published: frozenset[int] = frozenset(),
) -> Schedule:
    """The schedule of a hall, or of one of its counter groups, whose own hours override the hall's."""
    weekly = counter.hours if counter is not None and counter.hours is not None else hall.hours
    group = counter.group if counter is not None else ""
    bearing = [day for day in special_days if _bears_on(day, hall, group)]
    bearing.sort(key=lambda day: (not day.group, not day.hall, not day.centre))
    return Schedule(weekly, tuple(bearing), published)


def _bears_on(day: SpecialDay, hall: Hall, group: str) -> bool:
    if day.group and (day.group != group or day.hall != hall.code):
        return False
    return day.hall in {"", hall.code} and day.centre in {"", hall.centre}


def hours_on(schedule: Schedule, day: date) -> DayHours:
    """The hours of a day (a date in Asia/Shanghai)."""
    special = next((found for found in schedule.special_days if found.date == day), None)
    if special is not None:
        return _special(schedule, special)
    usual = schedule.weekly.on(day.weekday())
    known = _national(day)
    if known is None and day.year in schedule.published:
        return _open(day, usual, "")
    if known is None:
        return DayHours(day, "unknown", usual)
    holiday, name = known
    if holiday and name:
        return DayHours(day, "closed", (), name)
    if not holiday and day.weekday() >= 5:
        # A weekend day on which the nation works is worked as a weekday is, not as the short Saturday.
        return _open(day, schedule.weekly.on(_MONDAY), "调休上班")
    return _open(day, usual, "")


def _special(schedule: Schedule, special: SpecialDay) -> DayHours:
    day, note = special.date, special.note
    if not special.open:
        return DayHours(day, "closed", (), note)
    if special.hours:
        return _open(day, special.hours, note)
    weekday = day.weekday() if day.weekday() < 5 else _MONDAY
    return _open(day, schedule.weekly.on(weekday), note)


def _open(day: date, spans: tuple[Span, ...], reason: str) -> DayHours:
    return DayHours(day, "open" if spans else "closed", spans, reason)


@cache
def _national(day: date) -> tuple[bool, str] | None:
    """Whether the day is off and for which holiday; None for a year without a published calendar."""
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    return off, _HOLIDAYS.get(name, name) if name else ""


def calendar_covers(year: int) -> bool:
    """Whether the State Council's calendar of the year is known to this installation."""
    return _national(date(year, 1, 1)) is not None


def opening(schedule: Schedule, now: datetime) -> Opening:
    """The state at `now` (aware), and what comes next."""
    here = now.astimezone(SHANGHAI)
    today = hours_on(schedule, here.date())
    inside = next((span for span in today.spans if span[0] <= here.time() < span[1]), None)
    if today.state == "open" and inside is not None:
        return Opening("open", today, closes=_at(today.day, inside[1]))
    opens, certain = _next_opening(schedule, here)
    return Opening(_state(today, here.time()), today, opens=opens, opens_certain=certain)


def _state(today: DayHours, clock: time) -> Literal["before", "break", "after", "closed", "unknown"]:
    if today.state == "unknown":
        return "unknown"
    if not today.spans:
        return "closed"
    if clock < today.spans[0][0]:
        return "before"
    return "after" if clock >= today.spans[-1][1] else "break"


def _next_opening(schedule: Schedule, here: datetime) -> tuple[datetime | None, bool]:
    certain = True
    for ahead in range(_HORIZON_DAYS):
        found = hours_on(schedule, here.date() + timedelta(days=ahead))
        certain = certain and found.state != "unknown"
        for start, _ in found.spans:
            if _at(found.day, start) > here:
                return _at(found.day, start), certain
    return None, certain


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)
