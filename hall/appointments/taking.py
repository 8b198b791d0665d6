"""Taking a place: hold it, then confirm it; or both in one."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.admission import admit_person, admit_places, admit_quota, admit_time, alternatives
from hall.appointments.counters import CounterPlace, counter_place
from hall.appointments.errors import HoldExpired, NotOpen, SlotFull
from hall.appointments.locks import enter, lock_bookings, lock_party, lock_slots, own_booking
from hall.appointments.models import Booking, Slot
from hall.appointments.occupancy import looks_full
from hall.appointments.records import (
    done_before,
    make_final,
    new_booking,
    remember_request,
    slot_key,
    still_held,
    wish_again,
)
from hall.appointments.rules import Terms
from hall.appointments.standing import require_standing
from hall.appointments.turnover import settle
from hall.appointments.views import Appointment, Wish
from hall.people.proxies import Party


class _FullError(Exception):
    """No room in the slot that is held."""


async def hold(session: AsyncSession, party: Party, wish: Wish, *, key: str, terms: Terms) -> Appointment:
    """Keep a place for ten minutes until it is confirmed. The same `key` again gives the same booking.

    Raises Barred, TooManyOpen, TooManyPlaces, AlreadyBooked, SlotFull, QuotaFull, DayClosed, DayUnknown,
    NotASlot, SlotPast, TooFarAhead (the last seven with alternatives), NoSuchCounter, UnknownCitizen.
    """
    return await _take(session, party, wish, key=key, terms=terms, final=False)


async def book(
    session: AsyncSession, party: Party, wish: Wish, *, key: str, terms: Terms, told: bool = False
) -> Appointment:
    """Take a place for good, in one step. Raises what `hold` does.

    `told`: the caller confirms it to the citizen itself; else a notice does.
    """
    return await _take(session, party, wish, key=key, terms=terms, final=True, told=told)


async def confirm(
    session: AsyncSession, citizen_id: int, booking_id: int, *, terms: Terms, told: bool = False
) -> Appointment:
    """Make a hold final; again is harmless. A hold that ran out is taken anew where its place is still free.

    `told`: the caller confirms it to the citizen itself; else a notice does.

    Raises HoldExpired (with alternatives), NotOpen, UnknownBooking, UnknownCitizen, and what `hold` raises
    where it is taken anew.
    """
    await enter(session)
    await lock_party(session, citizen_id)
    row = await own_booking(session, citizen_id, booking_id)
    await lock_party(session, citizen_id, row.identity_id)
    (slot,) = (await lock_slots(session, [await slot_key(session, row)])).values()
    (row,) = await lock_bookings(session, [booking_id])
    if row.state == "confirmed":
        return Appointment.of(row)
    if row.state not in {"held", "expired"}:
        raise NotOpen(Appointment.of(row))
    if not still_held(row, terms.now):
        await _take_anew(session, row, slot, terms=terms)
    await make_final(session, row, terms=terms, told=told)
    await session.flush()
    return Appointment.of(row)


async def _take(
    session: AsyncSession,
    party: Party,
    wish: Wish,
    *,
    key: str,
    terms: Terms,
    final: bool,
    told: bool = False,
) -> Appointment:
    admit_places(wish.places, terms.rules)
    await enter(session)
    await lock_party(session, party.citizen_id, party.identity_id)
    if (earlier := await done_before(session, party.citizen_id, key)) is not None:
        return Appointment.of(earlier)
    await require_standing(session, party.citizen_id, party.identity_id, terms=terms)
    await admit_person(session, party, wish, terms=terms)
    place = await counter_place(session, wish.hall, wish.group, rules=terms.rules)
    await admit_time(session, place, wish, terms=terms)
    slot = await _room(session, place, wish, terms=terms)
    row = await new_booking(session, party, wish, slot, terms=terms, final=final, told=told)
    remember_request(session, row, key, terms.now)
    await session.flush()
    return Appointment.of(row)


async def _room(session: AsyncSession, place: CounterPlace, wish: Wish, *, terms: Terms) -> Slot:
    """The slot, held, with room for the wish. Raises SlotFull, QuotaFull."""
    key, most = (place.group_id, wish.starts), place.capacity
    # Those who come too late need not stand in line for the slot to hear so.
    if await looks_full(session, *key, capacity=most, places=wish.places, now=terms.now):
        raise SlotFull("full", await alternatives(session, place, wish, terms=terms))
    try:
        # Undone to here where it is full after all: nobody waits for the slot while others are looked for.
        async with session.begin_nested():
            slot = await _slot_with_room(session, place, wish, terms)
    except _FullError:
        raise SlotFull("full", await alternatives(session, place, wish, terms=terms)) from None
    await admit_quota(session, place, wish, terms=terms)
    return slot


async def _slot_with_room(session: AsyncSession, place: CounterPlace, wish: Wish, terms: Terms) -> Slot:
    (slot,) = (await lock_slots(session, [(place.group_id, wish.starts)])).values()
    if await settle(session, slot, place.capacity, terms=terms) < wish.places:
        raise _FullError
    return slot


async def _take_anew(session: AsyncSession, row: Booking, slot: Slot, *, terms: Terms) -> None:
    await require_standing(session, row.citizen_id, row.identity_id, terms=terms)
    party = Party(row.citizen_id, row.identity_id, row.person_id, row.for_other)
    wish = wish_again(row)
    await admit_person(session, party, wish, terms=terms, but=row.id)
    place = await counter_place(session, row.hall_code, row.group_code, rules=terms.rules)
    await admit_time(session, place, wish, terms=terms)
    if await settle(session, slot, place.capacity, terms=terms, but=row.id) < row.places:
        raise HoldExpired("gone", await alternatives(session, place, wish, terms=terms))
    await admit_quota(session, place, wish, terms=terms, but=row.id)
