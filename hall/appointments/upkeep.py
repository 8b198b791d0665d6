"""What is done from time to time. Nothing depends on when: what has run out by the clock takes no place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.availability import slots_from
from hall.appointments.counters import counter_place
from hall.appointments.errors import NoSuchCounter
from hall.appointments.locks import SlotKey, enter, lock_bookings, lock_slots
from hall.appointments.models import Booking, Slot, WaitlistEntry, Withheld
from hall.appointments.records import DESK, note, still_held
from hall.appointments.rules import Terms
from hall.appointments.turnover import settle

_PORTION = 200
_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Released:
    """What was tidied away: holds nobody confirmed, offers nobody took, entries whose time has passed."""

    holds: int
    offers: int
    entries: int


async def release_expired(session: AsyncSession, *, terms: Terms, limit: int = _PORTION) -> Released:
    """Write down what has run out; in portions of `limit`. The places were free already."""
    await enter(session)
    now = terms.now
    gone = await session.execute(
        select(Booking.id, Slot.group_id, Slot.starts)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.state == "held", Booking.occupies_until <= now)
        .order_by(Booking.id)
        .limit(limit)
    )
    found = gone.all()
    await lock_slots(session, [(row.group_id, row.starts) for row in found])
    rows = [
        row
        for row in await lock_bookings(session, [row.id for row in found])
        if row.state == "held" and not still_held(row, now)
    ]
    for row in rows:
        row.state, row.held_until, row.occupies_until = "expired", None, None
        note(session, row, "expired", now=now, by=DESK)
    offers = await _close(
        session, WaitlistEntry.state == "offered", WaitlistEntry.offer_until <= now, to="passed"
    )
    entries = await _close(session, WaitlistEntry.state == "waiting", WaitlistEntry.last <= now, to="over")
    await session.execute(delete(Withheld).where(Withheld.until <= now))
    await session.flush()
    return Released(len(rows), offers, entries)


async def _close(session: AsyncSession, *which: ColumnElement[bool], to: str) -> int:
    rows = await session.scalars(
        select(WaitlistEntry.id).where(*which).order_by(WaitlistEntry.id).with_for_update(skip_locked=True)
    )
    ids = list(rows)
    await session.execute(update(WaitlistEntry).where(WaitlistEntry.id.in_(ids)).values(state=to))
    return len(ids)


async def offer_freed(session: AsyncSession, *, terms: Terms, limit: int = _ENTRIES) -> None:
    """Offer places that came free by the clock to those who wait for them, the first come first."""
    await enter(session)
    rows = await session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.state == "waiting", WaitlistEntry.last > terms.now)
        .order_by(WaitlistEntry.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    wanted: dict[SlotKey, int] = {}
    for row in rows.all():
        wanted |= await _bookable(session, row, terms)
    slots = await lock_slots(session, wanted)
    for key in sorted(slots):
        await settle(session, slots[key], wanted[key], terms=terms)


async def _bookable(session: AsyncSession, row: WaitlistEntry, terms: Terms) -> dict[SlotKey, int]:
    """The slots an entry waits for that are open by the calendar, with their group's capacity."""
    try:
        place = await counter_place(session, row.hall_code, row.group_code, rules=terms.rules)
    except NoSuchCounter:
        return {}
    _, slots = await slots_from(session, place, row.first, row.last, terms=terms)
    return {(place.group_id, slot.starts.astimezone(UTC)): place.capacity for slot in slots}
