"""What makes a missed appointment count for nothing: our own reminder did not arrive, or staff excuse it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import ReasonMissing, UnknownBooking
from hall.appointments.models import Booking, BookingEvent
from hall.appointments.records import DESK, note
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.standing import standing_of
from hall.appointments.telling import booking_subject, tell_unbarred
from hall.notices.models import OPEN, NoticeRow, State
from hall.notices.service import REMINDERS, Kind

# A reminder in one of these states has reached the citizen, or still may.
_NOT_FAILED = (State.SENT, State.SENDING, *OPEN)


async def reminder_failed(
    session: AsyncSession, booking_id: int, *, now: datetime, why: str, rules: BookingRules | None = None
) -> None:
    """Note that our own reminder did not reach the citizen: missing this appointment counts for nothing.

    Raises UnknownBooking.
    """
    row = await _held(session, booking_id)
    await _void(session, row, "reminder_failed", by=DESK, why=why, reason="", terms=_terms(now, rules))


async def reminder_undelivered(
    session: AsyncSession,
    kind: Kind,
    subject: str,
    event: str,
    *,
    now: datetime,
    why: str,
    rules: BookingRules | None = None,
) -> bool:
    """A reminder was not delivered, and not by the citizen's own doing; whether that leaves them unreminded.

    Their other reminder may have arrived or be on its way, and one of a time that the appointment was moved
    away from counts for nothing. Called by whoever delivers, for notices of `REMINDERS`; before the
    transaction holds rows of notices, because bookings are held before them.
    """
    booking_id = _booking_of(subject)
    row = await session.get(Booking, booking_id, populate_existing=True, with_for_update=True)
    if row is None or kind not in REMINDERS or row.state not in {"confirmed", "no_show"}:
        return False
    if row.reminder_failed is not None or event != await _revision(session, row):
        return False
    other = await session.scalar(
        select(func.count(NoticeRow.id)).where(
            NoticeRow.subject == subject,
            NoticeRow.event == event,
            NoticeRow.kind.in_([other.value for other in REMINDERS if other is not kind]),
            NoticeRow.state.in_(_NOT_FAILED),
        )
    )
    if other:
        return False
    await _void(session, row, "reminder_failed", by=DESK, why=why, reason="", terms=_terms(now, rules))
    return True


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


async def _revision(session: AsyncSession, row: Booking) -> str:
    """The number of the event since which the appointment is at its time; reminders bear it."""
    number = await session.scalar(
        select(func.max(BookingEvent.id)).where(
            BookingEvent.booking_id == row.id, BookingEvent.kind.in_(("confirmed", "moved"))
        )
    )
    return str(number)


def _booking_of(subject: str) -> int:
    prefix = booking_subject(0)[:-1]
    if not subject.startswith(prefix):
        raise ValueError(f"not told of a booking: {subject}")
    return int(subject.removeprefix(prefix))


def _terms(now: datetime, rules: BookingRules | None) -> Terms:
    return Terms(now, rules or BookingRules())


async def _held(session: AsyncSession, booking_id: int) -> Booking:
    row = await session.get(Booking, booking_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise UnknownBooking(booking_id)
    return row
