"""Moving and cancelling an appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.admission import admit_quota, admit_time, alternatives
from hall.appointments.counters import CounterPlace, counter_place
from hall.appointments.errors import AlreadyBooked, SlotFull
from hall.appointments.locks import enter, lock_bookings, lock_party, lock_slots, own_booking
from hall.appointments.models import Booking, BookingEvent, Slot
from hall.appointments.occupancy import still_open
from hall.appointments.records import (
    CITIZEN,
    done_before,
    note,
    remember_request,
    require_open,
    slot_key,
    still_held,
    wish_again,
)
from hall.appointments.rules import Terms
from hall.appointments.slots import local_day
from hall.appointments.telling import tell_cancelled, tell_moved
from hall.appointments.turnover import Left, give_back, settle
from hall.appointments.views import Appointment, Wish


async def reschedule(
    session: AsyncSession,
    citizen_id: int,
    booking_id: int,
    *,
    starts: datetime,
    key: str,
    terms: Terms,
    hall: str | None = None,
    group: str | None = None,
    by: str = CITIZEN,
    why: str = "",
    told: bool = False,
) -> Appointment:
    """Move an appointment to another time (and counter), or leave it where it is: nothing in between.

    The same `key` again changes nothing. `told`: the caller tells the citizen itself; else a notice does,
    with the reason (`why`) where somebody else did it (`by`).

    Raises SlotFull, QuotaFull, DayClosed, DayUnknown, NotASlot, SlotPast, TooFarAhead (all with alternatives;
    the appointment stands as it was), NotOpen, TooLateToChange, AlreadyBooked (another appointment at that
    time), NoSuchCounter, UnknownBooking, UnknownCitizen.
    """
    await enter(session)
    await lock_party(session, citizen_id)
    if (earlier := await done_before(session, citizen_id, key)) is not None:
        return Appointment.of(earlier)
    row = await own_booking(session, citizen_id, booking_id)
    require_open(row, terms.now)
    wish = replace(wish_again(row), starts=starts, hall=hall or row.hall_code, group=group or row.group_code)
    place = await counter_place(session, wish.hall, wish.group, rules=terms.rules)
    old_key, new_key = await slot_key(session, row), (place.group_id, starts.astimezone(UTC))
    if old_key != new_key:
        await admit_time(session, place, wish, terms=terms)
        await _not_twice(session, row, wish, terms.now)
    slots = await lock_slots(session, [old_key, new_key])
    (row,) = await lock_bookings(session, [booking_id])
    require_open(row, terms.now)
    if old_key != new_key:
        left, was = Left.by(row), row.starts
        await _require_room(session, row, slots[new_key], place, wish, terms=terms)
        event = move_to(session, row, slots[new_key], wish, terms=terms, by=by, why=why)
        await session.flush()
        reason = "" if by == CITIZEN else why
        await tell_moved(session, row, event, was=was, reason=reason, terms=terms, told=told)
        await give_back(session, slots[old_key], left, terms=terms)
    remember_request(session, row, key, terms.now)
    await session.flush()
    return Appointment.of(row)


async def _require_room(
    session: AsyncSession, row: Booking, slot: Slot, place: CounterPlace, wish: Wish, *, terms: Terms
) -> None:
    """Raise SlotFull, QuotaFull where the slot that is held has no room for a booking that comes into it."""
    if await settle(session, slot, place.capacity, terms=terms) < row.places:
        raise SlotFull("full", await alternatives(session, place, wish, terms=terms))
    await admit_quota(session, place, wish, terms=terms, but=row.id)


async def cancel(
    session: AsyncSession,
    citizen_id: int,
    booking_id: int,
    *,
    terms: Terms,
    by: str = CITIZEN,
    why: str = "",
    told: bool = False,
) -> Appointment:
    """Cancel an appointment or give a hold back; again is harmless. Its place reopens after a short while.

    `told`: the caller tells the citizen itself; else a notice does (never of a hold that they give back).
    Raises NotOpen, TooLateToChange, UnknownBooking, UnknownCitizen.
    """
    await enter(session)
    await lock_party(session, citizen_id)
    row = await own_booking(session, citizen_id, booking_id)
    (slot,) = (await lock_slots(session, [await slot_key(session, row)])).values()
    (row,) = await lock_bookings(session, [booking_id])
    if row.state not in {"cancelled", "expired"} and (row.state != "held" or still_held(row, terms.now)):
        require_open(row, terms.now)
        told = told or (row.state == "held" and by == CITIZEN)
        await cancel_held(session, row, slot, terms=terms, by=by, why=why, told=told)
    return Appointment.of(row)


async def cancel_held(
    session: AsyncSession,
    row: Booking,
    slot: Slot,
    *,
    terms: Terms,
    by: str,
    why: str = "",
    told: bool,
) -> None:
    """Cancel an open booking that the caller has locked together with its slot."""
    row.state, row.held_until, row.occupies_until = "cancelled", None, None
    event = note(session, row, "cancelled", now=terms.now, by=by, detail=why)
    await session.flush()
    reason = "" if by == CITIZEN else why
    await tell_cancelled(session, row, event, reason=reason, terms=terms, told=told)
    await give_back(session, slot, Left.by(row), terms=terms)


def move_to(
    session: AsyncSession, row: Booking, slot: Slot, wish: Wish, *, terms: Terms, by: str, why: str = ""
) -> BookingEvent:
    """Write an open booking over into a slot that has room; the caller has locked both, and tells of it."""
    was = f"{row.starts:%Y-%m-%dT%H:%MZ} {row.hall_code}/{row.group_code} {why}".rstrip()
    event = note(session, row, "moved", now=terms.now, by=by, detail=was)
    row.slot_id, row.hall_code, row.group_code = slot.id, wish.hall, wish.group
    row.starts, row.ends, row.day = slot.starts, slot.starts + terms.rules.slot, local_day(slot.starts)
    row.reminder_failed = None
    return event


async def mine(session: AsyncSession, citizen_id: int, *, now: datetime) -> tuple[Appointment, ...]:
    """The citizen's bookings that are yet to come, held or confirmed, the next one first."""
    rows = await session.scalars(
        select(Booking)
        .where(Booking.citizen_id == citizen_id, still_open(now))
        .order_by(Booking.starts, Booking.id)
        .execution_options(populate_existing=True)
    )
    return tuple(Appointment.of(row) for row in rows)


async def get(session: AsyncSession, citizen_id: int, booking_id: int) -> Appointment:
    """One of the citizen's bookings, whatever became of it. Raises UnknownBooking."""
    return Appointment.of(await own_booking(session, citizen_id, booking_id))


async def _not_twice(session: AsyncSession, row: Booking, wish: Wish, now: datetime) -> None:
    rows = await session.scalars(
        select(Booking).where(
            Booking.citizen_id == row.citizen_id,
            Booking.starts == wish.starts,
            Booking.id != row.id,
            still_open(now),
        )
    )
    for other in rows:
        if other.person_id == row.person_id:
            raise AlreadyBooked(Appointment.of(other))
