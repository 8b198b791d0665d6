"""What citizens are told by themselves of their bookings, in the transaction of the change it tells of.

The desk's own functions call these, so that nobody who changes a booking can forget it. A notice's `event` is
the number of the row in the booking's history that it tells of: what was told of one state never passes for
what is to be told of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Appeal, Booking, BookingEvent, WaitlistEntry
from hall.appointments.penalties import Standing
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.slots import local_day
from hall.centres.opening import SHANGHAI
from hall.notices.service import REMINDERS, Kind, Notice, tell, withdraw
from hall.people.models import Citizen

# What has no end of its own is news for so long.
_NEWS = timedelta(days=30)


def booking_subject(booking_id: int) -> str:
    """The subject of everything told of a booking."""
    return f"booking:{booking_id}"


def offer_subject(entry_id: int) -> str:
    """The subject of what is told of a waitlist entry."""
    return f"waiting:{entry_id}"


def standing_subject(citizen_id: int) -> str:
    """The subject of what is told of a citizen's standing."""
    return f"citizen:{citizen_id}"


async def tell_confirmed(
    session: AsyncSession, row: Booking, event: BookingEvent, *, terms: Terms, told: bool
) -> None:
    """An appointment stands: its reminders are set, and it is confirmed to who was not `told` already."""
    openid = await _account(session, row.citizen_id)
    if not told:
        await _tell(session, Kind.BOOKING_CONFIRMED, openid, row, event, now=terms.now)
    await _remind(session, row, event, openid, terms)


async def tell_moved(
    session: AsyncSession,
    row: Booking,
    event: BookingEvent,
    *,
    was: datetime,
    reason: str = "",
    terms: Terms,
    told: bool,
) -> None:
    """An appointment was moved from `was`: other reminders, and the change to who was not `told` already."""
    if row.state != "confirmed":
        return  # a hold that is being made up one's mind about
    openid = await _account(session, row.citizen_id)
    await withdraw(session, booking_subject(row.id), now=terms.now)
    if not told:
        kind, now = Kind.BOOKING_CHANGED, terms.now
        await _tell(session, kind, openid, row, event, now=now, was=was.isoformat(), reason=reason)
    await _remind(session, row, event, openid, terms)


async def tell_cancelled(
    session: AsyncSession, row: Booking, event: BookingEvent, *, reason: str, terms: Terms, told: bool
) -> None:
    """An appointment or a hold was given up: no more reminders, and word to who was not `told` already."""
    await withdraw(session, booking_subject(row.id), now=terms.now)
    if not told:
        openid = await _account(session, row.citizen_id)
        await _tell(session, Kind.BOOKING_CANCELLED, openid, row, event, now=terms.now, reason=reason)


async def tell_closed(
    session: AsyncSession,
    row: Booking,
    event: BookingEvent,
    *,
    was: datetime,
    reason: str,
    alternatives: Sequence[datetime] = (),
    terms: Terms,
) -> None:
    """The centre closed the day of an appointment: moved to its time now, or cancelled with what is free."""
    openid = await _account(session, row.citizen_id)
    await withdraw(session, booking_subject(row.id), now=terms.now)
    moved = row.state != "cancelled"
    values = _values(row) | {
        "was": was.isoformat(),
        "starts": row.starts.isoformat() if moved else "",
        "reason": reason,
        "alternatives": " ".join(start.isoformat() for start in alternatives),
    }
    notice = Notice(
        Kind.DAY_CLOSED,
        openid,
        booking_subject(row.id),
        due=terms.now,
        useful_until=max(was, row.starts, *alternatives),
        values=values,
        event=await _number(session, event),
    )
    await tell(session, notice, now=terms.now)
    if row.state == "confirmed":
        await _remind(session, row, event, openid, terms)


async def forget_reminders(session: AsyncSession, row: Booking, *, now: datetime) -> None:
    """The citizen is there: nobody need be reminded."""
    await withdraw(session, booking_subject(row.id), kinds=REMINDERS, now=now)


async def tell_offered(
    session: AsyncSession, entry: WaitlistEntry, *, starts: datetime, now: datetime
) -> None:
    """A place came free for who waits: until when it is kept for them."""
    assert entry.offer_until is not None  # noqa: S101 - set with the offer
    values = {
        "item": entry.item_code,
        "hall": entry.hall_code,
        "group": entry.group_code,
        "starts": starts.isoformat(),
        "until": entry.offer_until.isoformat(),
        "places": str(entry.places),
    }
    notice = Notice(
        Kind.PLACE_FREE,
        await _account(session, entry.citizen_id),
        offer_subject(entry.id),
        due=now,
        useful_until=entry.offer_until,
        values=values,
        event=starts.isoformat(),
    )
    await tell(session, notice, now=now)


