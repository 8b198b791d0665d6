"""How many places are taken, now. What has run out by the clock takes none, swept or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Booking, Slot, WaitlistEntry, Withheld

_STAYING = ("confirmed", "checked_in", "late", "no_show")


def occupying(now: datetime) -> ColumnElement[bool]:
    """Whether a booking takes its places at `now`."""
    return or_(
        Booking.state.in_(_STAYING),
        and_(Booking.state == "held", Booking.occupies_until > now),
    )


def still_open(now: datetime) -> ColumnElement[bool]:
    """Whether a booking is yet to come, held or confirmed."""
    return and_(
        Booking.starts > now,
        or_(Booking.state == "confirmed", and_(Booking.state == "held", Booking.occupies_until > now)),
    )


async def taken_in(session: AsyncSession, slot: Slot, *, now: datetime, but: int | None = None) -> int:
    """The places of a slot that are taken or withheld; those of the booking `but` are left out."""
    booked = select(func.coalesce(func.sum(Booking.places), 0)).where(
        Booking.slot_id == slot.id, occupying(now), *([Booking.id != but] if but is not None else [])
    )
    kept = select(func.coalesce(func.sum(Withheld.places), 0)).where(
        Withheld.slot_id == slot.id, Withheld.until > now
    )
    found = await session.execute(select(booked.scalar_subquery(), kept.scalar_subquery()))
    one, other = found.one()
    return int(one) + int(other)


async def taken_by_start(
    session: AsyncSession, group_id: int, first: datetime, last: datetime, *, now: datetime
) -> Counter[datetime]:
    """The places taken or withheld in each slot of a group from `first` to before `last`."""
    within = (Slot.group_id == group_id, Slot.starts >= first, Slot.starts < last)
    booked = await session.execute(
        select(Slot.starts, func.sum(Booking.places))
        .join(Booking, Booking.slot_id == Slot.id)
        .where(*within, occupying(now))
        .group_by(Slot.starts)
    )
    kept = await session.execute(
        select(Slot.starts, func.sum(Withheld.places))
        .join(Withheld, Withheld.slot_id == Slot.id)
        .where(*within, Withheld.until > now)
        .group_by(Slot.starts)
    )
    taken: Counter[datetime] = Counter()
    for rows in (booked, kept):
        for starts, places in rows:
            taken[starts] += int(places)
    return taken


async def own_capacities(
    session: AsyncSession, group_id: int, first: datetime, last: datetime
) -> Mapping[datetime, int]:
    """The slots of a period that have another capacity than their group."""
    rows = await session.execute(
        select(Slot.starts, Slot.capacity).where(
            Slot.group_id == group_id,
            Slot.starts >= first,
            Slot.starts < last,
            Slot.capacity.is_not(None),
        )
    )
    return {starts: capacity for starts, capacity in rows if capacity is not None}


async def waiting_for(
    session: AsyncSession, group_id: int, first: datetime, last: datetime
) -> Sequence[tuple[datetime, datetime, int]]:
    """Who waits for a place in a period and was not offered one: from when, to before when, how many."""
    rows = await session.execute(
        select(WaitlistEntry.first, WaitlistEntry.last, WaitlistEntry.places).where(
            WaitlistEntry.group_id == group_id,
            WaitlistEntry.state == "waiting",
            WaitlistEntry.first < last,
            WaitlistEntry.last > first,
        )
    )
    return [(row.first, row.last, row.places) for row in rows]


async def quota_taken(
    session: AsyncSession, item_code: str, days: Sequence[date], *, now: datetime, but: int | None = None
) -> Counter[date]:
    """How many people come for an item on each of these days, in all halls; offers count as coming."""
    taken: Counter[date] = Counter()
    booked = await session.execute(
        select(Booking.day, func.sum(Booking.places))
        .where(
            Booking.item_code == item_code,
            Booking.day.in_(days),
            occupying(now),
            *([Booking.id != but] if but is not None else []),
        )
        .group_by(Booking.day)
    )
    offered = await session.execute(
        select(Withheld.day, func.sum(Withheld.places))
        .where(
            Withheld.item_code == item_code,
            Withheld.day.in_(days),
            Withheld.until > now,
            Withheld.entry_id.is_not(None),
        )
        .group_by(Withheld.day)
    )
    for rows in (booked, offered):
        for day, places in rows:
            taken[day] += int(places)
    return taken
