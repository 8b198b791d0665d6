"""Which slots are free. What is read here may be gone a moment later: taking a place checks again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.counters import CounterPlace, PlaceHours, counter_place, days_from, place_hours
from hall.appointments.occupancy import occupied, quota_taken, waiting_for
from hall.appointments.rules import Terms
from hall.appointments.slots import (
    DaySlots,
    FreeSlot,
    bookable_until,
    earliest_start,
    local_day,
    starts_on,
)
from hall.appointments.views import Wish
from hall.centres.opening import SHANGHAI, DayHours

# The days around the wanted one that are looked at first; most often there is something among them.
_NEAR_DAYS = 3


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of an item a day takes."""

    item_code: str
    most: int

    @classmethod
    def of(cls, wish: Wish) -> Quota | None:
        """The quota of a wish's item, if it has one."""
        return cls(wish.item_code, wish.quota) if wish.quota is not None else None


async def free_slots(
    session: AsyncSession,
    hall: str,
    group: str,
    day: date,
    *,
    terms: Terms,
    quota: Quota | None = None,
) -> DaySlots:
    """The slots of a day (a date in Asia/Shanghai) that have not begun, with their free places.

    Full ones too; beyond the horizon there are none. Raises NoSuchCounter.
    """
    place = await counter_place(session, hall, group, rules=terms.rules)
    hours = await place_hours(session, place, day, day)
    slots = await _slots_between(session, place, hours, [day], terms=terms, quota=quota)
    return DaySlots(hours.on(day), tuple(slots))


async def free_days(
    session: AsyncSession,
    hall: str,
    group: str,
    first: date | None = None,
    last: date | None = None,
    *,
    terms: Terms,
    quota: Quota | None = None,
) -> tuple[DaySlots, ...]:
    """The days from `first` (today) to `last` (the last that can be booked), each as `free_slots` has it.

    Raises NoSuchCounter.
    """
    first, last = first or local_day(terms.now), last or bookable_until(terms.now, terms.rules)
    place = await counter_place(session, hall, group, rules=terms.rules)
    hours = await place_hours(session, place, first, last)
    by_day: dict[date, list[FreeSlot]] = {day: [] for day in days_from(first, last)}
    for slot in await _slots_between(session, place, hours, by_day, terms=terms, quota=quota):
        by_day[local_day(slot.starts)].append(slot)
    return tuple(DaySlots(hours.on(day), tuple(found)) for day, found in by_day.items())


async def nearest_free(
    session: AsyncSession,
    hall: str,
    group: str,
    wanted: datetime,
    *,
    terms: Terms,
    n: int = 3,
    places: int = 1,
    quota: Quota | None = None,
) -> tuple[FreeSlot, ...]:
    """The `n` free slots nearest to a wanted moment, before or after it, in order. Raises NoSuchCounter."""
    place = await counter_place(session, hall, group, rules=terms.rules)
    return await nearest_at(session, place, wanted, terms=terms, n=n, places=places, quota=quota)


async def nearest_at(
    session: AsyncSession,
    place: CounterPlace,
    wanted: datetime,
    *,
    terms: Terms,
    n: int = 3,
    places: int = 1,
    quota: Quota | None = None,
) -> tuple[FreeSlot, ...]:
    """As `nearest_free`, at a counter group that was looked up."""

    def enough(slots: list[FreeSlot]) -> bool:
        return sum(slot.free >= places for slot in slots) >= n

    slots = await slots_near(session, place, wanted, terms=terms, enough=enough, quota=quota)
    return nearest_of(slots, wanted, n=n, places=places)


async def slots_near(
    session: AsyncSession,
    place: CounterPlace,
    wanted: datetime,
    *,
    terms: Terms,
    enough: Callable[[list[FreeSlot]], bool],
    quota: Quota | None = None,
) -> list[FreeSlot]:
    """The slots of the days around a wanted moment, full ones too; of all days where those don't do."""
    today, last = local_day(terms.now), bookable_until(terms.now, terms.rules)
    middle = min(max(local_day(wanted), today), last)
    near = timedelta(days=_NEAR_DAYS)
    slots: list[FreeSlot] = []
    for first, end in ((max(today, middle - near), min(last, middle + near)), (today, last)):
        hours = await place_hours(session, place, first, end)
        slots = await _slots_between(session, place, hours, days_from(first, end), terms=terms, quota=quota)
        if enough(slots):
            break
    return slots


def nearest_of(slots: Iterable[FreeSlot], wanted: datetime, *, n: int, places: int) -> tuple[FreeSlot, ...]:
    """The `n` slots with room that are nearest to a wanted moment, in order."""
    free = sorted(
        (slot for slot in slots if slot.free >= places),
        key=lambda slot: (abs(slot.starts - wanted), slot.starts),
    )
    return tuple(sorted(free[:n], key=lambda slot: slot.starts))


async def _slots_between(
    session: AsyncSession,
    place: CounterPlace,
    hours: PlaceHours,
    days: Iterable[date],
    *,
    terms: Terms,
    quota: Quota | None,
) -> list[FreeSlot]:
    """The slots of these days, which follow each other, that can still be booked by the clock."""
    least, last = earliest_start(terms.now, terms.rules), bookable_until(terms.now, terms.rules)
    listed = [day for day in days if day <= last]
    if not listed:
        return []
    begins, ends = day_bounds(listed[0])[0], day_bounds(listed[-1])[1]
    starts = [start for day in listed for start in starts_on(hours.on(day), terms.rules) if start > least]
    taken = await occupied(session, place.group_id, begins, ends, now=terms.now)
    waiting = await waiting_for(session, place.group_id, begins, ends)
    left = await _quota_left(session, quota, listed, now=terms.now)
    found = []
    for start in starts:
        free = taken.free(start, place.capacity)
        free -= sum(places for first, before, places in waiting if first <= start < before)
        if left is not None:
            free = min(free, left[local_day(start)])
        found.append(
            FreeSlot(place.hall.code, place.counter.group, start, start + terms.rules.slot, max(0, free))
        )
    return found


async def _quota_left(
    session: AsyncSession, quota: Quota | None, days: list[date], *, now: datetime
) -> dict[date, int] | None:
    if quota is None:
        return None
    taken = await quota_taken(session, quota.item_code, days, now=now)
    return {day: quota.most - taken[day] for day in days}


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The beginning of a day in Asia/Shanghai and that of the next."""
    begins = datetime.combine(day, time(), SHANGHAI)
    return begins, begins + timedelta(days=1)


async def slots_from(
    session: AsyncSession,
    place: CounterPlace,
    first: datetime,
    last: datetime,
    *,
    terms: Terms,
    quota: Quota | None = None,
) -> tuple[DayHours, tuple[FreeSlot, ...]]:
    """The slots that begin from `first` to before `last` on the day of `first`, full ones too; its hours."""
    day = local_day(first)
    hours = await place_hours(session, place, day, day)
    slots = await _slots_between(session, place, hours, [day], terms=terms, quota=quota)
    return hours.on(day), tuple(slot for slot in slots if first <= slot.starts < last)
