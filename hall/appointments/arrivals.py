"""Whom the desk expects today: what a citizen who has come may check in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Booking
from hall.appointments.slots import local_day
from hall.appointments.views import Appointment

# Confirmed ones, and those that were checked in or came late: said the same again.
_EXPECTED = ("confirmed", "checked_in", "late")


async def expected_today(session: AsyncSession, citizen_id: int, *, now: datetime) -> tuple[Appointment, ...]:
    """The citizen's appointments of today, also those that have begun, the earliest first."""
    rows = await session.scalars(
        select(Booking)
        .where(Booking.citizen_id == citizen_id, Booking.day == local_day(now), Booking.state.in_(_EXPECTED))
        .order_by(Booking.starts, Booking.id)
    )
    return tuple(Appointment.of(row) for row in rows)
