"""Counter groups as places to book at: their hours and how many people a slot takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import NoSuchCounter, ReasonMissing
from hall.appointments.locks import enter, lock_slots
from hall.appointments.models import GroupCapacity
from hall.appointments.rules import BookingRules
from hall.appointments.slots import counters_in
from hall.calendar.hours import hours_on
from hall.calendar.service import published_years, special_days
from hall.centres import models
from hall.centres.opening import DayHours, Schedule, calendar_covers, schedule_of
from hall.centres.schema import Counter, Hall, SpecialDay

MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter group to book at; `capacity` is how many people a slot takes."""

    group_id: int
    hall: Hall
    counter: Counter
    capacity: int


@dataclass(frozen=True, slots=True)
class PlaceHours:
    """The hours of a counter group in a period that was loaded."""

    schedule: Schedule
    published: frozenset[int]

    def on(self, day: date) -> DayHours:
        """The hours of a day."""
        return hours_on(self.schedule, day, published=self.published)


async def counter_place(session: AsyncSession, hall: str, group: str, *, rules: BookingRules) -> CounterPlace:
    """The counter group of this code in this hall. Raises NoSuchCounter."""
    found = await session.execute(
        select(models.CounterGroup.id, models.CounterGroup.document, models.Hall.document, GroupCapacity)
        .join(models.Hall, models.Hall.id == models.CounterGroup.hall_id)
        .outerjoin(GroupCapacity, GroupCapacity.group_id == models.CounterGroup.id)
        .where(
            models.Hall.code == hall,
            models.CounterGroup.code == group,
            models.Hall.withdrawn.is_(False),
            models.CounterGroup.withdrawn.is_(False),
        )
        .execution_options(populate_existing=True)
    )
    row = found.first()
    if row is None:
        raise NoSuchCounter(f"{hall}/{group}")
    group_id, counter_document, hall_document, own = row
    counter = Counter.model_validate(counter_document)
    return CounterPlace(group_id, Hall.model_validate(hall_document), counter, _capacity(counter, own, rules))


def _capacity(counter: Counter, own: GroupCapacity | None, rules: BookingRules) -> int:
    counters = own.counters if own is not None and own.counters is not None else counters_in(counter.name)
    per = own.per_counter if own is not None and own.per_counter is not None else rules.per_counter
    return counters * per


async def place_hours(session: AsyncSession, place: CounterPlace, first: date, last: date) -> PlaceHours:
    """The hours of a counter group from `first` to `last`, as they are known now."""
    days = await special_days(session, first=first, last=last)
    years = range(first.year, last.year + 1)
    known = all(calendar_covers(year) for year in years)
    return hours_with(place, days, frozenset() if known else await published_years(session))


def hours_with(place: CounterPlace, days: tuple[SpecialDay, ...], published: frozenset[int]) -> PlaceHours:
    """The hours of a counter group under these special days."""
    return PlaceHours(schedule_of(place.hall, days, place.counter), published)


async def set_capacity(
    session: AsyncSession,
    hall: str,
    group: str,
    *,
    counters: int | None,
    per_counter: int | None,
    by: str,
    now: datetime,
    rules: BookingRules,
) -> int:
    """Set how many counters of a group are bookable and how many people each serves in a slot.

    None is as by the group's name and the rules; 0 counters take no bookings. Bookings made stay. The answer
    is the capacity of a slot. Raises NoSuchCounter, ValueError.
    """
    if not by.strip():
        raise ReasonMissing("who sets a capacity is named")
    for number in (counters, per_counter):
        if number is not None and not 0 <= number <= MOST_PLACES:
            raise ValueError(number)
    place = await counter_place(session, hall, group, rules=rules)
    row = await session.get(GroupCapacity, place.group_id)
    if row is None:
        row = GroupCapacity(group_id=place.group_id)
        session.add(row)
    row.counters, row.per_counter, row.set_by, row.set_at = counters, per_counter, by.strip()[:100], now
    await session.flush()
    return _capacity(place.counter, row, rules)


async def set_slot_capacity(
    session: AsyncSession,
    hall: str,
    group: str,
    starts: datetime,
    capacity: int | None,
    *,
    rules: BookingRules,
) -> None:
    """Give one slot another capacity than its group (a counter is away), or None: the group's again.

    Bookings made stay. Raises NoSuchCounter, ValueError.
    """
    if capacity is not None and not 0 <= capacity <= MOST_PLACES:
        raise ValueError(capacity)
    place = await counter_place(session, hall, group, rules=rules)
    await enter(session)
    (slot,) = (await lock_slots(session, [(place.group_id, starts.astimezone(UTC))])).values()
    slot.capacity = capacity
    await session.flush()


def days_from(first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last`, both with it."""
    return tuple(first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