async def forget_offer(session: AsyncSession, entry_id: int, *, now: datetime) -> None:
    """The offer was answered, or nobody waits any more."""
    await withdraw(session, offer_subject(entry_id), now=now)


async def tell_barred(
    session: AsyncSession, row: Booking, event: BookingEvent, found: Standing, *, now: datetime
) -> None:
    """An appointment was missed and booking is barred for it: how long, and for which appointments."""
    values = _values(row) | {
        "penalty": found.kind,
        "until": found.until.isoformat() if found.until else "",
        "missed": " ".join(moment.isoformat() for moment in found.counted),
    }
    notice = Notice(
        Kind.BANNED,
        await _account(session, row.citizen_id),
        standing_subject(row.citizen_id),
        due=now,
        useful_until=found.until or now + _NEWS,
        values=values,
        event=await _number(session, event),
    )
    await tell(session, notice, now=now)


async def tell_unbarred(
    session: AsyncSession, citizen_id: int, *, event: str, reason: str, told: bool = False, now: datetime
) -> None:
    """Nothing stands against a citizen's booking any more; `told`: they hear it with something else."""
    subject = standing_subject(citizen_id)
    await withdraw(session, subject, kinds={Kind.BANNED}, now=now)
    if told:
        return
    notice = Notice(
        Kind.UNBANNED,
        await _account(session, citizen_id),
        subject,
        due=now,
        useful_until=now + _NEWS,
        values={"reason": reason},
        event=event,
    )
    await tell(session, notice, now=now)


async def forget_standing(session: AsyncSession, citizen_id: int, *, now: datetime) -> None:
    """Nothing more is told of a citizen's standing."""
    await withdraw(session, standing_subject(citizen_id), now=now)


async def tell_decided(session: AsyncSession, row: Appeal, found: Standing, *, now: datetime) -> None:
    """An appeal was decided; `found` is what stands against the citizen now."""
    values = {
        "granted": "1" if row.state == "granted" else "",
        "reason": row.reason,
        "penalty": "" if found.clear else found.kind,
        "until": found.until.isoformat() if found.until else "",
    }
    notice = Notice(
        Kind.APPEAL_DECIDED,
        await _account(session, row.citizen_id),
        f"appeal:{row.id}",
        due=now,
        useful_until=now + _NEWS,
        values=values,
    )
    await tell(session, notice, now=now)


def reminders_due(starts: datetime, rules: BookingRules) -> tuple[datetime, datetime]:
    """When an appointment is reminded of: the evening before, and shortly before."""
    eve = local_day(starts) - timedelta(days=1)
    evening = datetime.combine(eve, time(rules.remind_evening_hour), SHANGHAI)
    return evening, starts - timedelta(minutes=rules.remind_minutes)


async def _remind(
    session: AsyncSession, row: Booking, event: BookingEvent, openid: str, terms: Terms
) -> None:
    """Set the reminders whose time is still to come. The first is of no use once the second is due."""
    evening, shortly = reminders_due(row.starts, terms.rules)
    ends = {Kind.REMINDER_EVENING: (evening, shortly), Kind.REMINDER_HOUR: (shortly, row.starts)}
    for kind, (due, useful_until) in ends.items():
        if terms.now < due < useful_until:
            await _tell(session, kind, openid, row, event, now=terms.now, due=due, until=useful_until)


async def _tell(
    session: AsyncSession,
    kind: Kind,
    openid: str,
    row: Booking,
    event: BookingEvent,
    *,
    now: datetime,
    due: datetime | None = None,
    until: datetime | None = None,
    **more: str,
) -> None:
    notice = Notice(
        kind,
        openid,
        booking_subject(row.id),
        due=due or now,
        useful_until=until or row.starts,
        values=_values(row) | more,
        event=await _number(session, event),
    )
    await tell(session, notice, now=now)


def _values(row: Booking) -> dict[str, str]:
    return {
        "item": row.item_code,
        "hall": row.hall_code,
        "group": row.group_code,
        "starts": row.starts.isoformat(),
        "ends": row.ends.isoformat(),
        "places": str(row.places),
        "for_other": "1" if row.for_other else "",
    }


async def _number(session: AsyncSession, event: BookingEvent) -> str:
    if event.id is None:
        await session.flush()
    return str(event.id)


async def _account(session: AsyncSession, citizen_id: int) -> str:
    """The account to write to; none of one who was erased."""
    found = await session.scalar(
        select(Citizen.openid).where(Citizen.id == citizen_id, Citizen.erased.is_(None))
    )
    return found or ""
