from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.appointments import service as desk
from hall.appointments.errors import Barred, ReasonMissing, UnknownBooking
from hall.appointments.service import (
    Appointment,
    CheckedIn,
    NoSuchCode,
    NotValid,
    OtherDay,
    OtherHall,
    TooEarly,
    TooLate,
)
from hall.db import Sessions
from hall.people.models import Identity
from hall.people.proxies import Party
from hall.sealing import Seal, SealBrokenError
from tests.hall.appointments.desk import NOW, WEDNESDAY, at, booked, citizen, citizens, terms, wish

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
THURSDAY = date(2026, 12, 3)
SEAL = Seal(["secret"])


def when(clock: str, day: date = WEDNESDAY) -> desk.Terms:
    return terms(at(clock, day) - NOW)


async def come(
    hall: Sessions, code: str, clock: str, day: date = WEDNESDAY, place: str = "main"
) -> desk.CheckIn:
    async with hall.begin() as session:
        return await desk.check_in(session, code, hall=place, terms=when(clock, day))


async def miss(hall: Sessions, party: Party, day: date = WEDNESDAY, clock: str = "09:30") -> Appointment:
    """An appointment that was booked the day before and missed."""
    booking = await booked(
        hall, party, wish(clock, day), on=terms(at("08:00", day) - NOW - DAY), key=f"{day}{clock}"
    )
    async with hall.begin() as session:
        marked = await desk.mark_no_shows(session, terms=when("17:00", day))
    assert booking.id in [found.id for found in marked]
    return booking


@pytest.mark.parametrize(
    ("clock", "kind"),
    [
        ("08:59", TooEarly),
        ("09:00", CheckedIn),
        ("09:30", CheckedIn),
        ("09:45", CheckedIn),
        ("09:46", TooLate),
        ("10:25", TooLate),
    ],
)
async def test_the_window_of_checking_in(hall: Sessions, clock: str, kind: type) -> None:
    booking = await booked(hall, await citizen(hall))
    found = await come(hall, f" {booking.code[:4]} {booking.code[4:]} ", clock)
    assert type(found) is kind
    if isinstance(found, TooEarly):
        assert found.opens == at("09:00")
    if isinstance(found, TooLate):
        assert (found.closed, found.missed) == (at("09:45"), False)


async def test_checking_in_twice_is_harmless(hall: Sessions) -> None:
    booking = await booked(hall, await citizen(hall))
    first, second = await come(hall, booking.code, "09:20"), await come(hall, booking.code, "11:00")
    assert isinstance(first, CheckedIn)
    assert first.booking.state == "checked_in"
    assert second == replace(first, again=True)


