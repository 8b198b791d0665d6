"""What a reminder that nobody got means for other desks."""

from __future__ import annotations

import contextlib
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.notices.sweeping import Undeliverable
from hall.appointments.errors import UnknownBooking
from hall.appointments.service import BookingRules, reminder_failed
from hall.notices.kinds import REMINDERS, Kind

_BOOKING = "booking:"


def consequences(rules: BookingRules) -> Undeliverable:
    """What the sweeper calls: no reminder of an appointment arrived, missing it counts for nothing."""

    async def undeliverable(session: AsyncSession, kind: Kind, subject: str, now: datetime) -> None:
        number = subject.removeprefix(_BOOKING)
        if kind not in REMINDERS or number == subject or not number.isdecimal():
            return
        with contextlib.suppress(UnknownBooking):
            await reminder_failed(session, int(number), now=now, why="no reminder could be told", rules=rules)

    return undeliverable
