"""Who waits for whom, in one order everywhere, so that nobody waits in a circle.

1. the gate: shared by whoever books, alone for whoever closes a day; 2. the citizens; 3. the natural persons
behind them; 4. the slots; 5. the waitlist's entries; 6. the bookings; 7. the days of items with a quota; each
by ascending id. Whoever offers places passes over entries that somebody else holds, instead of waiting. On
SQLite a transaction that writes is alone from its beginning (BEGIN IMMEDIATE), and none of this waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import UnknownBooking
from hall.appointments.models import Booking, QuotaDay, Slot
from hall.catalogue.revision import insert
from hall.people.citizens import lock_citizens, lock_identities

# Any number that nobody else takes in this database; it spells "booking" in ASCII.
_GATE = 0x626F6F6B696E67

SlotKey = tuple[int, datetime]


async def enter(session: AsyncSession) -> None:
    """Come in to change bookings: nobody closes a day until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(:gate)"), {"gate": _GATE})


async def shut(session: AsyncSession) -> None:
    """Wait until everybody who changes bookings is done, keep others out until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": _GATE})


async def lock_party(session: AsyncSession, citizen_id: int, identity_id: int | None = None) -> None:
    """Hold a citizen, and the natural person behind the account where known. Raises UnknownCitizen."""
    await lock_citizens(session, [citizen_id])
    if identity_id is not None:
        await lock_identities(session, [identity_id])


async def lock_slots(session: AsyncSession, keys: Iterable[SlotKey]) -> dict[SlotKey, Slot]:
    """Hold these slots, made where they are not there yet; by group and start."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    if len(wanted) == 1 and (found := await _held(session, wanted)):
        return found
    known = await session.execute(select(Slot.group_id, Slot.starts).where(_any_of(wanted)))
    there = {(row.group_id, row.starts) for row in known}
    # All that is missing is made before anything is held: whoever waits here holds no slot that others want.
    for group_id, starts in (key for key in wanted if key not in there):
        await session.execute(
            insert(session, Slot)
            .values(group_id=group_id, starts=starts)
            .on_conflict_do_nothing(index_elements=["group_id", "starts"])
        )
    return await _held(session, wanted)


def _any_of(keys: list[SlotKey]) -> ColumnElement[bool]:
    return tuple_(Slot.group_id, Slot.starts).in_(keys)


async def _held(session: AsyncSession, keys: list[SlotKey]) -> dict[SlotKey, Slot]:
    rows = await session.scalars(
        select(Slot)
        .where(_any_of(keys))
        .order_by(Slot.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(row.group_id, row.starts): row for row in rows}


async def lock_quota(session: AsyncSession, item_code: str, day: date) -> None:
    """Hold a day of an item that takes only so many; the last lock of all."""
    same = (QuotaDay.item_code == item_code) & (QuotaDay.day == day)
    held = select(QuotaDay.id).where(same).with_for_update()
    if (await session.execute(held)).first() is None:
        await session.execute(
            insert(session, QuotaDay)
            .values(item_code=item_code, day=day)
            .on_conflict_do_nothing(index_elements=["item_code", "day"])
        )
        await session.execute(held)


async def lock_bookings(session: AsyncSession, ids: Iterable[int]) -> list[Booking]:
    """Hold these bookings and read them anew, by id."""
    rows = await session.scalars(
        select(Booking)
        .where(Booking.id.in_(sorted(set(ids))))
        .order_by(Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def own_booking(session: AsyncSession, citizen_id: int, booking_id: int) -> Booking:
    """A citizen's booking, not held; the citizen's lock keeps it in its slot. Raises UnknownBooking."""
    row = await session.get(Booking, booking_id, populate_existing=True)
    if row is None or row.citizen_id != citizen_id:
        raise UnknownBooking(booking_id)
    return row
