"""What a transcript takes for given: a full slot, a missed appointment, an appeal that was decided."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import migrations.tables  # noqa: F401 - every mapped class
from hall.appointments import service as appointments
from hall.appointments.counters import counter_place, place_hours
from hall.appointments.locks import lock_slots
from hall.appointments.models import Appeal, Booking, Slot, WaitlistEntry, Withheld
from hall.appointments.records import new_booking
from hall.appointments.service import BookingRules, Terms, Wish, set_slot_capacity
from hall.appointments.slots import starts_on
from hall.centres.opening import SHANGHAI
from hall.db import create_engine, writing
from hall.people.citizens import register
from hall.people.proxies import Party
from tests.desk import Citizen, Desk

RULES = BookingRules()


@asynccontextmanager
async def changing(desk: Desk) -> AsyncIterator[AsyncSession]:
    engine = create_engine(desk.settings.database_url)
    try:
        async with writing(engine) as connection:
            session = AsyncSession(bind=connection, expire_on_commit=False)
            yield session
            await session.flush()
            await connection.commit()
    finally:
        await engine.dispose()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


async def given(desk: Desk, citizen: Citizen, what: dict[str, Any]) -> None:
    """Make it so. `full`: slots, or a whole day, at `at` (hall/group); `missed`: starts of this citizen's."""
    async with changing(desk) as session:
        terms = Terms(desk.clock(), RULES)
        hall, _, group = str(what.get("at", "main/A3")).partition("/")
        for text in what.get("full", ()):
            for start in await starts(session, hall, group, text):
                await set_slot_capacity(session, hall, group, start, 0, rules=RULES)
        for text in what.get("freed", ()):
            await set_slot_capacity(session, hall, group, moment(text), None, rules=RULES)
            await appointments.offer_freed(session, terms=terms)
        for text in what.get("missed", ()):
            await missed(session, citizen, Wish("GA-0301", hall, group, moment(text)), terms)
        if "quota_gone" in what:
            wish = Wish(what["item"], hall, group, moment(what["quota_gone"]))
            await quota_gone(session, wish, int(what["places"]), terms)
        if "appeal" in what:
            await decided(
                session, citizen, granted=what["appeal"] == "granted", why=what["why"], now=terms.now
            )


async def starts(session: AsyncSession, hall: str, group: str, text: str) -> list[datetime]:
    """The start that a text names, or all of its day."""
    if ":" in text:
        return [moment(text)]
    place = await counter_place(session, hall, group, rules=RULES)
    day = moment(text).date()
    return list(starts_on((await place_hours(session, place, day, day)).on(day), RULES))


async def booked(session: AsyncSession, party: Party, wish: Wish, terms: Terms) -> Booking:
    place = await counter_place(session, wish.hall, wish.group, rules=RULES)
    (slot,) = (await lock_slots(session, [(place.group_id, wish.starts.astimezone(UTC))])).values()
    return await new_booking(session, party, wish, slot, terms=terms, final=True)


async def missed(session: AsyncSession, citizen: Citizen, wish: Wish, terms: Terms) -> None:
    """This citizen was booked then, and did not come."""
    party = Party(await register(session, citizen.openid, now=terms.now))
    row = await booked(session, party, wish, Terms(wish.starts - timedelta(days=1), RULES))
    row.state = "no_show"


async def quota_gone(session: AsyncSession, wish: Wish, places: int, terms: Terms) -> None:
    """All that the item takes that day are booked, by somebody else."""
    party = Party(await register(session, "oSomebodyElse", now=terms.now))
    row = await booked(session, party, wish, terms)
    row.places = places


async def decided(session: AsyncSession, citizen: Citizen, *, granted: bool, why: str, now: datetime) -> None:
    """Staff decided on the citizen's appeal."""
    owner = await register(session, citizen.openid, now=now)
    number = await session.scalar(select(Appeal.id).where(Appeal.citizen_id == owner, Appeal.state == "open"))
    assert number is not None, "no appeal is open"
    await appointments.decide_appeal(session, number, granted=granted, by="李主任", reason=why, now=now)


async def cleared(desk: Desk) -> None:
    """No place is taken and nobody waits any more: conversations do not take each other's places."""
    async with changing(desk) as session:
        await session.execute(update(Booking).values(state="cancelled", held_until=None, occupies_until=None))
        await session.execute(delete(Withheld))
        await session.execute(update(WaitlistEntry).values(state="left"))
        await session.execute(update(Slot).values(capacity=None))
