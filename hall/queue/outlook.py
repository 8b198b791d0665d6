"""For one who has not set out: how long it would take now, and when it is quiet as a rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.centres.opening import DayHours
from hall.queue.errors import QueueShut
from hall.queue.estimating import outlined
from hall.queue.groups import group_day, require_tickets
from hall.queue.models import QueueHour
from hall.queue.rules import QueueRules, QueueTerms
from hall.queue.views import Wait

_NOON = 12


@dataclass(frozen=True, slots=True)
class UsualHour:
    """An hour of a weekday (0 is Monday; local): on so many days, so many people, who waited so long."""

    weekday: int
    hour: int
    days: int
    people: float
    minutes: float


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A morning or an afternoon of a weekday: the mean people an hour, and the mean minutes they waited."""

    weekday: int
    part: Literal["morning", "afternoon"]
    people: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What somebody hears who asks before setting out.

    `wait` is None where no counter is open; `shut` says why no tickets are given now ("" where they are).
    `quiet` and `busy` are half days, the quietest and the busiest first, and empty where there is no history
    yet; `hours` is what they were made of.
    """

    hall: str
    group: str
    today: DayHours
    shut: str
    opens: datetime | None
    waiting: int
    windows: int
    wait: Wait | None
    quiet: tuple[HalfDay, ...]
    busy: tuple[HalfDay, ...]
    hours: tuple[UsualHour, ...]

    @property
    def has_history(self) -> bool:
        """Whether anything is known of quiet times."""
        return bool(self.hours)


async def outlook(
    session: AsyncSession, hall: str, group: str, *, now: datetime, rules: QueueRules | None = None
) -> Outlook:
    """How it stands at a counter group, and when it is quiet. Raises UnknownGroup."""
    terms = QueueTerms(now, rules or QueueRules())
    day = await group_day(session, hall, group, terms)
    shut, opens = "", None
    try:
        await require_tickets(session, hall, group, terms)
    except QueueShut as error:
        shut, opens = error.why, error.opens
    outline = await outlined(session, hall, terms, arriving=(group,))
    hours = await usual_hours(session, hall, group, terms)
    halves = half_days(hours)
    return Outlook(
        hall=hall,
        group=group,
        today=day.hours,
        shut=shut,
        opens=opens,
        waiting=len(outline.numbers(group)),
        windows=outline.open_windows(group),
        wait=outline.arriving.get(group),
        quiet=halves[: len(halves) // 2],
        busy=tuple(reversed(halves[len(halves) // 2 :])),
        hours=hours,
    )


async def usual_hours(
    session: AsyncSession, hall: str, group: str, terms: QueueTerms
) -> tuple[UsualHour, ...]:
    """The hours of the week as they were of late; those seen on too few days are left out."""
    first = terms.day - timedelta(weeks=terms.rules.history_weeks)
    rows = await session.scalars(
        select(QueueHour).where(
            QueueHour.hall_code == hall,
            QueueHour.group_code == group,
            QueueHour.day >= first,
            QueueHour.day < terms.day,
        )
    )
    found: dict[tuple[int, int], list[QueueHour]] = defaultdict(list)
    days: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        found[row.day.weekday(), row.hour].append(row)
        days[row.day.weekday()].add(row.day)
    return tuple(
        _usual(weekday, hour, len(days[weekday]), seen)
        for (weekday, hour), seen in sorted(found.items())
        if len(days[weekday]) >= terms.rules.history_days
    )


def _usual(weekday: int, hour: int, days: int, seen: list[QueueHour]) -> UsualHour:
    # A day on which nobody came in that hour has no row, and counts as a quiet one.
    called = sum(row.called for row in seen)
    waited = sum(row.called * row.waited_minutes for row in seen)
    return UsualHour(
        weekday, hour, days, sum(row.taken for row in seen) / days, waited / called if called else 0.0
    )


def half_days(hours: tuple[UsualHour, ...]) -> tuple[HalfDay, ...]:
    """The mornings and afternoons of the week, the quietest first."""
    parts: dict[tuple[int, Literal["morning", "afternoon"]], list[UsualHour]] = defaultdict(list)
    for hour in hours:
        parts[hour.weekday, "morning" if hour.hour < _NOON else "afternoon"].append(hour)
    halves = [_half(weekday, part, found) for (weekday, part), found in parts.items()]
    return tuple(sorted(halves, key=lambda half: (half.minutes, half.people, half.weekday)))


def _half(weekday: int, part: Literal["morning", "afternoon"], hours: list[UsualHour]) -> HalfDay:
    people = sum(hour.people for hour in hours)
    waited = sum(hour.people * hour.minutes for hour in hours)
    return HalfDay(weekday, part, people / len(hours), waited / people if people else 0.0)
