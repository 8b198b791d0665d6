from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hall.appointments import service as desk
from hall.appointments.errors import (
    AlreadyBooked,
    DayClosed,
    DayUnknown,
    HoldExpired,
    NoSuchCounter,
    NotASlot,
    NotOpen,
    QuotaFull,
    SlotFull,
    SlotPast,
    TooFarAhead,
    TooLateToChange,
    TooManyOpen,
    TooManyPlaces,
    UnknownBooking,
)
from hall.appointments.models import Booking, BookingEvent
from hall.appointments.service import BookingRules, Terms
from hall.calendar.service import days_of, publish_year, set_days
from hall.db import Sessions
from hall.people.citizens import register
from hall.people.errors import UnknownCitizen
from hall.people.proxies import Party
from tests.hall.appointments.desk import (
    NOW,
    WEDNESDAY,
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

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SATURDAY, SUNDAY = date(2026, 12, 5), date(2026, 12, 6)


async def test_free_slots_of_a_day(hall: Sessions) -> None:
    async with hall() as session:
        found = await desk.free_slots(session, "main", "A", WEDNESDAY, terms=terms())
        assert len(found.slots) == 13
        assert {slot.free for slot in found.slots} == {4}
        assert (found.slots[0].starts, found.slots[0].ends) == (at("09:00"), at("09:30"))
        today = await desk.free_slots(session, "main", "A", date(2026, 12, 1), terms=terms())
        assert starts_of(today.slots)[:2] == ["01 10:30", "01 11:00"]  # it is ten: that slot has begun
        sunday = await desk.free_slots(session, "main", "A", SUNDAY, terms=terms())
        assert (sunday.hours.state, sunday.slots) == ("closed", ())
        far = await desk.free_slots(session, "main", "A", date(2027, 3, 1), terms=terms())
        assert (far.hours.state, far.slots) == ("unknown", ())
        with pytest.raises(NoSuchCounter):
            await desk.free_slots(session, "main", "Z", WEDNESDAY, terms=terms())


async def test_hold_then_confirm(hall: Sessions) -> None:
    party = await citizen(hall)
    async with hall.begin() as session:
        held = await desk.hold(session, party, wish(item_version=3), key="k", terms=terms())
    assert (held.state, held.code, held.held_until) == ("held", "", NOW + 10 * MINUTE)
    assert (held.item_code, held.item_version, held.hall, held.group) == ("GA-0101", 3, "main", "B")
    assert (held.starts, held.ends, held.places) == (at("09:30"), at("10:00"), 1)
    assert await free(hall, wish()) == 1
    async with hall.begin() as session:
        done = await desk.confirm(session, party.citizen_id, held.id, terms=terms(MINUTE))
        again = await desk.confirm(session, party.citizen_id, held.id, terms=terms(HOUR))
        kinds = list(await session.scalars(select(BookingEvent.kind).order_by(BookingEvent.id)))
    assert (done.state, len(done.code), done.held_until) == ("confirmed", 8, None)
    assert again == done
    assert kinds == ["held", "confirmed"]
    assert await free(hall, wish()) == 1


async def test_the_last_place_is_taken_and_others_hear_what_is_near(hall: Sessions) -> None:
    await fill(hall, wish("09:30"))
    await fill(hall, wish("10:00"), first=2000)
    late = await citizen(hall)
    async with hall.begin() as session:
        with pytest.raises(SlotFull) as full:
            await desk.hold(session, late, wish("09:30"), key="k", terms=terms())
        assert starts_of(full.value.alternatives) == ["02 09:00", "02 10:30", "02 11:00"]
        assert await session.scalar(select(func.count(Booking.id))) == 4


async def test_alternatives_are_those_that_are_free(hall: Sessions) -> None:
    taken = [f"{hour:02}:{half}" for hour in (9, 10, 11) for half in ("00", "30")]
    taken += ["13:30"] + [f"{hour}:{half}" for hour in (14, 15, 16) for half in ("00", "30")]
    for number, clock in enumerate(taken):
        await fill(hall, wish(clock), first=1000 + 10 * number)
    async with hall() as session:
        near = await desk.nearest_free(session, "main", "B", at("09:30"), terms=terms())
        assert starts_of(near) == ["01 15:30", "01 16:00", "01 16:30"]
        near = await desk.nearest_free(session, "main", "B", at("16:30"), terms=terms(), n=2, places=2)
        assert starts_of(near) == ["03 09:00", "03 09:30"]


async def test_a_hold_that_runs_out_frees_its_place_without_anybody_sweeping(hall: Sessions) -> None:
    first, second, third = await citizens(hall, 3)
    for party in (first, second):
        async with hall.begin() as session:
            held = await desk.hold(session, party, wish(), key="k", terms=terms())
            row = await session.get_one(Booking, held.id)
            assert row.occupies_until is not None
            assert 10 * MINUTE < row.occupies_until - NOW <= 20 * MINUTE
    with pytest.raises(SlotFull):
        await booked(hall, third, on=terms(9 * MINUTE))
    assert (await booked(hall, third, on=terms(21 * MINUTE))).state == "confirmed"
    async with hall.begin() as session:
        released = await desk.release_expired(session, terms=terms(21 * MINUTE))
        assert (released.holds, released.offers, released.entries) == (2, 0, 0)
        assert (await desk.release_expired(session, terms=terms(21 * MINUTE))).holds == 0
        assert await desk.mine(session, first.citizen_id, now=NOW + 21 * MINUTE) == ()


async def test_confirming_too_late_takes_the_place_anew_if_it_is_there(hall: Sessions) -> None:
    first, second, *others = await citizens(hall, 4)
    async with hall.begin() as session:
        one = await desk.hold(session, first, wish(), key="k", terms=terms())
    async with hall.begin() as session:
        two = await desk.hold(session, second, wish(), key="k", terms=terms())
    late = terms(HOUR)
    async with hall.begin() as session:
        await desk.release_expired(session, terms=late)
        assert (await desk.confirm(session, first.citizen_id, one.id, terms=late)).state == "confirmed"
    await booked(hall, others[0], on=late)
    async with hall.begin() as session:
        with pytest.raises(HoldExpired) as gone:
            await desk.confirm(session, second.citizen_id, two.id, terms=late)
    assert starts_of(gone.value.alternatives) == ["02 09:00", "02 10:00", "02 10:30"]


async def test_a_repeated_request_changes_nothing(hall: Sessions) -> None:
    party = await citizen(hall)
    first = await booked(hall, party, key="tap-1")
    assert await booked(hall, party, key="tap-1") == first
    assert await booked(hall, party, wish("11:00"), key="tap-1") == first
    other = await citizen(hall, 1)
    assert (await booked(hall, other, key="tap-1")).id != first.id
    assert await free(hall, wish()) == 0
    async with hall.begin() as session:
        for key in ("", "x" * 101):
            with pytest.raises(ValueError):
                await desk.hold(session, party, wish(), key=key, terms=terms())


async def test_the_same_tap_at_once_books_once(hall: Sessions) -> None:
    party = await citizen(hall)
    found = await asyncio.gather(*(booked(hall, party, key="tap") for _ in range(8)))
    assert len({booking.id for booking in found}) == 1
    assert await free(hall, wish()) == 1


async def test_at_most_two_are_open(hall: Sessions) -> None:
    party = await citizen(hall)
    first = await booked(hall, party, wish("09:00"))
    second = await booked(hall, party, wish("10:00"))
    with pytest.raises(TooManyOpen) as many:
        await booked(hall, party, wish("11:00"))
    assert [booking.id for booking in many.value.open] == [first.id, second.id]
    assert many.value.limit == 2
    async with hall.begin() as session:
        await desk.cancel(session, party.citizen_id, first.id, terms=terms())
    assert (await booked(hall, party, wish("11:00"))).state == "confirmed"
    async with hall() as session:
        shown = await desk.mine(session, party.citizen_id, now=NOW)
        assert [booking.starts for booking in shown] == [at("10:00"), at("11:00")]


async def test_past_appointments_are_not_open(hall: Sessions) -> None:
    party = await citizen(hall)
    await booked(hall, party, wish("09:00"))
    await booked(hall, party, wish("10:00"))
    assert (await booked(hall, party, wish("11:00"), on=terms(DAY))).state == "confirmed"


async def test_two_accounts_of_one_person_share_the_limit(hall: Sessions) -> None:
    first, second = await citizens(hall, 2)
    async with hall.begin() as session:
        from hall.people.models import Identity

        identity = Identity(mark="x")
        session.add(identity)
        await session.flush()
    one, other = replace(first, identity_id=identity.id), replace(second, identity_id=identity.id)
    await booked(hall, one, wish("09:00"))
    await booked(hall, other, wish("10:00"))
    with pytest.raises(TooManyOpen):
        await booked(hall, one, wish("11:00"))
    both = await asyncio.gather(
        booked(hall, one, wish("14:00"), key="a", on=terms(DAY - HOUR / 2)),
        booked(hall, other, wish("15:00"), key="b", on=terms(DAY - HOUR / 2)),
        return_exceptions=True,
    )
    assert sum(isinstance(found, TooManyOpen) for found in both) == 1


async def test_one_person_is_not_at_two_counters_at_once(hall: Sessions) -> None:
    party = await citizen(hall)
    first = await booked(hall, party, wish())
    with pytest.raises(AlreadyBooked) as twice:
        await booked(hall, party, wish(group="A"), key="other")
    assert twice.value.booking.id == first.id


async def test_two_people_take_two_places(hall: Sessions) -> None:
    parties = await citizens(hall, 3)
    await booked(hall, parties[0], wish(places=2))
    assert await free(hall, wish()) == 0
    await booked(hall, parties[1], wish("10:00"))
    with pytest.raises(SlotFull) as full:
        await booked(hall, parties[2], wish("10:00", places=2))
    assert at("10:00") not in [slot.starts for slot in full.value.alternatives]
    for places in (0, 3):
        with pytest.raises(TooManyPlaces):
            await booked(hall, parties[2], wish("11:00", places=places))


async def test_times_that_cannot_be_booked_say_why_and_what_can(hall: Sessions) -> None:
    party = await citizen(hall)
    async with hall.begin() as session:
        with pytest.raises(SlotPast) as past:
            await desk.hold(session, party, wish("09:30", date(2026, 12, 1)), key="k", terms=terms())
        assert starts_of(past.value.alternatives) == ["01 10:30", "01 11:00", "01 11:30"]
        with pytest.raises(DayClosed) as closed:
            await desk.hold(session, party, wish("09:30", SUNDAY), key="k", terms=terms())
        assert closed.value.hours.day == SUNDAY
        assert starts_of(closed.value.alternatives) == ["05 10:30", "05 11:00", "05 11:30"]
        with pytest.raises(NotASlot) as between:
            await desk.hold(session, party, wish("12:30"), key="k", terms=terms())
        assert starts_of(between.value.alternatives) == ["02 11:00", "02 11:30", "02 13:30"]
        with pytest.raises(NotASlot):
            await desk.hold(session, party, wish("09:10"), key="k", terms=terms())
        with pytest.raises(NotASlot):
            await desk.hold(session, party, wish("14:00", SATURDAY), key="k", terms=terms())
        with pytest.raises(TooFarAhead) as far:
            await desk.hold(session, party, wish("09:30", date(2027, 1, 4)), key="k", terms=terms())
        assert far.value.last == date(2026, 12, 31)
        assert starts_of(far.value.alternatives)[-1] == "31 16:30"


async def test_a_year_that_is_not_published_is_not_booked(hall: Sessions) -> None:
    party = await citizen(hall)
    new_year = wish("09:30", date(2039, 1, 4))
    december = Terms(datetime.fromisoformat("2038-12-20T10:00+08:00"))
    async with hall.begin() as session:
        with pytest.raises(DayUnknown) as unknown:
            await desk.hold(session, party, new_year, key="k", terms=december)
        assert (unknown.value.day, unknown.value.alternatives) == (date(2039, 1, 4), ())
        await publish_year(session, 2039, now=NOW)
        assert (await desk.hold(session, party, new_year, key="k", terms=december)).state == "held"


async def test_special_days_are_followed(hall: Sessions) -> None:
    party = await citizen(hall)
    async with hall.begin() as session:
        rows = [
            {"date": "2026-12-02", "open": False, "note": "停电", "hall": "main", "group": "B"},
            {"date": "2026-12-06", "open": True, "hours": "09:00-10:00", "note": "延时服务"},
        ]
        await set_days(session, days_of(rows))
        with pytest.raises(DayClosed) as closed:
            await desk.hold(session, party, wish(), key="k", terms=terms())
        assert closed.value.hours.reason == "停电"
        assert (await desk.hold(session, party, wish(group="A"), key="k", terms=terms())).state == "held"
        held = await desk.hold(session, party, wish("09:30", SUNDAY), key="s", terms=terms())
        assert held.state == "held"


async def test_an_item_that_takes_so_many_a_day(hall: Sessions) -> None:
    parties = await citizens(hall, 4)
    await booked(hall, parties[0], wish(quota=2))
    await booked(hall, parties[1], wish("10:00", group="F", quota=2))
    with pytest.raises(QuotaFull) as full:
        await booked(hall, parties[2], wish("11:00", quota=2))
    assert (full.value.day, full.value.quota) == (WEDNESDAY, 2)
    assert {start[:2] for start in starts_of(full.value.alternatives)} == {"01"}
    await booked(hall, parties[2], wish("11:00", item_code="GA-0102", quota=1))
    await booked(hall, parties[3], wish("11:00", date(2026, 12, 3), quota=2))
    async with hall() as session:
        shown = await desk.free_slots(
            session, "main", "B", WEDNESDAY, terms=terms(), quota=desk.Quota("GA-0101", 2)
        )
        assert {slot.free for slot in shown.slots} == {0}


async def test_a_quota_holds_against_all_at_once(hall: Sessions) -> None:
    parties = await citizens(hall, 12)
    clocks = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    found = await asyncio.gather(
        *(
            booked(hall, party, wish(clocks[number % 6], group="F", quota=5))
            for number, party in enumerate(parties)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, QuotaFull) for result in found) == 7
    assert sum(isinstance(result, desk.Appointment) for result in found) == 5


async def test_capacity_is_what_the_admin_says(hall: Sessions) -> None:
    async with hall.begin() as session:
        with pytest.raises(ValueError):
            await desk.set_capacity(
                session, "main", "B", counters=-1, per_counter=1, by="li", now=NOW, rules=BookingRules()
            )
        more = await desk.set_capacity(
            session, "main", "B", counters=3, per_counter=None, by="li", now=NOW, rules=BookingRules()
        )
        assert more == 6
    assert await free(hall, wish()) == 6
    async with hall.begin() as session:
        await desk.set_slot_capacity(session, "main", "B", at("09:30"), 1, rules=BookingRules())
    parties = await citizens(hall, 2)
    await booked(hall, parties[0])
    assert (await free(hall, wish()), await free(hall, wish("10:00"))) == (0, 6)
    with pytest.raises(SlotFull):
        await booked(hall, parties[1])
    async with hall.begin() as session:
        await desk.set_slot_capacity(session, "main", "B", at("09:30"), 0, rules=BookingRules())
    assert await free(hall, wish()) == 0  # who is booked stays; nothing goes below zero


async def test_a_cancelled_place_opens_again_after_a_random_while(hall: Sessions) -> None:
    parties = await citizens(hall, 5)
    bookings = [await booked(hall, party) for party in parties[:2]]
    async with hall.begin() as session:
        gone = await desk.cancel(session, parties[0].citizen_id, bookings[0].id, terms=terms(seed=7))
        again = await desk.cancel(session, parties[0].citizen_id, bookings[0].id, terms=terms())
    assert gone.state == again.state == "cancelled"
    with pytest.raises(SlotFull):
        await booked(hall, parties[2], on=terms(59 * timedelta(seconds=1)))
    shown = [await free(hall, wish(), on=terms(minute * MINUTE)) for minute in range(12)]
    assert shown == sorted(shown)
    assert (shown[1], shown[10]) == (0, 1)
    assert (await booked(hall, parties[2], on=terms(11 * MINUTE))).state == "confirmed"


async def test_reopening_cannot_be_foreseen(hall: Sessions) -> None:
    moments = {desk.Terms(NOW).reopening() for _ in range(20)}
    assert len(moments) == 20
    assert all(MINUTE <= moment - NOW <= 10 * MINUTE for moment in moments)


async def test_a_hold_given_back_is_withheld_too(hall: Sessions) -> None:
    party = await citizen(hall)
    async with hall.begin() as session:
        held = await desk.hold(session, party, wish(), key="k", terms=terms())
        await desk.cancel(session, party.citizen_id, held.id, terms=terms())
    assert await free(hall, wish(), on=terms(MINUTE / 2)) == 1
    assert await free(hall, wish(), on=terms(11 * MINUTE)) == 2


async def test_reschedule_moves_and_keeps_the_code(hall: Sessions) -> None:
    party = await citizen(hall)
    first = await booked(hall, party)
    async with hall.begin() as session:
        moved = await desk.reschedule(
            session, party.citizen_id, first.id, starts=at("14:00"), key="m", terms=terms()
        )
    assert (moved.id, moved.code, moved.starts) == (first.id, first.code, at("14:00"))
    assert await free(hall, wish("14:00")) == 1
    assert await free(hall, wish()) == 1
    assert await free(hall, wish(), on=terms(11 * MINUTE)) == 2
    async with hall.begin() as session:
        other = await desk.reschedule(
            session, party.citizen_id, first.id, starts=at("15:00"), group="A", key="n", terms=terms()
        )
        stale = await desk.reschedule(
            session, party.citizen_id, first.id, starts=at("14:00"), key="m", terms=terms()
        )
        same = await desk.reschedule(
            session, party.citizen_id, first.id, starts=at("15:00"), key="o", terms=terms()
        )
    assert (other.group, other.starts) == ("A", at("15:00"))
    assert stale == other == same
    async with hall() as session:
        details = list(await session.scalars(select(BookingEvent.detail).where(BookingEvent.kind == "moved")))
    assert details == ["2026-12-02T01:30Z main/B", "2026-12-02T06:00Z main/B"]


async def test_a_move_to_a_full_slot_leaves_everything_as_it_was(hall: Sessions) -> None:
    party = await citizen(hall)
    first = await booked(hall, party)
    await fill(hall, wish("14:00"))
    async with hall.begin() as session:
        with pytest.raises(SlotFull) as full:
            await desk.reschedule(
                session, party.citizen_id, first.id, starts=at("14:00"), key="m", terms=terms()
            )
        assert starts_of(full.value.alternatives) == ["02 13:30", "02 14:30", "02 15:00"]
    async with hall() as session:
        assert await desk.get(session, party.citizen_id, first.id) == first
    assert await free(hall, wish()) == 1


async def test_a_quota_does_not_stand_against_moving_within_its_day(hall: Sessions) -> None:
    party = await citizen(hall)
    first = await booked(hall, party, wish(quota=1))
    async with hall.begin() as session:
        moved = await desk.reschedule(
            session, party.citizen_id, first.id, starts=at("14:00"), key="m", terms=terms()
        )
    assert moved.starts == at("14:00")


async def test_a_move_onto_ones_other_appointment_is_refused(hall: Sessions) -> None:
    party = await citizen(hall)
    first, second = await booked(hall, party), await booked(hall, party, wish("10:00"))
    async with hall.begin() as session:
        with pytest.raises(AlreadyBooked) as twice:
            await desk.reschedule(
                session, party.citizen_id, first.id, starts=at("10:00"), key="m", terms=terms()
            )
        assert twice.value.booking.id == second.id


async def test_what_is_over_is_not_changed(hall: Sessions) -> None:
    party, stranger = await citizens(hall, 2)
    first = await booked(hall, party)
    begun = terms(at("09:30") - NOW)
    async with hall.begin() as session:
        with pytest.raises(TooLateToChange):
            await desk.cancel(session, party.citizen_id, first.id, terms=begun)
        with pytest.raises(TooLateToChange):
            await desk.reschedule(
                session, party.citizen_id, first.id, starts=at("14:00"), key="m", terms=begun
            )
        with pytest.raises(UnknownBooking):
            await desk.cancel(session, stranger.citizen_id, first.id, terms=terms())
        with pytest.raises(UnknownBooking):
            await desk.get(session, stranger.citizen_id, first.id)
        with pytest.raises(UnknownBooking):
            await desk.confirm(session, stranger.citizen_id, first.id, terms=terms())
        await desk.cancel(session, party.citizen_id, first.id, terms=terms())
        with pytest.raises(NotOpen) as over:
            await desk.confirm(session, party.citizen_id, first.id, terms=terms())
        assert over.value.booking.state == "cancelled"
        with pytest.raises(NotOpen):
            await desk.reschedule(
                session, party.citizen_id, first.id, starts=at("14:00"), key="m", terms=terms()
            )


async def test_a_refusal_leaves_the_transaction_usable(hall: Sessions) -> None:
    await fill(hall, wish())
    party = await citizen(hall)
    async with hall.begin() as session:
        with pytest.raises(SlotFull):
            await desk.book(session, party, wish(), key="a", terms=terms())
        done = await desk.book(session, party, wish("10:00"), key="a", terms=terms())
    assert (await booked(hall, party, key="a")).id == done.id


async def test_nobody_unknown_books(hall: Sessions) -> None:
    async with hall.begin() as session:
        with pytest.raises(UnknownCitizen):
            await desk.hold(session, Party(99), wish(), key="k", terms=terms())
        known = await register(session, "o-new", now=NOW)
        assert (await desk.hold(session, Party(known), wish(), key="k", terms=terms())).state == "held"


async def test_a_code_that_somebody_has_is_drawn_again(hall: Sessions) -> None:
    parties = await citizens(hall, 6)
    done = await asyncio.gather(*(booked(hall, party, wish(group="A", places=1)) for party in parties[:4]))
    assert len({booking.code for booking in done}) == 4  # all draw from the same seed
