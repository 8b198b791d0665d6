"""Whom a held place is for, said after it was taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hall.appointments import service as desk
from hall.appointments.errors import (
    AlreadyBooked,
    NotOpen,
    QuotaFull,
    SlotFull,
    TooManyPlaces,
    UnknownBooking,
)
from hall.appointments.service import Appointment, Wish
from hall.db import Sessions
from hall.people.proxies import Party
from tests.hall.appointments.desk import WEDNESDAY, booked, citizen, fill, free, terms, wish


async def held(sessions: Sessions, party: Party, wanted: Wish) -> Appointment:
    async with sessions.begin() as session:
        return await desk.hold(session, party, wanted, key="k", terms=terms())


async def amended(
    sessions: Sessions, party: Party, booking: int, places: int, minutes: int = 1
) -> Appointment:
    async with sessions.begin() as session:
        return await desk.amend_hold(
            session, party, booking, places=places, terms=terms(timedelta(minutes=minutes))
        )


async def test_more_people_take_more_places_and_fewer_give_them_back(hall: Sessions) -> None:
    party, wanted = await citizen(hall), wish(group="A")
    place = await held(hall, party, wanted)
    assert (await amended(hall, party, place.id, 2)).places == 2
    assert await free(hall, wanted) == 2
    assert (await amended(hall, party, place.id, 2)).places == 2
    assert (await amended(hall, party, place.id, 1)).places == 1
    assert await free(hall, wanted) == 3
    async with hall.begin() as session:
        done = await desk.confirm(session, party.citizen_id, place.id, terms=terms(timedelta(minutes=2)))
    assert (done.state, done.places) == ("confirmed", 1)


async def test_no_room_for_more_people_leaves_the_hold_as_it_was(hall: Sessions) -> None:
    party, wanted = await citizen(hall), wish(group="B")
    place = await held(hall, party, wanted)
    await fill(hall, wanted, places=1)
    with pytest.raises(SlotFull) as full:
        await amended(hall, party, place.id, 2)
    assert full.value.alternatives
    async with hall() as session:
        assert (await desk.get(session, party.citizen_id, place.id)).places == 1


async def test_the_items_day_counts_too(hall: Sessions) -> None:
    party, wanted = await citizen(hall), wish(group="A", quota=1)
    place = await held(hall, party, wanted)
    with pytest.raises(QuotaFull):
        await amended(hall, party, place.id, 2)


async def test_what_is_no_longer_held_is_not_amended(hall: Sessions) -> None:
    party = await citizen(hall)
    place = await held(hall, party, wish())
    with pytest.raises(NotOpen):
        await amended(hall, party, place.id, 1, minutes=30)
    done = await booked(hall, party, wish("11:00"), key="other")
    with pytest.raises(NotOpen):
        await amended(hall, party, done.id, 2)
    other = await citizen(hall, 7)
    with pytest.raises(UnknownBooking):
        await amended(hall, other, place.id, 1)
    with pytest.raises(TooManyPlaces):
        await amended(hall, party, place.id, 3)


async def test_one_person_is_not_at_two_counters_at_a_time(hall: Sessions) -> None:
    party = await citizen(hall)
    await booked(hall, party, wish(group="F"), key="first")
    async with hall.begin() as session:
        other = Party(party.citizen_id, None, None, for_other=True)
        with pytest.raises(AlreadyBooked):
            await desk.hold(session, other, wish(group="A"), key="k", terms=terms())


async def test_a_booking_is_found_by_the_key_of_its_request(hall: Sessions) -> None:
    party, other = await citizen(hall), await citizen(hall, 9)
    done = await booked(hall, party, key="form-1")
    async with hall() as session:
        assert await desk.booked_by(session, party.citizen_id, "form-1") == done
        assert await desk.booked_by(session, party.citizen_id, "form-2") is None
        assert await desk.booked_by(session, other.citizen_id, "form-1") is None


async def test_the_free_times_of_several_days(hall: Sessions) -> None:
    await fill(hall, wish("09:00"))
    async with hall() as session:
        days = await desk.free_days(
            session, "main", "B", WEDNESDAY, WEDNESDAY + timedelta(days=4), terms=terms()
        )
        alone = await desk.free_slots(session, "main", "B", WEDNESDAY, terms=terms())
    assert [day.hours.day.day for day in days] == [2, 3, 4, 5, 6]
    assert days[0] == alone
    assert days[0].slots[0].free == 0
    assert [len(day.slots) for day in days] == [13, 13, 13, 6, 0]
