"""Writing bookings down: a new one, what happens to it, and which requests were carried out."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from hall.appointments.errors import NotOpen, TooLateToChange
from hall.appointments.locks import SlotKey
from hall.appointments.models import Booking, BookingEvent, BookingRequest, Slot
from hall.appointments.rules import Terms
from hall.appointments.slots import local_day
from hall.appointments.telling import tell_confirmed
from hall.appointments.views import Appointment, Wish
from hall.catalogue.revision import insert
from hall.people.proxies import Party

CITIZEN = "citizen"
DESK = "desk"  # done by the clock, by nobody in particular
_CODES = 10**8


async def new_booking(
    session: AsyncSession,
    party: Party,
    wish: Wish,
    slot: Slot,
    *,
    terms: Terms,
    final: bool,
    told: bool = False,
) -> Booking:
    """A booking in a slot that the caller holds and found to have room: confirmed if `final`, else held.

    `told`: the caller tells the citizen that it is confirmed.
    """
    values = _values(party, wish, slot, terms, final=final)
    row: Booking | None = None
    while row is None:
        values["code"] = _code(terms.chance) if final else None
        made = insert(session, Booking).values(**values).on_conflict_do_nothing(index_elements=["code"])
        # None: somebody was given this code already; another is drawn.
        row = await session.scalar(made.returning(Booking))
    event = note(session, row, row.state, now=terms.now)
    if final:
        await tell_confirmed(session, row, event, terms=terms, told=told)
    return row


def _values(party: Party, wish: Wish, slot: Slot, terms: Terms, *, final: bool) -> dict[str, Any]:
    values: dict[str, Any] = {
        "citizen_id": party.citizen_id,
        "identity_id": party.identity_id,
        "person_id": party.person_id,
        "for_other": party.for_other,
        "slot_id": slot.id,
        "hall_code": wish.hall,
        "group_code": wish.group,
        "day": local_day(wish.starts),
        "starts": wish.starts,
        "ends": wish.starts + terms.rules.slot,
        "item_code": wish.item_code,
        "item_version": wish.item_version,
        "quota": wish.quota,
        "places": wish.places,
        "state": "confirmed" if final else "held",
        "created": terms.now,
    }
    if not final:
        held_until = terms.now + timedelta(minutes=terms.rules.hold_minutes)
        # The place opens a little after what the citizen is told, at a moment nobody can foresee.
        values |= {"held_until": held_until, "occupies_until": held_until + (terms.reopening() - terms.now)}
    return values


def note(
    session: AsyncSession, row: Booking, kind: str, *, now: datetime, by: str = CITIZEN, detail: str = ""
) -> BookingEvent:
    """Keep what happened to a booking."""
    event = BookingEvent(booking_id=row.id, at=now, kind=kind, by=by[:100], detail=detail[:300])
    session.add(event)
    return event


async def make_final(session: AsyncSession, row: Booking, *, terms: Terms, told: bool) -> None:
    """Confirm a hold that has its place, and give it the code that is shown at the desk."""
    row.state, row.held_until, row.occupies_until = "confirmed", None, None
    event = note(session, row, "confirmed", now=terms.now)
    await session.flush()
    while row.code is None:
        code = _code(terms.chance)
        give = update(Booking).where(Booking.id == row.id).values(code=code)
        try:
            async with session.begin_nested():
                await session.execute(give, execution_options={"synchronize_session": False})
        except IntegrityError:  # somebody was given this code already
            continue
        set_committed_value(row, "code", code)
    await tell_confirmed(session, row, event, terms=terms, told=told)


def _code(chance: Random) -> str:
    return f"{chance.randrange(_CODES):08d}"


async def done_before(session: AsyncSession, citizen_id: int, key: str) -> Booking | None:
    """The booking that a request with this key made or changed, if it was carried out.

    The caller holds the citizen, so that the same request cannot be on its way at the same time.
    """
    if not 1 <= len(key) <= 100:
        raise ValueError("a request needs a key of 1 to 100 characters")
    found = await session.scalars(
        select(Booking)
        .join(BookingRequest, BookingRequest.booking_id == Booking.id)
        .where(BookingRequest.citizen_id == citizen_id, BookingRequest.key == key)
        .execution_options(populate_existing=True)
    )
    return found.first()


def remember_request(session: AsyncSession, row: Booking, key: str, now: datetime) -> None:
    """Keep that the request of this key was carried out."""
    session.add(BookingRequest(citizen_id=row.citizen_id, key=key, booking_id=row.id, at=now))


async def slot_key(session: AsyncSession, row: Booking) -> SlotKey:
    """The slot of a booking, to be locked."""
    slot = await session.get_one(Slot, row.slot_id)
    return slot.group_id, slot.starts


def still_held(row: Booking, now: datetime) -> bool:
    """Whether a booking is a hold that has not run out."""
    return row.state == "held" and row.occupies_until is not None and row.occupies_until > now


def require_open(row: Booking, now: datetime) -> None:
    """Raise NotOpen, TooLateToChange where a booking can no longer be changed."""
    if row.state != "confirmed" and not still_held(row, now):
        raise NotOpen(Appointment.of(row))
    if row.starts <= now:
        raise TooLateToChange(row.starts)


def wish_again(row: Booking, *, places: int | None = None) -> Wish:
    """The wish that a booking fulfils; for so many people, if it is to be for others than it is."""
    return Wish(
        row.item_code,
        row.hall_code,
        row.group_code,
        row.starts,
        item_version=row.item_version,
        places=row.places if places is None else places,
        quota=row.quota,
    )
