"""The calendar on the page: a month of days, each with its state in a word. Pure; days are local."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from bot.clock import SHANGHAI
from bot.h5.wanted import Wanted
from hall.appointments.service import DaySlots, FreeSlot
from hall.wording import dates

State = Literal["free", "full", "closed", "unknown", "later", "past"]

_WORDS: Final[Mapping[State, str]] = {
    "free": "可约",
    "full": "约满",
    "closed": "休息",
    "unknown": "未定",
    "later": "未开放",
    "past": "",
}
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the grid; `href` where it can be chosen, `spoken` is what it is called in full."""

    day: date
    state: State
    word: str
    spoken: str
    href: str = ""
    chosen: bool = False
    today: bool = False

    @property
    def number(self) -> int:
        """The day of the month."""
        return self.day.day


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday with None for days of other months, and the addresses beside it."""

    name: str
    weeks: tuple[tuple[DayCell | None, ...], ...]
    earlier: str
    later: str
    earlier_name: str
    later_name: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """A time to come, by its start: a place is to be had at `href`, or where it is full to be waited for."""

    spoken: str
    note: str
    href: str
    free: bool


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a day by part of day; `wait_href` where nothing of the day is free any more."""

    heading: str
    parts: tuple[tuple[str, tuple[TimeChoice, ...]], ...]
    why: str = ""
    wait_href: str = ""


def state_of(found: DaySlots | None, day: date, *, today: date, places: int) -> State:
    """The state of a day; `found` is None for one beyond what can be booked."""
    if day < today:
        return "past"
    if found is None:
        return "later"
    if found.hours.state == "unknown":
        return "unknown"
    if found.hours.state == "closed":
        return "closed"
    if not found.slots:
        return "past"
    return "free" if any(slot.free >= places for slot in found.slots) else "full"


def month_of(
    days: Mapping[date, DaySlots],
    wanted: Wanted,
    first: date,
    *,
    chosen: date | None,
    today: date,
    last: date,
) -> Month:
    """The month that begins with `first`. `days` are those that can be booked, from today to `last`."""
    weeks = tuple(
        tuple(
            _cell(days.get(day), wanted, day, chosen=chosen, today=today)
            if day.month == first.month
            else None
            for day in week
        )
        for week in Calendar().monthdatescalendar(first.year, first.month)
    )
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    back, on = before >= today.replace(day=1), after <= last
    look = wanted.with_(day=None, starts=None)
    return Month(
        f"{first.year}年{first.month}月",
        weeks,
        look.with_(month=before).href(anchor="month") if back else "",
        look.with_(month=after).href(anchor="month") if on else "",
        f"{before.month}月",
        f"{after.month}月",
        any(one is not None and one.state == "unknown" for week in weeks for one in week),
    )


def _cell(found: DaySlots | None, wanted: Wanted, day: date, *, chosen: date | None, today: date) -> DayCell:
    state = state_of(found, day, today=today, places=wanted.places)
    why = found.hours.reason if found is not None and state == "closed" else ""
    word = _WORDS[state]
    spoken = f"{dates.dated(day)} {'已过' if state == 'past' else word}{f'({why})' if why else ''}"
    to_choose = state in {"free", "full"}
    href = wanted.with_(day=day, month=None, starts=None).href(anchor="times") if to_choose else ""
    return DayCell(day, state, word, spoken, href, day == chosen, day == today)


def first_free(days: Mapping[date, DaySlots], *, today: date, places: int) -> date | None:
    """The first day with room."""
    free = (day for day in sorted(days) if state_of(days[day], day, today=today, places=places) == "free")
    return next(free, None)


def times_of(found: DaySlots, wanted: Wanted, *, can_wait: bool) -> Times:
    """The times of a chosen day. `can_wait`: a full one can be waited for."""
    heading = dates.dated(found.hours.day)
    here = wanted.with_(day=None, month=None)
    choices = [(slot, _time(slot, here, can_wait=can_wait)) for slot in found.slots]
    parts = []
    for name, morning in (("上午", True), ("下午", False)):
        part = tuple(
            choice for slot, choice in choices if (slot.starts.astimezone(SHANGHAI).hour < _NOON) is morning
        )
        if part:
            parts.append((name, part))
    none_free = bool(found.slots) and not any(slot.free >= wanted.places for slot in found.slots)
    wait = (
        here.with_(starts=_local(found.slots[0].starts), wait="day").href("/confirm") if found.slots else ""
    )
    why = "" if found.slots else _nothing(found)
    if not (none_free and can_wait):
        return Times(heading, tuple(parts), why)
    wait = here.with_(starts=_local(found.slots[0].starts), wait="day").href("/confirm")
    return Times(heading, tuple(parts), why, wait)


def _time(slot: FreeSlot, wanted: Wanted, *, can_wait: bool) -> TimeChoice:
    begins = dates.clock(_local(slot.starts).time())
    there = wanted.with_(starts=_local(slot.starts))
    if slot.free >= wanted.places:
        return TimeChoice(begins, f"余 {slot.free}", there.href("/confirm"), True)
    note = "约满" if not slot.free else f"只剩 {slot.free}"
    if not can_wait:
        return TimeChoice(begins, note, "", False)
    return TimeChoice(begins, f"{note} · 候补", there.with_(wait="slot").href("/confirm"), False)


def _nothing(found: DaySlots) -> str:
    if found.hours.state == "closed":
        return f"这天不开({found.hours.reason})" if found.hours.reason else "这天不开"
    if found.hours.state == "unknown":
        return f"{found.hours.day.year} 年的放假安排还没公布,公布后才能约"
    return "这天能约的时间已经过了"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)
