from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hall.appointments import service as desk
from hall.appointments.closures import Decision
from hall.appointments.errors import BookingsAffected, DayClosed, ReasonMissing
from hall.appointments.models import BookingEvent
from hall.appointments.service import Closed
from hall.calendar.service import days_of, special_days
from hall.catalogue.rows import FileRefused
from hall.centres.schema import SpecialDay
from hall.db import Sessions
from tests.hall.appointments.desk import NOW, at, booked, citizens, fill, free, terms, wish

CLOSED = {"date": "2026-12-02", "open": False, "note": "停电"}


async def close(sessions: Sessions, decision: Decision | None, **more: object) -> Closed:
    async with sessions.begin() as session:
        return await desk.set_days_with_bookings(
            session, days_of([CLOSED | more]), decision=decision, by="li", why="停电检修", terms=terms()
        )


async def state_of(hall: Sessions, booking: desk.Appointment) -> desk.Appointment:
    async with hall() as session:
        return await desk.get(session, booking.citizen_id, booking.id)


async def test_closing_an_empty_day_asks_nothing(hall: Sessions) -> None:
    done = await close(hall, None)
    assert (done.days.added, done.moved, done.cancelled) == (1, (), ())


async def test_closing_a_day_with_bookings_asks_what_becomes_of_them(hall: Sessions) -> None:
    (party,) = await citizens(hall, 1)
    booking = await booked(hall, party)
    with pytest.raises(BookingsAffected) as asked:
        await close(hall, None)
    assert asked.value.affected == (booking,)
    async with hall() as session:
        assert await special_days(session) == ()
        assert await desk.affected_by(session, days_of([CLOSED]), terms=terms()) == (booking,)
    assert (await state_of(hall, booking)).state == "confirmed"


async def test_moving_finds_everybody_the_nearest_time(hall: Sessions) -> None:
    bookings = await fill(hall, wish("09:00"))
    await fill(hall, wish("16:30", date(2026, 12, 1)), first=3000)
    done = await close(hall, "move")
    assert [moved.was for moved in done.moved] == [at("09:00"), at("09:00")]
    assert (done.cancelled, done.without_place) == ((), ())
    assert [moved.booking.starts for moved in done.moved] == [at("16:00", date(2026, 12, 1))] * 2
    for booking in bookings:
        now = await state_of(hall, booking)
        assert (now.state, now.code, now.starts) == (
            "confirmed",
            booking.code,
            at("16:00", date(2026, 12, 1)),
        )
    assert await free(hall, wish("16:00", date(2026, 12, 1))) == 0
    async with hall() as session:
        events = (await session.scalars(select(BookingEvent).where(BookingEvent.kind == "moved"))).all()
    assert {event.by for event in events} == {"li"}


async def test_cancelling_tells_who_is_to_be_told(hall: Sessions) -> None:
    parties = await citizens(hall, 2)
    one = await booked(hall, parties[0])
    other = await booked(hall, parties[1], wish("09:30", group="F"))
    done = await close(hall, "cancel", hall="main")
    assert [(gone.id, gone.state) for gone in done.cancelled] == [(one.id, "cancelled")]
    assert (await state_of(hall, other)).state == "confirmed"
    async with hall() as session:
        assert (await desk.standing_of(session, parties[0].citizen_id, terms=terms())).clear


async def test_shorter_hours_affect_only_whom_they_leave_out(hall: Sessions) -> None:
    parties = await citizens(hall, 3)
    early, late = await booked(hall, parties[0], wish("09:00")), await booked(hall, parties[1], wish("11:30"))
    held = await citizens(hall, 1, first=50)
    async with hall.begin() as session:
        on_hold = await desk.hold(session, held[0], wish("14:00"), key="k", terms=terms())
    with pytest.raises(BookingsAffected) as asked:
        await close(hall, None, open=True, hours="09:00-11:30", note="下午停电")
    assert {booking.id for booking in asked.value.affected} == {late.id, on_hold.id}
    done = await close(hall, "cancel", open=True, hours="09:00-11:30", note="下午停电")
    assert len(done.cancelled) == 2
    assert (await state_of(hall, early)).state == "confirmed"


async def test_a_narrower_day_can_keep_a_group_open(hall: Sessions) -> None:
    (party,) = await citizens(hall, 1)
    await booked(hall, party)
    open_group = {"date": "2026-12-02", "open": True, "hall": "main", "group": "B"}
    async with hall.begin() as session:
        days: tuple[SpecialDay, ...] = days_of([CLOSED, open_group])
        assert await desk.affected_by(session, days, terms=terms()) == ()


async def test_who_finds_no_other_time_is_cancelled_and_named(hall: Sessions) -> None:
    rules = desk.BookingRules(horizon_days=1)
    parties = await citizens(hall, 2)
    booking = await booked(hall, parties[0])
    today_over = desk.Terms(at("17:00", date(2026, 12, 1)), rules)
    async with hall.begin() as session:
        done = await desk.set_days_with_bookings(
            session, days_of([CLOSED]), decision="move", by="li", why="停电", terms=today_over
        )
    assert [gone.id for gone in done.without_place] == [booking.id]
    assert (await state_of(hall, booking)).state == "cancelled"


async def test_a_closure_has_a_name_a_reason_and_a_scope_that_exists(hall: Sessions) -> None:
    async with hall.begin() as session:
        with pytest.raises(ReasonMissing):
            await desk.set_days_with_bookings(
                session, days_of([CLOSED]), decision=None, by="li", why="", terms=terms()
            )
    with pytest.raises(FileRefused):
        await close(hall, None, hall="nowhere")


async def test_nobody_books_a_day_while_it_is_closed(hall: Sessions) -> None:
    parties = await citizens(hall, 12)
    clocks = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30")

    async def come(number: int) -> object:
        await asyncio.sleep(0.01 * number)
        return await booked(hall, parties[number], wish(clocks[number % 6]))

    async def shut_down() -> Closed:
        await asyncio.sleep(0.05)
        return await close(hall, "cancel")

    *came, closed = await asyncio.gather(
        *(come(number) for number in range(12)), shut_down(), return_exceptions=True
    )
    assert isinstance(closed, Closed)
    got = [found for found in came if isinstance(found, desk.Appointment)]
    assert [found for found in came if not isinstance(found, desk.Appointment | DayClosed)] == []
    assert {booking.id for booking in closed.cancelled} == {booking.id for booking in got}
    for party in parties:
        async with hall() as session:
            assert await desk.mine(session, party.citizen_id, now=NOW + timedelta(minutes=1)) == ()
