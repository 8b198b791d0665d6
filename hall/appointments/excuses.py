"""What makes a missed appointment count for nothing: our own reminder did not arrive, or staff excuse it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import ReasonMissing, UnknownBooking
from hall.appointments.models import Booking
from hall.appointments.records import DESK, note
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.standing import standing_of
from hall.appointments.telling import tell_unbarred


async def reminder_failed(
    session: AsyncSession, booking_id: int, *, now: datetime, why: str, rules: BookingRules | None = None
) -> None:
    """Note that our own reminder did not reach the citizen: missing this appointment counts for nothing.

    Called where no reminder of it arrived, by who delivers them; it holds the booking, so that a transaction
    does this before it holds notices. Again is harmless. Raises UnknownBooking.
    """
    row = await _held(session, booking_id)
    if row.reminder_failed is not None or row.state not in {"confirmed", "no_show"}:
        return
    await _void(session, row, "reminder_failed", by=DESK, why=why, reason="", terms=_terms(now, rules))


async def excuse(
    session: AsyncSession,
    booking_id: int,
    *,
    by: str,
    reason: str,
    now: datetime,
    rules: BookingRules | None = None,
) -> None:
    """Excuse one no-show, so that it counts for nothing. Raises UnknownBooking, ReasonMissing."""
    if not by.strip() or not reason.strip():
        raise ReasonMissing("who excuses is named and says why")
    row = await _held(session, booking_id)
    await _void(session, row, "excused", by=by, why=reason, reason=reason, terms=_terms(now, rules))


async def _void(
    session: AsyncSession, row: Booking, kind: str, *, by: str, why: str, reason: str, terms: Terms
) -> None:
    """Let it count for nothing, and tell the citizen where they may book again because of it."""
    before = await standing_of(session, row.citizen_id, row.identity_id, terms=terms)
    if kind == "excused":
        row.excused = terms.now
    else:
        row.reminder_failed = terms.now
    event = note(session, row, kind, now=terms.now, by=by, detail=why)
    await session.flush()
    if before.clear:
        return
    if (await standing_of(session, row.citizen_id, row.identity_id, terms=terms)).clear:
        number = f"{kind}:{event.id}"
        await tell_unbarred(session, row.citizen_id, event=number, reason=reason, now=terms.now)


def _terms(now: datetime, rules: BookingRules | None) -> Terms:
    return Terms(now, rules or BookingRules())


async def _held(session: AsyncSession, booking_id: int) -> Booking:
    row = await session.get(Booking, booking_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise UnknownBooking(booking_id)
    return row
