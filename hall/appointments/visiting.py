"""The day of the visit: checking in, and who did not come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Booking
from hall.appointments.records import DESK, note
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.slots import local_day
from hall.appointments.standing import standing_of
from hall.appointments.telling import forget_reminders, tell_barred
from hall.appointments.views import Appointment

_PORTION = 200


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Checked in, now or (`again`) before: the appointment becomes a ticket of the highest priority."""

    booking: Appointment
    again: bool = False


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Too early today; checking in begins at `opens`."""

    booking: Appointment
    opens: datetime


@dataclass(frozen=True, slots=True)
class OtherDay:
    """The appointment is on another day, to come or past."""

    booking: Appointment


@dataclass(frozen=True, slots=True)
class OtherHall:
    """The appointment is in another hall, or at other counters of this one: those of `booking`."""

    booking: Appointment


@dataclass(frozen=True, slots=True)
class TooLate:
    """The window closed at `closed`: an ordinary ticket remains. `missed`: it is a no-show already."""

    booking: Appointment
    closed: datetime
    missed: bool = False


@dataclass(frozen=True, slots=True)
class NotValid:
    """The appointment was cancelled."""

    booking: Appointment


@dataclass(frozen=True, slots=True)
class NoSuchCode:
    """No appointment has this code."""


CheckIn = CheckedIn | TooEarly | OtherDay | OtherHall | TooLate | NotValid | NoSuchCode


async def check_in(
    session: AsyncSession, code: str, *, hall: str, terms: Terms, by: str = "citizen"
) -> CheckIn:
    """Check in with the code of an appointment (typed, or from its QR) in a hall. Again is harmless.

    Who comes after the window but before counting as a no-show keeps their standing: `late`, without
    priority.
    """
    rows = await session.scalars(
        select(Booking)
        .where(Booking.code == "".join(code.split()))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = rows.first()
    if row is None:
        return NoSuchCode()
    if (refused := _refusal(row, hall, terms)) is not None:
        return refused
    opens, closes = _window(row.starts, terms.rules)
    if terms.now < opens:
        return TooEarly(Appointment.of(row), opens)
    in_time = terms.now <= closes
    row.state = "checked_in" if in_time else "late"
    note(session, row, row.state, now=terms.now, by=by)
    await session.flush()
    await forget_reminders(session, row, now=terms.now)
    return CheckedIn(Appointment.of(row)) if in_time else TooLate(Appointment.of(row), closes)


def _refusal(row: Booking, hall: str, terms: Terms) -> CheckIn | None:
    """What there is to say without looking at the window."""
    booking = Appointment.of(row)
    if row.hall_code != hall:
        return OtherHall(booking)
    if row.state == "checked_in":
        return CheckedIn(booking, again=True)
    closes = _window(row.starts, terms.rules)[1]
    if row.state in {"late", "no_show"}:
        return TooLate(booking, closes, missed=row.state == "no_show")
    if row.state != "confirmed":
        return NotValid(booking)
    return None if row.day == local_day(terms.now) else OtherDay(booking)


def _window(starts: datetime, rules: BookingRules) -> tuple[datetime, datetime]:
    return (
        starts - timedelta(minutes=rules.check_in_early_minutes),
        starts + timedelta(minutes=rules.check_in_late_minutes),
    )


async def missed(session: AsyncSession, *, terms: Terms, limit: int = _PORTION) -> tuple[int, ...]:
    """The ids of appointments to which nobody came within the hour, for `mark_no_shows`; holds nothing."""
    rows = await session.scalars(select(Booking.id).where(_missed(terms)).order_by(Booking.id).limit(limit))
    return tuple(rows)


def _missed(terms: Terms) -> ColumnElement[bool]:
    before = terms.now - timedelta(minutes=terms.rules.no_show_minutes)
    return and_(Booking.state == "confirmed", Booking.starts < before)


async def mark_no_shows(
    session: AsyncSession, *, terms: Terms, ids: Collection[int] | None = None, limit: int = _PORTION
) -> tuple[Appointment, ...]:
    """Mark who did not come within the hour (of these bookings), and tell them what follows.

    The answer is those marked now. Rows held elsewhere wait for next time.
    """
    among = [Booking.id.in_(ids)] if ids is not None else []
    rows = await session.scalars(
        select(Booking)
        .where(_missed(terms), *among)
        .order_by(Booking.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    marked = [(row, note(session, row, "no_show", now=terms.now, by=DESK)) for row in rows.all()]
    for row, _ in marked:
        row.state = "no_show"
    await session.flush()
    # Who missed two is told once, of the later one.
    for row, event in {row.citizen_id: (row, event) for row, event in marked}.values():
        found = await standing_of(session, row.citizen_id, row.identity_id, terms=terms)
        if not found.clear:
            await tell_barred(session, row, event, found, now=terms.now)
    return tuple(Appointment.of(row) for row, _ in marked)
