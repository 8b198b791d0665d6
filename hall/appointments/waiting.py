"""The waitlist (候补): who waits for a place, who was offered one, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.admission import admit_person, admit_places, admit_quota, admit_time, alternatives
from hall.appointments.availability import Quota, slots_from
from hall.appointments.counters import counter_place
from hall.appointments.errors import NotASlot, OfferGone, StillFree, TooManyWaiting, UnknownBooking
from hall.appointments.locks import enter, lock_party, lock_slots
from hall.appointments.models import Slot, WaitlistEntry, Withheld
from hall.appointments.records import done_before, new_booking, remember_request
from hall.appointments.rules import Terms
from hall.appointments.standing import require_standing
from hall.appointments.telling import forget_offer
from hall.appointments.turnover import capacity_of, settle
from hall.appointments.views import Appointment, Wish
from hall.people.proxies import Party

_LIVE = ("waiting", "offered")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of the waitlist. `starts` is the place on offer until `offer_until`."""

    id: int
    citizen_id: int
    state: Literal["waiting", "offered", "taken", "left", "passed", "over"]
    item_code: str
    hall: str
    group: str
    first: datetime
    last: datetime
    places: int
    starts: datetime | None = None
    offer_until: datetime | None = None


async def join_waitlist(
    session: AsyncSession, party: Party, wish: Wish, *, last: datetime, terms: Terms
) -> Waiting:
    """Wait for a place that begins from ``wish.starts`` to before `last`, all in one day. Again is harmless.

    Raises StillFree (alternatives in that very time), TooManyWaiting, TooManyPlaces, Barred, NotASlot
    (nothing begins in that time), NoSuchCounter, UnknownCitizen.
    """
    admit_places(wish.places, terms.rules)
    await enter(session)
    await lock_party(session, party.citizen_id, party.identity_id)
    await require_standing(session, party.citizen_id, party.identity_id, terms=terms)
    live = await _live(session, party.citizen_id, terms.now)
    for row in live:
        if _same(row, wish, last):
            return await _view(session, row)
    if len(live) >= terms.rules.max_waiting:
        raise TooManyWaiting(terms.rules.max_waiting)
    place = await counter_place(session, wish.hall, wish.group, rules=terms.rules)
    hours, slots = await slots_from(session, place, wish.starts, last, terms=terms, quota=Quota.of(wish))
    if not slots:
        raise NotASlot(hours, await alternatives(session, place, wish, terms=terms))
    if free := tuple(slot for slot in slots if slot.free >= wish.places):
        raise StillFree("free", free)
    row = _entry(party, wish, last=last, group_id=place.group_id, now=terms.now)
    session.add(row)
    await session.flush()
    return await _view(session, row)


def _entry(party: Party, wish: Wish, *, last: datetime, group_id: int, now: datetime) -> WaitlistEntry:
    return WaitlistEntry(
        citizen_id=party.citizen_id,
        identity_id=party.identity_id,
        person_id=party.person_id,
        for_other=party.for_other,
        group_id=group_id,
        hall_code=wish.hall,
        group_code=wish.group,
        item_code=wish.item_code,
        item_version=wish.item_version,
        quota=wish.quota,
        places=wish.places,
        first=wish.starts,
        last=last,
        state="waiting",
        created=now,
    )


async def accept_offer(
    session: AsyncSession, citizen_id: int, entry_id: int, *, key: str, terms: Terms, told: bool = False
) -> Appointment:
    """Take the place on offer, for good. The same `key` again gives the same booking.

    `told`: the caller confirms it to the citizen itself; else a notice does.

    Raises OfferGone (with alternatives), TooManyOpen (the offer stands), AlreadyBooked, Barred, QuotaFull,
    DayClosed, DayUnknown, SlotPast, UnknownBooking.
    """
    await enter(session)
    await lock_party(session, citizen_id)
    if (earlier := await done_before(session, citizen_id, key)) is not None:
        return Appointment.of(earlier)
    row = await _own(session, citizen_id, entry_id)
    await lock_party(session, citizen_id, row.identity_id)
    slot = await _offered_slot(session, row)
    row = await _own(session, citizen_id, entry_id, hold=True)
    place = await counter_place(session, row.hall_code, row.group_code, rules=terms.rules)
    wish = _wish(row, slot.starts if slot is not None else row.first)
    if slot is None or row.state != "offered" or row.offer_until is None or row.offer_until <= terms.now:
        raise OfferGone("gone", await alternatives(session, place, wish, terms=terms))
    party = Party(row.citizen_id, row.identity_id, row.person_id, row.for_other)
    await require_standing(session, party.citizen_id, party.identity_id, terms=terms)
    await admit_person(session, party, wish, terms=terms)
    await admit_time(session, place, wish, terms=terms)
    await _release(session, row)
    await admit_quota(session, place, wish, terms=terms)
    row.state = "taken"
    await forget_offer(session, row.id, now=terms.now)
    booking = await new_booking(session, party, wish, slot, terms=terms, final=True, told=told)
    remember_request(session, booking, key, terms.now)
    await session.flush()
    return Appointment.of(booking)


