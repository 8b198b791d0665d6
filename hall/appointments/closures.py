"""Closing a day, or shortening it, when citizens are booked on it: what becomes of them is asked first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.availability import Quota, nearest_at
from hall.appointments.changing import move_to
from hall.appointments.counters import counter_place, hours_with
from hall.appointments.errors import BookingsAffected, NoSuchCounter, ReasonMissing
from hall.appointments.locks import lock_bookings, lock_slots, shut
from hall.appointments.models import Booking
from hall.appointments.occupancy import still_open
from hall.appointments.records import note, wish_again
from hall.appointments.rules import Terms
from hall.appointments.slots import FreeSlot
from hall.appointments.telling import tell_closed
from hall.appointments.views import Appointment
from hall.calendar.service import DaysReport, published_years, set_days, special_days
from hall.centres.opening import SHANGHAI, DayHours
from hall.centres.schema import SpecialDay
from hall.centres.special_days import scope_of

Decision = Literal["move", "cancel"]


@dataclass(frozen=True, slots=True)
class Moved:
    """An appointment that was moved, from when it was."""

    booking: Appointment
    was: datetime


@dataclass(frozen=True, slots=True)
class Became:
    """What became of bookings that lost their time.

    `without_place` found no free time within the horizon and were cancelled as well.
    """

    moved: tuple[Moved, ...] = ()
    cancelled: tuple[Appointment, ...] = ()
    without_place: tuple[Appointment, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of the citizens who were booked: all of them are to be told.

    `without_place` found no free time within the horizon and were cancelled as well.
    """

    days: DaysReport
    moved: tuple[Moved, ...] = ()
    cancelled: tuple[Appointment, ...] = ()
    without_place: tuple[Appointment, ...] = ()


async def affected_by(
    session: AsyncSession, days: Sequence[SpecialDay], *, terms: Terms
) -> tuple[Appointment, ...]:
    """Who is booked where the counters would no longer be open if these days were set; nothing is changed."""
    return tuple(Appointment.of(row) for row in await _affected(session, days, terms))


async def set_days_with_bookings(
    session: AsyncSession,
    days: Sequence[SpecialDay],
    *,
    decision: Decision | None,
    by: str,
    why: str,
    terms: Terms,
) -> Closed:
    """Set days by an admin's hand, and do with the bookings they affect what was decided.

    ``move``: to the nearest free time at the same counters; ``cancel``. Nobody books meanwhile. A transaction
    of its own. Raises BookingsAffected where somebody is and nothing was decided (and sets nothing),
    FileRefused for a scope that does not exist, ReasonMissing.
    """
    if not by.strip() or not why.strip():
        raise ReasonMissing("who closes a day is named and says why")
    await shut(session)
    rows = await _affected(session, days, terms)
    if rows and decision is None:
        raise BookingsAffected(tuple(Appointment.of(row) for row in rows))
    report = await set_days(session, days)
    became = await carry_out(session, rows, decision=decision, by=by, why=why, terms=terms)
    return Closed(report, became.moved, became.cancelled, became.without_place)


async def carry_out(
    session: AsyncSession,
    rows: Sequence[Booking],
    *,
    decision: Decision | None,
    by: str,
    why: str,
    terms: Terms,
) -> Became:
    """Do with these bookings what was decided, once the new hours stand and nobody books meanwhile."""
    closing = _Closing(by, why.strip(), terms)
    moved: list[Moved] = []
    cancelled: list[Appointment] = []
    without: list[Appointment] = []
    for row in await lock_bookings(session, [row.id for row in rows]):
        if row.state not in {"held", "confirmed"}:
            continue  # checked in a moment ago
        was = row.starts
        if decision == "move" and await closing.moved(session, row):
            moved.append(Moved(Appointment.of(row), was))
            continue
        await closing.cancel(session, row)
        (without if decision == "move" else cancelled).append(Appointment.of(row))
    return Became(tuple(moved), tuple(cancelled), tuple(without))


