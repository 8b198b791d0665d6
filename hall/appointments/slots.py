"""Slots (号源): the half-hours of a day that can be booked, and how many come in each. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hall.appointments.rules import BookingRules
from hall.centres.opening import SHANGHAI, DayHours

_NUMBERS = re.compile(r"(\d+)(?:\s*[–—~至-]\s*[A-Z]?(\d+))?(?=[\dA-Z\s、,和及–—~至-]*号)")
_MOST_COUNTERS = 200


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot as it can be booked: aware moments, and how many places are free."""

    hall: str
    group: str
    starts: datetime
    ends: datetime
    free: int


@dataclass(frozen=True, slots=True)
class DaySlots:
    """A day's hours and its slots that have not begun; full ones have 0 free."""

    hours: DayHours
    slots: tuple[FreeSlot, ...] = ()


def starts_on(hours: DayHours, rules: BookingRules) -> tuple[datetime, ...]:
    """The starts of a day's slots, in order; none on a day that is closed or of an unpublished year.

    A span's slots begin with it; what is left at its end is too short to be booked.
    """
    if hours.state != "open":
        return ()
    found = []
    for opens, closes in hours.spans:
        start = datetime.combine(hours.day, opens, SHANGHAI)
        end = datetime.combine(hours.day, closes, SHANGHAI)
        while start + rules.slot <= end:
            found.append(start)
            start += rules.slot
    return tuple(found)


def counters_in(name: str) -> int:
    """How many counters a group has by its name: A 区 5–8 号窗口 has four. One where it is silent."""
    words = unicodedata.normalize("NFKC", name)
    total = 0
    for first, last in _NUMBERS.findall(words):
        total += max(1, int(last or first) - int(first) + 1)
    return min(max(1, total), _MOST_COUNTERS)


def bookable_until(now: datetime, rules: BookingRules) -> date:
    """The last day that can be booked (a date in Asia/Shanghai)."""
    return now.astimezone(SHANGHAI).date() + timedelta(days=rules.horizon_days)


def earliest_start(now: datetime, rules: BookingRules) -> datetime:
    """What starts before this (or then) can no longer be booked."""
    return now + timedelta(minutes=rules.lead_minutes)


def local_day(moment: datetime) -> date:
    """The day of a moment in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).date()
