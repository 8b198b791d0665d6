"""What the staff of a hall look at, and what they do for a citizen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from hall.appointments import service as desk
from hall.appointments.barring import barred, missed_by, missed_since
from hall.appointments.capacities import day_rooms, group_room
from hall.appointments.changed_hours import clear_days_with_bookings
from hall.appointments.day_sheet import by_code, by_id, history, on_day
from hall.appointments.errors import BookingsAffected, UnknownBooking
from hall.appointments.models import Booking
from hall.appointments.rules import BookingRules
from hall.calendar.service import special_days
from hall.centres.schema import SpecialDay
from hall.db import Sessions
from hall.notices.models import NoticeRow
from hall.people.models import Identity
from hall.people.proxies import Party
from tests.hall.appointments.desk import NOW, WEDNESDAY, at, booked, citizen, citizens, terms, wish

RULES = BookingRules()


async def missed(hall: Sessions, party: Party, *days_ago: int, identity: int | None = None) -> list[int]:
    """Bookings that nobody came to, so many days ago."""
    ids = []
    for ago in days_ago:
        one = await booked(hall, party, wish(group="F"), key=f"missed-{ago}")
        starts = NOW - timedelta(days=ago)
        async with hall.begin() as session:
            await session.execute(
                update(Booking)
                .where(Booking.id == one.id)
                .values(state="cancelled", starts=starts, day=starts.date(), identity_id=identity)
            )
        ids.append(one.id)
    async with hall.begin() as session:
        await session.execute(update(Booking).where(Booking.id.in_(ids)).values(state="no_show"))
    return ids


async def test_a_day_is_shown_by_time_without_holds_that_ran_out(hall: Sessions) -> None:
    parties = await citizens(hall, 4)
    late = await booked(hall, parties[0], wish("14:00"))
    early = await booked(hall, parties[1], wish("09:30"))
    elsewhere = await booked(hall, parties[2], wish(group="F"))
    gone = await booked(hall, parties[3], wish("10:00", group="A"))
    async with hall.begin() as session:
        await session.execute(update(Booking).where(Booking.id == gone.id).values(state="expired"))
    async with hall() as session:
        assert await on_day(session, "main", WEDNESDAY) == (early, late)
        assert await on_day(session, "main", WEDNESDAY, group="A") == ()
        assert await on_day(session, "main", WEDNESDAY + timedelta(days=1)) == ()
        assert await by_code(session, f" {early.code[:4]} {early.code[4:]} ") == early
        assert await by_code(session, "00") is None
        assert await by_id(session, elsewhere.id) == elsewhere
        with pytest.raises(UnknownBooking):
            await by_id(session, 0)


async def test_the_centre_moves_a_booking_and_the_citizen_is_told_why(hall: Sessions) -> None:
    party = await citizen(hall)
    one = await booked(hall, party)
    async with hall.begin() as session:
        await desk.reschedule(
            session,
            party.citizen_id,
            one.id,
            starts=at("10:00"),
            key="k",
            terms=terms(),
            by="li.na",
            why="窗口停电",
        )
    async with hall() as session:
        line = (await history(session, one.id))[-1]
        facts = await session.scalar(select(NoticeRow.facts).where(NoticeRow.kind == "booking_changed"))
    assert (line.kind, line.by) == ("moved", "li.na")
    assert line.detail.endswith("窗口停电")
    assert facts is not None
    assert facts["reason"] == "窗口停电"


async def test_who_is_barred_is_found_by_the_account_and_by_the_id_number(hall: Sessions) -> None:
    once, thrice, long_ago, excused, first, second = await citizens(hall, 6)
    async with hall.begin() as session:
        await session.execute(insert(Identity), [{"mark": "d" * 64}])
        identity = await session.scalar(select(Identity.id))
    await missed(hall, once, 3)
    await missed(hall, thrice, 40, 50, 60)
    await missed(hall, long_ago, 20)
    (number,) = await missed(hall, excused, 2)
    await missed(hall, first, 2, 4, identity=identity)
    await missed(hall, second, 6, identity=identity)
    async with hall.begin() as session:
        await desk.excuse(session, number, by="li", reason="x", now=NOW)
    async with hall() as session:
        found = await barred(session, terms=terms())
        assert [(one.citizen_id, one.standing.kind) for one in found] == [
            (thrice.citizen_id, "blacklisted"),
            (first.citizen_id, "blacklisted"),
            (second.citizen_id, "blacklisted"),
            (once.citizen_id, "suspended"),
        ]
        since = await missed_since(session, "branch", NOW - timedelta(days=10))
        assert len(since) == 5
        assert [one.counts for one in await missed_by(session, excused.citizen_id)] == [False]
    async with hall.begin() as session:
        await desk.lift(session, thrice.citizen_id, by="li", reason="x", now=NOW)
    async with hall() as session:
        assert thrice.citizen_id not in {one.citizen_id for one in await barred(session, terms=terms())}


async def test_the_rooms_of_a_day_with_their_own_numbers_and_what_is_taken(hall: Sessions) -> None:
    await booked(hall, await citizen(hall), replace(wish(), places=2))
    async with hall.begin() as session:
        await desk.set_capacity(
            session, "main", "B", counters=3, per_counter=None, by="li", now=NOW, rules=RULES
        )
        await desk.set_slot_capacity(session, "main", "B", at("10:00"), 1, rules=RULES)
    async with hall() as session:
        room = await group_room(session, "main", "B", terms=terms())
        day = await day_rooms(session, "main", "B", WEDNESDAY, terms=terms())
        sunday = await day_rooms(session, "main", "B", date(2026, 12, 6), terms=terms())
    assert (room.counters, room.per_counter, room.named_counters, room.capacity) == (3, None, 1, 6)
    shown = {one.starts: (one.capacity, one.own, one.taken) for one in day.rooms}
    assert len(shown) == 13
    assert shown[at("09:30")] == (6, False, 2)
    assert shown[at("10:00")] == (1, True, 0)
    assert sunday.rooms == ()


async def test_taking_extended_hours_back_asks_what_becomes_of_who_booked_them(hall: Sessions) -> None:
    longer = SpecialDay.model_validate(
        {"date": WEDNESDAY, "open": True, "hours": "09:00-12:00,13:30-20:00", "hall": "main", "note": "延时"}
    )
    async with hall.begin() as session:
        await desk.set_days_with_bookings(
            session, [longer], decision=None, by="li", why="延时", terms=terms()
        )
    one = await booked(hall, await citizen(hall), wish("19:00"))

    async def clear(decision: str | None) -> None:
        async with hall.begin() as session:
            await clear_days_with_bookings(
                session,
                [longer],
                decision=decision,  # type: ignore[arg-type]
                by="li",
                why="不延时了",
                terms=terms(),
            )

    with pytest.raises(BookingsAffected) as asked:
        await clear(None)
    assert [each.id for each in asked.value.affected] == [one.id]
    async with hall() as session:
        assert len(await special_days(session)) == 1
    await clear("cancel")
    async with hall() as session:
        assert await special_days(session) == ()
        assert (await by_id(session, one.id)).state == "cancelled"
