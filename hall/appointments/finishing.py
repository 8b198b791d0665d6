"""Finishing elsewhere what was begun in the chat: a hold made final, or given up, by the page's request."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.amending import amend_hold
from hall.appointments.changing import cancel, mine
from hall.appointments.counters import counter_place
from hall.appointments.locks import enter, lock_party, lock_slots, own_booking
from hall.appointments.records import done_before, remember_request, slot_key
from hall.appointments.rules import Terms
from hall.appointments.taking import book, confirm
from hall.appointments.views import Appointment, Wish
from hall.people.proxies import Party


async def book_over_holds(
    session: AsyncSession, party: Party, wish: Wish, *, key: str, terms: Terms
) -> Appointment:
    """Book for good, whatever the citizen holds meanwhile: a hold of that very time becomes the booking.

    Other holds of theirs are given up, so that nobody stands in their own way. The same `key` again gives the
    same booking; where that one was cancelled since, a new one. Raises what `book` does.
    """
    await enter(session)
    await lock_party(session, party.citizen_id, party.identity_id)
    earlier = await done_before(session, party.citizen_id, key)
    if earlier is not None and earlier.state != "held":
        return await _again(session, party, wish, Appointment.of(earlier), key=key, terms=terms)
    same: Appointment | None = None
    kept = await holds(session, party.citizen_id, terms=terms)
    if kept:
        await _lock_all(session, kept, wish, terms)
    for held in kept:
        if is_of(held, wish) and same is None:
            same = held
        else:
            await cancel(session, party.citizen_id, held.id, terms=terms, told=True)
    if same is None:
        return await book(session, party, wish, key=key if earlier is None else f"{key}:page", terms=terms)
    await amend_hold(session, party, same.id, places=wish.places, terms=terms)
    done = await confirm(session, party.citizen_id, same.id, terms=terms)
    if earlier is None:
        row = await own_booking(session, party.citizen_id, same.id)
        remember_request(session, row, key, terms.now)
        await session.flush()
    return done


async def _lock_all(session: AsyncSession, kept: tuple[Appointment, ...], wish: Wish, terms: Terms) -> None:
    """Hold every slot that is given up or taken, in their one order; one by one could go in circles."""
    rows = [await own_booking(session, held.citizen_id, held.id) for held in kept]
    place = await counter_place(session, wish.hall, wish.group, rules=terms.rules)
    keys = [await slot_key(session, row) for row in rows]
    await lock_slots(session, [*keys, (place.group_id, wish.starts.astimezone(UTC))])


async def holds(session: AsyncSession, citizen_id: int, *, terms: Terms) -> tuple[Appointment, ...]:
    """What the citizen holds and has not confirmed."""
    found = await mine(session, citizen_id, now=terms.now)
    return tuple(booking for booking in found if booking.state == "held")


def is_of(booking: Appointment, wish: Wish) -> bool:
    """Whether a booking is of the time, the counters and the item that are wished for."""
    return (booking.starts, booking.hall, booking.group, booking.item_code) == (
        wish.starts,
        wish.hall,
        wish.group,
        wish.item_code,
    )


async def _again(
    session: AsyncSession, party: Party, wish: Wish, earlier: Appointment, *, key: str, terms: Terms
) -> Appointment:
    if earlier.state in {"cancelled", "expired"}:
        return await book(session, party, wish, key=f"{key}:{earlier.id}", terms=terms)
    return earlier
