"""What a reminder that nobody got means for other desks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import UnknownBooking
from hall.appointments.service import reminder_failed
from hall.notices.kinds import REMINDERS, Kind

_BOOKING = "booking:"


async def undeliverable(session: AsyncSession, kind: Kind, subject: str, now: datetime) -> None:
    """No reminder of an appointment reached its citizen: missing it counts for nothing."""
    number = subject.removeprefix(_BOOKING)
    if kind not in REMINDERS or number == subject or not number.isdecimal():
        return
    try:
        await reminder_failed(session, int(number), now=now, why="no reminder could be told")
    except UnknownBooking:
        return
