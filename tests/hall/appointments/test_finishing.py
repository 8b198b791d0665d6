"""What is held in the chat while the page books: nobody waits in a circle, nothing is lost or doubled."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from hall.appointments import errors as desk_errors
from hall.appointments import service as desk
from hall.appointments.finishing import book_over_holds
from hall.appointments.models import Booking
from hall.appointments.service import Appointment, Wish
from hall.db import Sessions
from hall.people.proxies import Party
from tests.hall.appointments.desk import booked, citizen, citizens, free, terms, wish


async def hold(sessions: Sessions, party: Party, wanted: Wish) -> Appointment:
    async with sessions.begin() as session:
        return await desk.hold(session, party, wanted, key=f"chat:{wanted.starts:%H%M}", terms=terms())


async def finish(sessions: Sessions, party: Party, wanted: Wish, key: str = "page") -> Appointment:
    async with sessions.begin() as session:
        return await book_over_holds(session, party, wanted, key=key, terms=terms())


async def states(sessions: Sessions) -> dict[str, int]:
    async with sessions() as session:
        rows = await session.execute(select(Booking.state, func.count()).group_by(Booking.state))
    return {row[0]: row[1] for row in rows}


async def test_a_hold_of_that_time_becomes_the_booking(hall: Sessions) -> None:
    party = await citizen(hall)
    held = await hold(hall, party, wish())
    done = await finish(hall, party, wish(places=2))
    assert (done.id, done.state, done.places) == (held.id, "confirmed", 2)
    assert await finish(hall, party, wish(places=2)) == done
    assert await states(hall) == {"confirmed": 1}
    assert await free(hall, wish()) == 0


async def test_another_hold_makes_way(hall: Sessions) -> None:
    party = await citizen(hall)
    await hold(hall, party, wish("09:00"))
    done = await finish(hall, party, wish("10:00"))
    assert done.state == "confirmed"
    assert await states(hall) == {"cancelled": 1, "confirmed": 1}


async def test_nothing_held_is_a_plain_booking_and_after_a_cancellation_a_new_one(hall: Sessions) -> None:
    party = await citizen(hall)
    done = await finish(hall, party, wish())
    assert await finish(hall, party, wish("10:00")) == done
    async with hall.begin() as session:
        await desk.cancel(session, party.citizen_id, done.id, terms=terms())
    anew = await finish(hall, party, wish("10:00"))
    assert anew.id != done.id
    assert await finish(hall, party, wish("10:00")) == anew


async def test_a_full_time_leaves_what_is_held_as_it_was(hall: Sessions) -> None:
    parties = await citizens(hall, 3)
    for party in parties[1:]:
        await booked(hall, party, wish("10:00"))
    held = await hold(hall, parties[0], wish("09:00"))
    with pytest.raises(desk_errors.SlotFull) as full:
        await finish(hall, parties[0], wish("10:00"))
    assert full.value.alternatives
    async with hall() as session:
        assert (await desk.get(session, parties[0].citizen_id, held.id)).state == "held"


async def test_who_change_places_with_each_other_do_not_wait_in_a_circle(hall: Sessions) -> None:
    parties = await citizens(hall, 8)
    times = ("09:00", "09:30")
    for number, party in enumerate(parties):
        await hold(hall, party, wish(times[number % 2], group="F"))
    done = await asyncio.gather(
        *(
            finish(hall, party, wish(times[(number + 1) % 2], group="F"))
            for number, party in enumerate(parties)
        )
    )
    assert [booking.state for booking in done] == ["confirmed"] * 8
    assert await states(hall) == {"cancelled": 8, "confirmed": 8}
