"""A place that is held, while it is still being asked whom it is for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.admission import admit_person, admit_places, admit_quota, alternatives
from hall.appointments.counters import counter_place
from hall.appointments.errors import NotOpen, SlotFull
from hall.appointments.locks import enter, lock_bookings, lock_party, lock_slots, own_booking
from hall.appointments.models import Booking, BookingRequest
from hall.appointments.records import slot_key, still_held, wish_again
from hall.appointments.rules import Terms
from hall.appointments.standing import require_standing
from hall.appointments.turnover import settle
from hall.appointments.views import Appointment
from hall.people.proxies import Party


async def amend_hold(
    session: AsyncSession, party: Party, booking_id: int, *, places: int, terms: Terms
) -> Appointment:
    """Say whom a held place is for and how many people come; again is harmless. It is held no longer for it.

    Raises NotOpen (no longer held), SlotFull and QuotaFull (no room for more people; the hold stands as it
    was), Barred, TooManyOpen, TooManyPlaces, AlreadyBooked, UnknownBooking, UnknownCitizen.
    """
    admit_places(places, terms.rules)
    await enter(session)
    await lock_party(session, party.citizen_id, party.identity_id)
    row = await own_booking(session, party.citizen_id, booking_id)
    (slot,) = (await lock_slots(session, [await slot_key(session, row)])).values()
    (row,) = await lock_bookings(session, [booking_id])
    if not still_held(row, terms.now):
        raise NotOpen(Appointment.of(row))
    await require_standing(session, party.citizen_id, party.identity_id, terms=terms)
    wish = wish_again(row, places=places)
    await admit_person(session, party, wish, terms=terms, but=row.id)
    place = await counter_place(session, row.hall_code, row.group_code, rules=terms.rules)
    if places > row.places:
        # Only what is free beside the hold itself is there for more people.
        if await settle(session, slot, place.capacity, terms=terms) < places - row.places:
            raise SlotFull("full", await alternatives(session, place, wish, terms=terms))
        await admit_quota(session, place, wish, terms=terms, but=row.id)
    row.identity_id, row.person_id, row.for_other = party.identity_id, party.person_id, party.for_other
    row.places = places
    await session.flush()
    return Appointment.of(row)


async def booked_by(session: AsyncSession, citizen_id: int, key: str) -> Appointment | None:
    """The citizen's booking that a request with this key made, whatever became of it; None where none did."""
    found = await session.scalars(
        select(Booking)
        .join(BookingRequest, BookingRequest.booking_id == Booking.id)
        .where(BookingRequest.citizen_id == citizen_id, BookingRequest.key == key)
    )
    row = found.first()
    return Appointment.of(row) if row is not None else None