async def leave_waitlist(session: AsyncSession, citizen_id: int, entry_id: int, *, terms: Terms) -> Waiting:
    """Stop waiting, or decline an offer, which then goes to who waits next. Again is harmless.

    Raises UnknownBooking, UnknownCitizen.
    """
    await enter(session)
    await lock_party(session, citizen_id)
    row = await _own(session, citizen_id, entry_id)
    slot = await _offered_slot(session, row)
    row = await _own(session, citizen_id, entry_id, hold=True)
    if row.state in _LIVE:
        row.state = "left"
        await forget_offer(session, row.id, now=terms.now)
        await _release(session, row)
        await session.flush()
        if slot is not None:
            capacity = await capacity_of(session, row.hall_code, row.group_code, rules=terms.rules)
            await settle(session, slot, capacity, terms=terms)
    return await _view(session, row)


async def my_waiting(session: AsyncSession, citizen_id: int, *, now: datetime) -> tuple[Waiting, ...]:
    """The citizen's entries that are waiting or have an offer."""
    return tuple([await _view(session, row) for row in await _live(session, citizen_id, now)])


async def position(session: AsyncSession, entry_id: int) -> int:
    """How many wait at the same counters, for a time that overlaps, since before this entry. 0 is next."""
    row = await session.get(WaitlistEntry, entry_id, populate_existing=True)
    if row is None:
        raise UnknownBooking(entry_id)
    before = await session.scalar(
        select(func.count(WaitlistEntry.id)).where(
            WaitlistEntry.group_id == row.group_id,
            WaitlistEntry.state == "waiting",
            WaitlistEntry.first < row.last,
            WaitlistEntry.last > row.first,
            WaitlistEntry.id < row.id,
        )
    )
    return before or 0


async def _live(session: AsyncSession, citizen_id: int, now: datetime) -> list[WaitlistEntry]:
    rows = await session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.citizen_id == citizen_id, WaitlistEntry.state.in_(_LIVE), WaitlistEntry.last > now
        )
        .order_by(WaitlistEntry.id)
        .execution_options(populate_existing=True)
    )
    return [row for row in rows if row.state == "waiting" or (row.offer_until and row.offer_until > now)]


async def _own(session: AsyncSession, citizen_id: int, entry_id: int, *, hold: bool = False) -> WaitlistEntry:
    row = await session.get(WaitlistEntry, entry_id, populate_existing=True, with_for_update=hold or None)
    if row is None or row.citizen_id != citizen_id:
        raise UnknownBooking(entry_id)
    return row


async def _offered_slot(session: AsyncSession, row: WaitlistEntry) -> Slot | None:
    """The slot on offer, held. An entry is offered one slot once, so that it cannot change meanwhile."""
    if row.slot_id is None:
        return None
    slot = await session.get_one(Slot, row.slot_id)
    return next(iter((await lock_slots(session, [(slot.group_id, slot.starts)])).values()))


async def _release(session: AsyncSession, row: WaitlistEntry) -> None:
    await session.execute(delete(Withheld).where(Withheld.entry_id == row.id))


def _same(row: WaitlistEntry, wish: Wish, last: datetime) -> bool:
    return (
        row.hall_code == wish.hall
        and row.group_code == wish.group
        and row.item_code == wish.item_code
        and row.first == wish.starts
        and row.last == last
    )


def _wish(row: WaitlistEntry, starts: datetime) -> Wish:
    return Wish(
        row.item_code,
        row.hall_code,
        row.group_code,
        starts,
        item_version=row.item_version,
        places=row.places,
        quota=row.quota,
    )


async def _view(session: AsyncSession, row: WaitlistEntry) -> Waiting:
    slot = await session.get(Slot, row.slot_id) if row.slot_id is not None else None
    offered = row.state == "offered"
    return Waiting(
        row.id,
        row.citizen_id,
        row.state,  # type: ignore[arg-type]  # the desk writes no other
        row.item_code,
        row.hall_code,
        row.group_code,
        row.first,
        row.last,
        row.places,
        slot.starts if slot is not None and offered else None,
        row.offer_until if offered else None,
    )
