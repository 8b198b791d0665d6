"""Places that come free: to whoever waits first, otherwise back to everybody after a short while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.counters import counter_place
from hall.appointments.errors import NoSuchCounter
from hall.appointments.models import Booking, Slot, WaitlistEntry, Withheld
from hall.appointments.occupancy import quota_taken, taken_in
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.slots import local_day
from hall.appointments.telling import tell_offered


@dataclass(frozen=True, slots=True)
class Left:
    """What a booking leaves behind when it goes: so many places of these counters."""

    hall: str
    group: str
    item_code: str
    places: int

    @classmethod
    def by(cls, row: Booking) -> Left:
        """What this booking would leave now."""
        return cls(row.hall_code, row.group_code, row.item_code, row.places)


async def settle(
    session: AsyncSession, slot: Slot, capacity: int, *, terms: Terms, but: int | None = None
) -> int:
    """Offer what is free in a slot to those who wait for it, in their order; how much is left for others.

    The caller holds the slot. `capacity` is the group's, which a slot may have its own instead of; the
    booking `but` is taken for gone.
    """
    free = _capacity(slot, capacity) - await taken_in(session, slot, now=terms.now, but=but)
    if free <= 0 or slot.starts <= terms.now:
        return max(0, free)
    last = 0
    while free and (entry := await _next_waiting(session, slot, last)) is not None:
        last = entry.id
        if entry.places <= free and await _within_quota(session, entry, slot, terms.now):
            await _offer(session, entry, slot, terms)
            free -= entry.places
    return free


async def give_back(session: AsyncSession, slot: Slot, left: Left, *, terms: Terms) -> None:
    """What becomes of the places that a booking had in `slot`: the caller holds the slot and has moved it on.

    Those who wait are offered them at once; for all others they open again after a random delay.
    """
    capacity = await capacity_of(session, left.hall, left.group, rules=terms.rules)
    reopens = min(left.places, await settle(session, slot, capacity, terms=terms))
    if reopens:
        session.add(
            Withheld(
                slot_id=slot.id,
                item_code=left.item_code,
                day=local_day(slot.starts),
                places=reopens,
                until=terms.reopening(),
            )
        )
        await session.flush()


async def capacity_of(session: AsyncSession, hall: str, group: str, *, rules: BookingRules) -> int:
    """The places of a slot of a counter group; none in a group that was withdrawn."""
    try:
        return (await counter_place(session, hall, group, rules=rules)).capacity
    except NoSuchCounter:
        return 0


def _capacity(slot: Slot, capacity: int) -> int:
    return capacity if slot.capacity is None else slot.capacity


async def _next_waiting(session: AsyncSession, slot: Slot, after: int) -> WaitlistEntry | None:
    """The next who waits for this slot and is not being offered another just now.

    One at a time: whoever locked more than are offered something would hide them from another slot's places.
    """
    rows = await session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.id > after,
            WaitlistEntry.group_id == slot.group_id,
            WaitlistEntry.state == "waiting",
            WaitlistEntry.first <= slot.starts,
            WaitlistEntry.last > slot.starts,
        )
        .order_by(WaitlistEntry.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return rows.first()


async def _within_quota(session: AsyncSession, entry: WaitlistEntry, slot: Slot, now: datetime) -> bool:
    if entry.quota is None:
        return True
    day = local_day(slot.starts)
    taken = await quota_taken(session, entry.item_code, [day], now=now)
    return taken[day] + entry.places <= entry.quota


async def _offer(session: AsyncSession, entry: WaitlistEntry, slot: Slot, terms: Terms) -> None:
    until = min(terms.now + timedelta(minutes=terms.rules.offer_minutes), slot.starts)
    entry.state, entry.slot_id, entry.offer_until = "offered", slot.id, until
    session.add(
        Withheld(
            slot_id=slot.id,
            item_code=entry.item_code,
            day=local_day(slot.starts),
            places=entry.places,
            until=until,
            entry_id=entry.id,
        )
    )
    await session.flush()
    await tell_offered(session, entry, starts=slot.starts, now=terms.now)