async def test_who_comes_late_keeps_their_standing(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await booked(hall, party)
    found = await come(hall, booking.code, "10:00")
    assert isinstance(found, TooLate)
    assert found.booking.state == "late"
    async with hall.begin() as session:
        assert await desk.mark_no_shows(session, terms=when("17:00")) == ()
        assert (await desk.standing_of(session, party.citizen_id, terms=when("17:00"))).clear


async def test_what_else_is_said_at_the_door(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await booked(hall, party)
    assert await come(hall, "00000000", "09:30") == NoSuchCode()
    assert await come(hall, "", "09:30") == NoSuchCode()
    assert await come(hall, booking.code, "09:30", place="branch") == OtherHall(booking)
    assert isinstance(await come(hall, booking.code, "09:30", date(2026, 12, 1)), OtherDay)
    async with hall.begin() as session:
        await desk.cancel(session, party.citizen_id, booking.id, terms=terms())
    assert isinstance(await come(hall, booking.code, "09:30"), NotValid)


async def test_who_does_not_come_within_the_hour_missed_it(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await booked(hall, party)
    async with hall.begin() as session:
        assert await desk.mark_no_shows(session, terms=when("10:30")) == ()
        (marked,) = await desk.mark_no_shows(session, terms=when("10:31"))
        assert (marked.id, marked.state) == (booking.id, "no_show")
        assert await desk.mark_no_shows(session, terms=when("10:32")) == ()
    found = await come(hall, booking.code, "11:00")
    assert isinstance(found, TooLate)
    assert found.missed


async def test_one_no_show_bars_for_seven_days(hall: Sessions) -> None:
    party = await citizen(hall)
    await miss(hall, party)
    monday = wish("09:30", date(2026, 12, 14))
    with pytest.raises(Barred) as barred:
        await booked(hall, party, monday, on=when("12:00", date(2026, 12, 8)))
    assert (barred.value.standing.kind, barred.value.standing.until) == ("suspended", at("09:30") + 7 * DAY)
    assert (await booked(hall, party, monday, on=when("09:30", date(2026, 12, 9)))).state == "confirmed"


async def three(hall: Sessions, party: Party) -> None:
    """Three missed appointments on one day, of which nobody is barred between."""
    bookings = [
        await booked(hall, party, wish("09:30", WEDNESDAY), key="1"),
        await booked(hall, party, wish("10:00", WEDNESDAY), key="2"),
        await booked(hall, party, wish("09:30", THURSDAY), key="3", on=when("10:10")),
    ]
    async with hall.begin() as session:
        assert len(await desk.mark_no_shows(session, terms=when("17:00", THURSDAY))) == len(bookings)


async def test_three_no_shows_blacklist_until_staff_lift_it_with_a_reason(hall: Sessions) -> None:
    party = await citizen(hall)
    await three(hall, party)
    later = when("10:00", date(2027, 3, 1))
    async with hall.begin() as session:
        assert (await desk.standing_of(session, party.citizen_id, terms=later)).kind == "blacklisted"
        for by, reason in (("", "住院"), ("li", " ")):
            with pytest.raises(ReasonMissing):
                await desk.lift(session, party.citizen_id, by=by, reason=reason, now=later.now)
        await desk.lift(session, party.citizen_id, by="li", reason="住院,有证明", now=later.now)
        assert (await desk.standing_of(session, party.citizen_id, terms=later)).clear


async def test_a_failed_reminder_voids_the_penalty_also_afterwards(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await miss(hall, party)
    async with hall.begin() as session:
        assert not (await desk.standing_of(session, party.citizen_id, terms=when("17:00"))).clear
        await desk.reminder_failed(session, booking.id, now=NOW, why="43004")
        assert (await desk.standing_of(session, party.citizen_id, terms=when("17:00"))).clear
        with pytest.raises(UnknownBooking):
            await desk.reminder_failed(session, 99, now=NOW, why="x")


async def test_a_move_asks_for_a_new_reminder(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await booked(hall, party)
    async with hall.begin() as session:
        await desk.reminder_failed(session, booking.id, now=NOW, why="43004")
        await desk.reschedule(
            session, party.citizen_id, booking.id, starts=at("14:00"), key="m", terms=terms()
        )
        await desk.mark_no_shows(session, terms=when("17:00"))
        assert not (await desk.standing_of(session, party.citizen_id, terms=when("17:00"))).clear


async def test_staff_excuse_one_no_show(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await miss(hall, party)
    async with hall.begin() as session:
        with pytest.raises(ReasonMissing):
            await desk.excuse(session, booking.id, by="li", reason="", now=NOW)
        await desk.excuse(session, booking.id, by="li", reason="窗口停电", now=NOW)
        assert (await desk.standing_of(session, party.citizen_id, terms=when("17:00"))).clear


async def test_a_second_account_of_the_same_id_number_does_not_help(hall: Sessions) -> None:
    first, second, stranger = await citizens(hall, 3)
    async with hall.begin() as session:
        identity = Identity(mark="x")
        session.add(identity)
    first, second = (replace(party, identity_id=identity.id) for party in (first, second))
    await miss(hall, first)
    friday = wish("09:30", date(2026, 12, 4))
    with pytest.raises(Barred):
        await booked(hall, second, friday, on=when("17:00"))
    assert (await booked(hall, stranger, friday, on=when("17:00"))).state == "confirmed"
    async with hall.begin() as session:
        await desk.lift(session, first.citizen_id, by="li", reason="误会", now=at("17:00"))
    assert (await booked(hall, second, friday, on=when("17:00"))).state == "confirmed"


async def test_an_appeal_is_sealed_added_to_and_decided_once(hall: Sessions) -> None:
    party = await citizen(hall)
    await miss(hall, party)
    evening = at("17:00")
    async with hall.begin() as session:
        number = await desk.appeal(session, SEAL, party.citizen_id, "那天孩子发烧了", now=evening)
        again = await desk.appeal(session, SEAL, party.citizen_id, "那天孩子发烧了", now=evening)
        more = await desk.appeal(session, SEAL, party.citizen_id, "有病历", now=evening)
        assert number == again == more
        (shown,) = await desk.appeals(session, SEAL, only_open=True)
        assert (shown.text, shown.state) == ("那天孩子发烧了\n有病历", "open")
        assert "发烧" not in repr(shown)
        with pytest.raises(ValueError):
            await desk.appeal(session, SEAL, party.citizen_id, "  ", now=evening)
        with pytest.raises(ReasonMissing):
            await desk.decide_appeal(session, number, granted=True, by="li", reason="", now=evening)
        who = await desk.decide_appeal(session, number, granted=True, by="li", reason="有病历", now=evening)
        assert who == party.citizen_id
        assert (await desk.standing_of(session, who, terms=when("17:00"))).clear
        for unknown in (number, 99):
            with pytest.raises(UnknownBooking):
                await desk.decide_appeal(session, unknown, granted=False, by="li", reason="x", now=evening)
        assert await desk.appeals(session, SEAL, only_open=True) == ()
        (kept,) = await desk.appeals(session, SEAL, citizen_id=who)
        assert (kept.state, kept.decided_by, kept.reason) == ("granted", "li", "有病历")


async def test_a_refused_appeal_leaves_the_penalty(hall: Sessions) -> None:
    party = await citizen(hall)
    await miss(hall, party)
    async with hall.begin() as session:
        number = await desk.appeal(session, SEAL, party.citizen_id, "我忘了", now=NOW)
        await desk.decide_appeal(session, number, granted=False, by="li", reason="已提醒", now=at("17:00"))
        assert not (await desk.standing_of(session, party.citizen_id, terms=when("17:00"))).clear
        assert await desk.appeal(session, SEAL, party.citizen_id, "再看看", now=NOW) != number


async def test_appeals_are_brought_under_a_new_key(hall: Sessions) -> None:
    party = await citizen(hall)
    rotated = Seal(["new", "secret"])
    async with hall.begin() as session:
        number = await desk.appeal(session, SEAL, party.citizen_id, "那天住院", now=NOW)
        assert await desk.reseal_appeals(session, rotated) == number
        assert await desk.reseal_appeals(session, rotated, after=number) is None
        assert (await desk.appeals(session, Seal(["new"])))[0].text == "那天住院"
        with pytest.raises(SealBrokenError):
            await desk.appeals(session, SEAL)


async def test_coming_and_cancelling_at_once_leaves_one_of_the_two(hall: Sessions) -> None:
    party = await citizen(hall)
    for day in (WEDNESDAY, THURSDAY):
        booking = await booked(hall, party, wish("09:30", day))

        async def give_up(number: int = booking.id, day: date = day) -> Appointment:
            async with hall.begin() as session:
                return await desk.cancel(session, party.citizen_id, number, terms=when("09:10", day))

        came, gone = await asyncio.gather(
            come(hall, booking.code, "09:10", day), give_up(), return_exceptions=True
        )
        async with hall() as session:
            state = (await desk.get(session, party.citizen_id, booking.id)).state
        assert isinstance(came, CheckedIn) == (state == "checked_in")
        assert isinstance(gone, Appointment) == (state == "cancelled")
