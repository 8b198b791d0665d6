from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hall.appointments import service as desk
from hall.appointments.errors import (
    Barred,
    NotASlot,
    OfferGone,
    QuotaFull,
    SlotFull,
    StillFree,
    TooManyOpen,
    TooManyWaiting,
    UnknownBooking,
)
from hall.appointments.service import Appointment, Terms, Waiting, Wish
from hall.db import Sessions
from hall.people.proxies import Party
from tests.hall.appointments.desk import (
    NOW,
    at,
    booked,
    citizen,
    citizens,
    fill,
    free,
    starts_of,
    terms,
    wish,
)
from tests.hall.appointments.test_visiting import miss, when

MINUTE = timedelta(minutes=1)


async def wait(
    hall: Sessions, party: Party, wanted: Wish | None = None, *, last: str = "10:00", on: Terms | None = None
) -> Waiting:
    async with hall.begin() as session:
        return await desk.join_waitlist(session, party, wanted or wish(), last=at(last), terms=on or terms())


async def accept(hall: Sessions, party: Party, entry: Waiting, *, on: Terms | None = None) -> Appointment:
    async with hall.begin() as session:
        return await desk.accept_offer(session, party.citizen_id, entry.id, key="accept", terms=on or terms())


async def cancel(hall: Sessions, booking: Appointment, *, on: Terms | None = None) -> None:
    async with hall.begin() as session:
        await desk.cancel(session, booking.citizen_id, booking.id, terms=on or terms())


async def entries(hall: Sessions, party: Party, *, on: Terms | None = None) -> tuple[Waiting, ...]:
    async with hall() as session:
        return await desk.my_waiting(session, party.citizen_id, now=(on or terms()).now)