class _Closing:
    """What is done with the bookings of one closure; their citizens are told in the same transaction."""

    def __init__(self, by: str, why: str, terms: Terms) -> None:
        self._by, self._why, self._terms = by, why, terms
        # What is near a time is the same for all who lose it: nobody books meanwhile, and cancelling
        # frees nothing on a day that is closed.
        self._near: dict[tuple[str, str, datetime, int, Quota | None], tuple[FreeSlot, ...]] = {}

    async def moved(self, session: AsyncSession, row: Booking) -> bool:
        """Move a booking to the nearest free time; False where there is none."""
        free = await self._nearest(session, row, n=1)
        if not free:
            return False
        was, starts = row.starts, free[0].starts
        place = await counter_place(session, row.hall_code, row.group_code, rules=self._terms.rules)
        key = (place.group_id, starts.astimezone(UTC))
        slots = await lock_slots(session, [key])
        wish = replace(wish_again(row), starts=starts)
        event = move_to(session, row, slots[key], wish, terms=self._terms, by=self._by)
        await session.flush()
        await tell_closed(session, row, event, was=was, reason=self._why, terms=self._terms)
        return True

    async def cancel(self, session: AsyncSession, row: Booking) -> None:
        """Cancel a booking, and name what is free near its time."""
        row.state, row.held_until, row.occupies_until = "cancelled", None, None
        event = note(session, row, "cancelled", now=self._terms.now, by=self._by, detail=self._why)
        await session.flush()
        key = (row.hall_code, row.group_code, row.starts, row.places, Quota.of(wish_again(row)))
        if key not in self._near:
            self._near[key] = await self._nearest(session, row, n=self._terms.rules.alternatives)
        starts = [slot.starts for slot in self._near[key]]
        await tell_closed(
            session, row, event, was=row.starts, reason=self._why, alternatives=starts, terms=self._terms
        )

    async def _nearest(self, session: AsyncSession, row: Booking, *, n: int) -> tuple[FreeSlot, ...]:
        try:
            place = await counter_place(session, row.hall_code, row.group_code, rules=self._terms.rules)
        except NoSuchCounter:
            return ()
        quota = Quota.of(wish_again(row))
        return await nearest_at(
            session, place, row.starts, terms=self._terms, n=n, places=row.places, quota=quota
        )


async def _affected(session: AsyncSession, days: Sequence[SpecialDay], terms: Terms) -> list[Booking]:
    dates = {day.date for day in days}
    rows = await session.scalars(
        select(Booking)
        .where(Booking.day.in_(dates), still_open(terms.now))
        .order_by(Booking.created, Booking.id)
        .execution_options(populate_existing=True)
    )
    booked = rows.all()
    if not booked:
        return []
    after = await _days_after(session, days, min(dates), max(dates))
    published = await published_years(session)
    hours: dict[tuple[str, str, date], DayHours] = {}
    for row in booked:
        key = (row.hall_code, row.group_code, row.day)
        if key not in hours:
            hours[key] = await _hours(session, *key, after, published, terms)
    return [row for row in booked if not within(row, hours[row.hall_code, row.group_code, row.day])]


async def _days_after(
    session: AsyncSession, days: Sequence[SpecialDay], first: date, last: date
) -> tuple[SpecialDay, ...]:
    """The special days of the period as they will be once `days` are set."""
    now = {scope_of(day): day for day in await special_days(session, first=first, last=last)}
    return tuple((now | {scope_of(day): day for day in days}).values())


async def _hours(
    session: AsyncSession,
    hall: str,
    group: str,
    day: date,
    after: tuple[SpecialDay, ...],
    published: frozenset[int],
    terms: Terms,
) -> DayHours:
    try:
        place = await counter_place(session, hall, group, rules=terms.rules)
    except NoSuchCounter:
        return DayHours(day, "closed")
    return hours_with(place, after, published).on(day)


def within(row: Booking, hours: DayHours) -> bool:
    """Whether the counter is open for all of an appointment."""
    starts, ends = row.starts.astimezone(SHANGHAI).time(), row.ends.astimezone(SHANGHAI).time()
    return hours.state == "open" and any(opens <= starts and ends <= closes for opens, closes in hours.spans)
