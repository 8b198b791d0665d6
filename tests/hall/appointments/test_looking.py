"""Looking before booking: it says what booking would say, holds nothing and takes no lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hall.appointments import service as desk
from hall.appointments.errors import NoSuchCounter, NotToBeHad, SlotFull, TooManyPlaces
from hall.appointments.models import Slot
from hall.appointments.service import Wish
from hall.db import Sessions, create_sessions, reading
from hall.people.proxies import Party
from tests.hall.appointments.desk import booked, citizen, fill, terms, wish
from tests.hall.appointments.test_waiting import cancel, wait

SUNDAY = date(2026, 12, 6)
FULL = wish("10:00")


async def said(sessions: Sessions, wanted: Wish, party: Party | None = None) -> object:
    """What looking says (or booking, for a citizen); None where there is room."""
    async with sessions() as session:
        try:
            if party is None:
                await desk.require_room(session, wanted, terms=terms())
            else:
                await desk.book(session, party, wanted, key="look", terms=terms())
        except NotToBeHad as refused:
            return type(refused), str(refused), refused.alternatives
        except (TooManyPlaces, NoSuchCounter) as refused:
            return type(refused), str(refused)
        return None


@pytest.mark.parametrize(
    "wanted",
    [
        wish(),
        FULL,
        replace(FULL, places=2),
        wish("10:30", places=2),
        wish("10:30", quota=2),
        wish("12:30"),
        wish("09:30", SUNDAY),
        wish("09:30", date(2026, 12, 1)),
        wish("09:30", date(2027, 1, 4)),
        wish(places=3),
        replace(wish(), group="Z"),
    ],
)
async def test_looking_says_what_booking_would(hall: Sessions, engine: AsyncEngine, wanted: Wish) -> None:
    await fill(hall, FULL)
    await booked(hall, await citizen(hall, 5), wish("10:30"))
    party = await citizen(hall)
    looking = create_sessions(reading(engine))
    assert await said(looking, wanted) == await said(hall, wanted, party)


async def test_looking_leaves_nothing_and_waits_for_nobody(hall: Sessions, engine: AsyncEngine) -> None:
    party = await citizen(hall)
    looking = create_sessions(reading(engine))
    async with hall.begin() as session:  # on SQLite nobody else could write meanwhile
        await desk.book(session, party, wish(), key="k", terms=terms())
        assert await said(looking, wish("10:30")) is None
    async with hall() as session:
        assert await session.scalar(select(func.count(Slot.id))) == 1


async def test_a_place_that_somebody_waits_for_does_not_look_free(hall: Sessions) -> None:
    (first, _) = await fill(hall, wish())
    await wait(hall, await citizen(hall))
    await cancel(hall, first)
    found = await said(hall, wish())
    assert isinstance(found, tuple)
    assert found[0] is SlotFull