async def test_a_freed_place_is_offered_in_order(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    first, second, passer = await citizens(hall, 3)
    one, two = await wait(hall, first), await wait(hall, second)
    assert (one.state, one.starts) == ("waiting", None)
    async with hall() as session:
        assert [await desk.position(session, entry.id) for entry in (one, two)] == [0, 1]
    await cancel(hall, bookings[0])
    (offer,) = await entries(hall, first)
    assert (offer.state, offer.starts, offer.offer_until) == ("offered", at("09:30"), NOW + 30 * MINUTE)
    assert (await entries(hall, second))[0].state == "waiting"
    with pytest.raises(SlotFull):
        await booked(hall, passer)
    taken = await accept(hall, first, one)
    assert (taken.state, taken.starts, len(taken.code)) == ("confirmed", at("09:30"), 8)
    assert await accept(hall, first, one) == taken
    assert await entries(hall, first) == ()
    await cancel(hall, bookings[1])
    assert (await entries(hall, second))[0].state == "offered"


async def test_waiting_for_what_is_free_is_refused_with_what_is(hall: Sessions) -> None:
    await fill(hall, wish("09:30"))
    party = await citizen(hall)
    with pytest.raises(StillFree) as still:
        await wait(hall, party, wish("09:00"), last="11:00")
    assert starts_of(still.value.alternatives) == ["02 09:00", "02 10:00", "02 10:30"]
    with pytest.raises(NotASlot):
        await wait(hall, party, wish("12:00"), last="13:00")


async def test_waiting_for_a_morning_takes_the_first_place_that_comes(hall: Sessions) -> None:
    booked_at = {
        clock: await fill(hall, wish(clock), first=number)
        for number, clock in ((1000, "09:00"), (1100, "09:30"))
    }
    party = await citizen(hall)
    entry = await wait(hall, party, wish("09:00"), last="10:00")
    assert (await wait(hall, party, wish("09:00"), last="10:00")).id == entry.id
    await cancel(hall, booked_at["09:30"][0])
    await cancel(hall, booked_at["09:00"][0])
    (offer,) = await entries(hall, party)
    assert offer.starts == at("09:30")
    assert await free(hall, wish("09:00"), on=terms(11 * MINUTE)) == 1


async def test_an_offer_that_nobody_takes_goes_to_the_next(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    first, second = await citizens(hall, 2)
    one, two = await wait(hall, first), await wait(hall, second)
    await cancel(hall, bookings[0])
    later = terms(31 * MINUTE)
    with pytest.raises(OfferGone) as gone:
        await accept(hall, first, one, on=later)
    assert starts_of(gone.value.alternatives) == ["02 09:00", "02 10:00", "02 10:30"]
    async with hall.begin() as session:
        released = await desk.release_expired(session, terms=later)
        assert (released.offers, released.entries) == (1, 0)
        await desk.offer_freed(session, terms=later)
    assert (await entries(hall, second, on=later))[0].state == "offered"
    assert (await accept(hall, second, two, on=later)).state == "confirmed"


async def test_whoever_waits_comes_before_a_passer_by_also_without_a_sweeper(hall: Sessions) -> None:
    holders = await citizens(hall, 2, first=500)
    for party in holders:
        async with hall.begin() as session:
            await desk.hold(session, party, wish(), key="k", terms=terms())
    waiting, passer, late = await citizens(hall, 3)
    await wait(hall, waiting)
    later = terms(30 * MINUTE)
    assert await free(hall, wish(), on=later) == 1
    assert (await booked(hall, passer, on=later)).state == "confirmed"
    assert (await entries(hall, waiting, on=later))[0].state == "offered"
    with pytest.raises(SlotFull):
        await booked(hall, late, on=later)


async def test_declining_gives_the_place_to_the_next(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    first, second = await citizens(hall, 2)
    one = await wait(hall, first)
    await wait(hall, second)
    await cancel(hall, bookings[0])
    async with hall.begin() as session:
        with pytest.raises(UnknownBooking):
            await desk.leave_waitlist(session, second.citizen_id, one.id, terms=terms())
        for _ in range(2):
            assert (
                await desk.leave_waitlist(session, first.citizen_id, one.id, terms=terms())
            ).state == "left"
    assert (await entries(hall, second))[0].state == "offered"
    with pytest.raises(OfferGone):
        await accept(hall, first, one)


async def test_one_waits_for_two_things_at_most(hall: Sessions) -> None:
    party = await citizen(hall)
    for number, clock in enumerate(("09:00", "10:00", "11:00")):
        await fill(hall, wish(clock), first=1000 + 10 * number)
    await wait(hall, party, wish("09:00"), last="09:30")
    await wait(hall, party, wish("10:00"), last="10:30")
    with pytest.raises(TooManyWaiting) as many:
        await wait(hall, party, wish("11:00"), last="11:30")
    assert many.value.limit == 2


async def test_taking_an_offer_is_booking_with_all_its_rules(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    party, barred = await citizens(hall, 2)
    entry = await wait(hall, party)
    for clock in ("14:00", "15:00"):
        await booked(hall, party, wish(clock))
    await cancel(hall, bookings[0])
    with pytest.raises(TooManyOpen):
        await accept(hall, party, entry)
    async with hall.begin() as session:
        (first, _) = await desk.mine(session, party.citizen_id, now=NOW)
        await desk.cancel(session, party.citizen_id, first.id, terms=terms())
    assert (await accept(hall, party, entry)).state == "confirmed"
    await miss(hall, barred, clock="15:30")
    with pytest.raises(Barred):
        await wait(hall, barred, on=when("17:00"))


async def test_an_offer_does_not_break_the_items_quota(hall: Sessions) -> None:
    bookings = await fill(hall, wish(quota=2))
    first, second, other = await citizens(hall, 3)
    entry = await wait(hall, first, wish(quota=2))
    await cancel(hall, bookings[0])
    assert (await entries(hall, first))[0].state == "offered"
    with pytest.raises(QuotaFull):  # the offer counts: one booked, one offered
        await booked(hall, other, wish("14:00", group="F", quota=2))
    assert (await accept(hall, first, entry)).state == "confirmed"
    await wait(hall, second, wish(quota=2))
    await cancel(hall, bookings[1])
    assert (await entries(hall, second))[0].state == "offered"


async def test_entries_end_with_their_time(hall: Sessions) -> None:
    await fill(hall, wish())
    party = await citizen(hall)
    await wait(hall, party)
    noon = when("12:00")
    assert await entries(hall, party, on=noon) == ()
    async with hall.begin() as session:
        assert (await desk.release_expired(session, terms=noon)).entries == 1


async def test_places_that_open_again_are_offered_by_the_sweeper(hall: Sessions) -> None:
    holder, party = await citizens(hall, 2)
    await fill(hall, wish(), places=1)
    async with hall.begin() as session:
        await desk.hold(session, holder, wish(), key="k", terms=terms())
    entry = await wait(hall, party)
    async with hall.begin() as session:
        await desk.offer_freed(session, terms=terms(MINUTE))
    assert (await entries(hall, party))[0].state == "waiting"
    async with hall.begin() as session:
        await desk.offer_freed(session, terms=terms(25 * MINUTE))
    assert (await accept(hall, party, entry, on=terms(26 * MINUTE))).state == "confirmed"
    assert await free(hall, wish(), on=terms(26 * MINUTE)) == 0


async def test_two_who_wait_for_overlapping_times_get_one_offer_each(hall: Sessions) -> None:
    taken = [
        await fill(hall, wish(clock), first=number) for number, clock in ((1000, "09:00"), (1100, "09:30"))
    ]
    parties = await citizens(hall, 2)
    for party in parties:
        await wait(hall, party, wish("09:00"), last="10:00")
    await asyncio.gather(*(cancel(hall, bookings[0]) for bookings in taken))
    async with hall.begin() as session:
        await desk.offer_freed(session, terms=terms())
    found = [(await entries(hall, party))[0] for party in parties]
    assert [entry.state for entry in found] == ["offered", "offered"]
    assert {entry.starts for entry in found} == {at("09:00"), at("09:30")}
    assert await free(hall, wish("09:00")) == await free(hall, wish("09:30")) == 0
