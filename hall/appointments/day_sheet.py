"""What the desk in the hall sees: the bookings of a day, one by its code, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import UnknownBooking
from hall.appointments.models import Booking, BookingEvent
from hall.appointments.views import Appointment


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of a booking's history: `by` is the citizen, the desk itself, or the login of who did it."""

    at: datetime
    kind: str
    by: str
    detail: str


async def on_day(session: AsyncSession, hall: str, day: date, *, group: str = "") -> tuple[Appointment, ...]:
    """The bookings of a hall on a day, by time; holds that ran out are left out."""
    wanted = [Booking.hall_code == hall, Booking.day == day, Booking.state != "expired"]
    if group:
        wanted.append(Booking.group_code == group)
    rows = await session.scalars(
        select(Booking).where(*wanted).order_by(Booking.starts, Booking.group_code, Booking.id)
    )
    return tuple(Appointment.of(row) for row in rows)


async def by_code(session: AsyncSession, code: str) -> Appointment | None:
    """The booking of a check-in code as it was typed, whatever became of it."""
    row = await session.scalar(select(Booking).where(Booking.code == "".join(code.split())))
    return Appointment.of(row) if row is not None else None


async def by_id(session: AsyncSession, booking_id: int) -> Appointment:
    """A booking, whosever it is. Raises UnknownBooking."""
    row = await session.get(Booking, booking_id, populate_existing=True)
    if row is None:
        raise UnknownBooking(booking_id)
    return Appointment.of(row)


async def history(session: AsyncSession, booking_id: int) -> tuple[Happened, ...]:
    """What happened to a booking, the first first."""
    rows = await session.scalars(
        select(BookingEvent).where(BookingEvent.booking_id == booking_id).order_by(BookingEvent.id)
    )
    return tuple(Happened(row.at, row.kind, row.by, row.detail) for row in rows)
