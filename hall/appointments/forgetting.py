"""What the desk tells of a citizen, and what it forgets: its part of a copy and of an erasure.

Hand `told_of` to `hall.people.rights.export` and ``forgetting(terms)`` to `hall.people.rights.erase`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.changing import cancel_held
from hall.appointments.locks import SlotKey, enter, lock_bookings, lock_slots
from hall.appointments.models import Appeal, Booking, Slot, WaitlistEntry, Withheld
from hall.appointments.occupancy import still_open
from hall.appointments.records import CITIZEN
from hall.appointments.rules import Terms
from hall.appointments.standing import standing_of
from hall.appointments.telling import forget_offer, forget_standing
from hall.appointments.turnover import capacity_of, settle
from hall.people.citizens import lock_citizens


async def told_of(session: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """All bookings of a citizen as JSON, the first one first."""
    rows = await session.scalars(select(Booking).where(Booking.citizen_id == citizen_id).order_by(Booking.id))
    return [
        {
            "item": row.item_code,
            "hall": row.hall_code,
            "counter": row.group_code,
            "starts": row.starts.isoformat(),
            "people": row.places,
            "for_other": row.for_other,
            "state": row.state,
            "made": row.created.isoformat(),
        }
        for row in rows
    ]


def forgetting(terms: Terms) -> Callable[[AsyncSession, int], Awaitable[bool]]:
    """What an erasure calls: open bookings are cancelled, waiting ends, and nothing names a person any more.

    Its answer is whether a suspension or the blacklist runs: the account then stays known until it ends.
    """

    async def forget(session: AsyncSession, citizen_id: int) -> bool:
        await enter(session)
        await lock_citizens(session, [citizen_id])
        await _give_up_places(session, citizen_id, terms)
        restricted = await restriction(terms)(session, citizen_id)
        gone: dict[str, Any] = {"person_id": None} if restricted else {"person_id": None, "identity_id": None}
        await session.execute(update(Booking).where(Booking.citizen_id == citizen_id).values(**gone))
        await session.execute(
            update(WaitlistEntry)
            .where(WaitlistEntry.citizen_id == citizen_id)
            .values(person_id=None, identity_id=None)
        )
        await forget_standing(session, citizen_id, now=terms.now)
        await session.execute(update(Appeal).where(Appeal.citizen_id == citizen_id).values(text=None))
        return restricted

    return forget


def restriction(terms: Terms) -> Callable[[AsyncSession, int], Awaitable[bool]]:
    """What `hall.people.rights.finish_erasures` asks: whether a citizen's suspension or blacklisting runs."""

    async def restricted(session: AsyncSession, citizen_id: int) -> bool:
        return not (await standing_of(session, citizen_id, terms=terms)).clear

    return restricted


async def _give_up_places(session: AsyncSession, citizen_id: int, terms: Terms) -> None:
    booked = await session.execute(
        select(Booking.id, Slot.group_id, Slot.starts)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.citizen_id == citizen_id, still_open(terms.now))
    )
    bookings = booked.all()
    offered = await session.execute(
        select(WaitlistEntry.id, Slot.group_id, Slot.starts)
        .join(Slot, Slot.id == WaitlistEntry.slot_id)
        .where(WaitlistEntry.citizen_id == citizen_id, WaitlistEntry.state == "offered")
    )
    offers = offered.all()
    slots = await lock_slots(session, [(row.group_id, row.starts) for row in (*bookings, *offers)])
    by_id = {slot.id: slot for slot in slots.values()}
    for row in await lock_bookings(session, [row.id for row in bookings]):
        if row.state in {"held", "confirmed"}:
            await cancel_held(
                session, row, by_id[row.slot_id], terms=terms, by=CITIZEN, why="erased", told=True
            )
    await _leave_all(session, citizen_id, slots, terms)


async def _leave_all(
    session: AsyncSession, citizen_id: int, slots: dict[SlotKey, Slot], terms: Terms
) -> None:
    rows = await session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.citizen_id == citizen_id, WaitlistEntry.state.in_(("waiting", "offered")))
        .order_by(WaitlistEntry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    held = {slot.id: slot for slot in slots.values()}
    for row in rows.all():
        row.state = "left"
        await forget_offer(session, row.id, now=terms.now)
        await session.execute(delete(Withheld).where(Withheld.entry_id == row.id))
        await session.flush()
        # A place offered since the slots were read is in none of them: `offer_freed` gives it to the next.
        if row.slot_id is not None and row.slot_id in held:
            capacity = await capacity_of(session, row.hall_code, row.group_code, rules=terms.rules)
            await settle(session, held[row.slot_id], capacity, terms=terms)
