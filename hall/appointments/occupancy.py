"""How many places are taken, now. What has run out by the clock takes none, swept or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, func, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

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
    found = await session.execute(select(_taken(slot.id, now, but)))
    return int(found.scalar_one())


async def looks_full(
    session: AsyncSession, group_id: int, starts: datetime, *, capacity: int, places: int, now: datetime
) -> bool:
    """Whether a slot has no room at a glance, without holding it. `capacity` is the group's."""
    found = await session.execute(
        select(func.coalesce(Slot.capacity, capacity) - _taken(Slot.id, now)).where(
            Slot.group_id == group_id, Slot.starts == starts
        )
    )
    free = found.scalar_one_or_none()
    return (capacity if free is None else int(free)) < places


def _taken(
    slot_id: int | InstrumentedAttribute[int], now: datetime, but: int | None = None
) -> ColumnElement[int]:
    booked = select(func.coalesce(func.sum(Booking.places), 0)).where(
        Booking.slot_id == slot_id, occupying(now), *([Booking.id != but] if but is not None else [])
    )
    kept = select(func.coalesce(func.sum(Withheld.places), 0)).where(
        Withheld.slot_id == slot_id, Withheld.until > now
    )
    return booked.scalar_subquery() + kept.scalar_subquery()


@dataclass(frozen=True, slots=True)
class Occupied:
    """The places taken or withheld by the slot's start, and the slots that have another capacity."""

    taken: Counter[datetime]
    capacities: Mapping[datetime, int]

    def free(self, starts: datetime, capacity: int) -> int:
        """What is left of a slot; below zero where its capacity was lowered since."""
        return self.capacities.get(starts, capacity) - self.taken[starts]


async def occupied(
    session: AsyncSession, group_id: int, first: datetime, last: datetime, *, now: datetime
) -> Occupied:
    """What is taken in the slots of a group from `first` to before `last`."""
    within = (Slot.group_id == group_id, Slot.starts >= first, Slot.starts < last)
    # PostgreSQL takes a bare NULL for text.
    none = cast(null(), Integer)
    booked = (
        select(Slot.starts, func.sum(Booking.places), none)
        .join(Booking, Booking.slot_id == Slot.id)
        .where(*within, occupying(now))
        .group_by(Slot.starts)
    )
    kept = (
        select(Slot.starts, func.sum(Withheld.places), none)
        .join(Withheld, Withheld.slot_id == Slot.id)
        .where(*within, Withheld.until > now)
        .group_by(Slot.starts)
    )
    own = select(Slot.starts, none, Slot.capacity).where(*within, Slot.capacity.is_not(None))
    taken: Counter[datetime] = Counter()
    capacities: dict[datetime, int] = {}
    rows: Sequence[Any] = (await session.execute(union_all(booked, kept, own))).all()
    for starts, places, capacity in rows:
        if capacity is not None:
            capacities[starts] = capacity
        else:
            taken[starts] += int(places)
    return Occupied(taken, capacities)


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
