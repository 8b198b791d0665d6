"""For staff: how many people a counter group takes in a slot, why, and how many of it are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.counters import counter_place, place_hours
from hall.appointments.models import GroupCapacity
from hall.appointments.occupancy import occupied
from hall.appointments.rules import Terms
from hall.appointments.slots import counters_in, starts_on
from hall.centres.opening import DayHours


@dataclass(frozen=True, slots=True)
class SlotRoom:
    """A slot: how many it takes, whether that was set for it alone (`own`), how many are taken or kept."""

    starts: datetime
    capacity: int
    own: bool
    taken: int


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """A counter group's capacity: set by an admin (None: as by name and rules), and what follows."""

    hall: str
    group: str
    counters: int | None
    per_counter: int | None
    named_counters: int
    usual_per_counter: int
    capacity: int
    set_by: str
    set_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayRooms:
    """A day of a counter group: its hours, and all of its slots, those that have begun too."""

    hours: DayHours
    rooms: tuple[SlotRoom, ...]


async def group_room(session: AsyncSession, hall: str, group: str, *, terms: Terms) -> GroupRoom:
    """The capacity of a counter group. Raises NoSuchCounter."""
    place = await counter_place(session, hall, group, rules=terms.rules)
    own = await session.get(GroupCapacity, place.group_id, populate_existing=True)
    return GroupRoom(
        hall=hall,
        group=group,
        counters=own.counters if own is not None else None,
        per_counter=own.per_counter if own is not None else None,
        named_counters=counters_in(place.counter.name),
        usual_per_counter=terms.rules.per_counter,
        capacity=place.capacity,
        set_by=own.set_by if own is not None else "",
        set_at=own.set_at if own is not None else None,
    )


async def day_rooms(session: AsyncSession, hall: str, group: str, day: date, *, terms: Terms) -> DayRooms:
    """The slots of a counter group on a day. Raises NoSuchCounter."""
    place = await counter_place(session, hall, group, rules=terms.rules)
    hours = (await place_hours(session, place, day, day)).on(day)
    starts = starts_on(hours, terms.rules)
    if not starts:
        return DayRooms(hours, ())
    last = starts[-1] + timedelta(minutes=1)
    found = await occupied(session, place.group_id, starts[0], last, now=terms.now)
    rooms = [
        SlotRoom(
            start,
            found.capacities.get(start, place.capacity),
            start in found.capacities,
            found.taken[start],
        )
        for start in starts
    ]
    return DayRooms(hours, tuple(rooms))
