"""Whether a booking may be made at all: the person, the time, the item's day."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.availability import Quota, nearest_at
from hall.appointments.counters import CounterPlace, place_hours
from hall.appointments.errors import (
    AlreadyBooked,
    DayClosed,
    DayUnknown,
    NotASlot,
    QuotaFull,
    SlotPast,
    TooFarAhead,
    TooManyOpen,
    TooManyPlaces,
)
from hall.appointments.locks import lock_quota
from hall.appointments.models import Booking
from hall.appointments.occupancy import quota_taken, still_open
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.slots import FreeSlot, bookable_until, earliest_start, local_day, starts_on
from hall.appointments.views import Appointment, Wish
from hall.people.proxies import Party


async def admit_person(
    session: AsyncSession,
    party: Party,
    wish: Wish,
    *,
    terms: Terms,
    but: int | None = None,
) -> None:
    """Raise TooManyOpen, AlreadyBooked where the person has bookings enough; `but` is left out of account."""
    whose = [Booking.citizen_id == party.citizen_id]
    if party.identity_id is not None:
        whose.append(Booking.identity_id == party.identity_id)
    rows = await session.scalars(
        select(Booking)
        .where(or_(*whose), still_open(terms.now))
        .order_by(Booking.starts, Booking.id)
        .execution_options(populate_existing=True)
    )
    opened = tuple(Appointment.of(row) for row in rows if row.id != but)
    for booking in opened:
        if booking.starts == wish.starts and booking.person_id == party.person_id:
            raise AlreadyBooked(booking)
    if len(opened) >= terms.rules.max_open:
        raise TooManyOpen(terms.rules.max_open, opened)


def admit_places(places: int, rules: BookingRules) -> None:
    """Raise TooManyPlaces for more people than a booking is for, or none."""
    if not 1 <= places <= rules.max_places:
        raise TooManyPlaces(rules.max_places)


async def admit_time(session: AsyncSession, place: CounterPlace, wish: Wish, *, terms: Terms) -> None:
    """Raise SlotPast, TooFarAhead, DayUnknown, DayClosed, NotASlot where nothing begins then."""
    day, last = local_day(wish.starts), bookable_until(terms.now, terms.rules)
    if wish.starts <= earliest_start(terms.now, terms.rules):
        raise SlotPast("begun", await alternatives(session, place, wish, terms=terms))
    if day > last:
        raise TooFarAhead(last, await alternatives(session, place, wish, terms=terms))
    hours = (await place_hours(session, place, day, day)).on(day)
    if wish.starts in starts_on(hours, terms.rules):
        return
    others = await alternatives(session, place, wish, terms=terms)
    if hours.state == "unknown":
        raise DayUnknown(day, others)
    raise DayClosed(hours, others) if hours.state == "closed" else NotASlot(hours, others)


async def admit_quota(
    session: AsyncSession,
    place: CounterPlace,
    wish: Wish,
    *,
    terms: Terms,
    but: int | None = None,
) -> None:
    """Hold the item's day where it takes only so many; raise QuotaFull where it takes no more."""
    if wish.quota is None:
        return
    day = local_day(wish.starts)
    await lock_quota(session, wish.item_code, day)
    taken = await quota_taken(session, wish.item_code, [day], now=terms.now, but=but)
    if taken[day] + wish.places > wish.quota:
        raise QuotaFull(day, wish.quota, await alternatives(session, place, wish, terms=terms))


async def alternatives(
    session: AsyncSession, place: CounterPlace, wish: Wish, *, terms: Terms
) -> tuple[FreeSlot, ...]:
    """The nearest free times at the same counters."""
    return await nearest_at(
        session,
        place,
        wish.starts,
        terms=terms,
        n=terms.rules.alternatives,
        places=wish.places,
        quota=Quota.of(wish),
    )
