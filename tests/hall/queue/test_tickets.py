from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.appointments import service as booking_desk
from hall.appointments.service import CheckedIn, Terms
from hall.db import Sessions
from hall.queue import service as desk
from hall.queue.service import (
    NotCheckedIn,
    NotPossible,
    NoWayBack,
    QueueRules,
    QueueShut,
    Ticket,
    UnknownGroup,
    UnknownTicket,
)
from tests.hall.queue.desk import CLERK, TUESDAY, appointment, at, called, on, opened, state_of, taken


async def passed_over(hall: Sessions, clock: str = "10:00") -> Ticket:
    """The next ticket, called to window 1 and passed over."""
    window = await opened(hall)
    ticket = await called(hall, window, clock)
    assert ticket is not None
    async with hall.begin() as session:
        return await desk.pass_over(session, window_id=window.id, by=CLERK, terms=on(f"{clock}:30"))


async def back(hall: Sessions, ticket: Ticket, clock: str, openid: str | None = None) -> Ticket:
    async with hall.begin() as session:
        return await desk.rejoin(session, ticket_id=ticket.id, openid=openid, terms=on(clock))


async def test_numbers_are_by_group_and_hall_and_begin_anew_each_day(hall: Sessions) -> None:
    assert [(await taken(hall, f"o{count}")).number for count in range(3)] == ["A001", "A002", "A003"]
    assert (await taken(hall, "o1", group="B")).number == "B001"
    tomorrow = TUESDAY + timedelta(days=1)
    assert (await taken(hall, "o1", terms=on("09:00", tomorrow))).number == "A001"


async def test_a_citizen_has_one_open_ticket_at_a_group(hall: Sessions) -> None:
    first = await taken(hall, "o1")
    assert await taken(hall, "o1", "10:05") == replace(first, again=True)
    async with hall.begin() as session:
        await desk.leave(session, openid="o1", ticket_id=first.id, terms=on("10:06"))
    assert (await taken(hall, "o1", "10:07")).number == "A002"


async def test_a_press_at_the_machine_is_known_by_its_key(hall: Sessions) -> None:
    first = await taken(hall, key="press-1")
    assert await taken(hall, key="press-1") == replace(first, again=True)
    assert (await taken(hall, key="press-2")).number == "A002"
    assert (await taken(hall)).number == "A003"


@pytest.mark.parametrize(
    ("clock", "day", "why"),
    [
        ("08:29", TUESDAY, "early"),
        ("17:00", TUESDAY, "over"),
        ("10:00", date(2026, 12, 6), "closed"),
        ("14:00", date(2026, 12, 5), "over"),
    ],
)
async def test_no_tickets_outside_the_hours(hall: Sessions, clock: str, day: date, why: str) -> None:
    with pytest.raises(QueueShut) as shut:
        await taken(hall, "o1", terms=on(clock, day))
    assert shut.value.why == why
    if why == "early":
        assert shut.value.opens == at("08:30")


@pytest.mark.parametrize("clock", ["08:30", "12:30", "16:59"])
async def test_tickets_are_given_a_little_before_opening_and_over_lunch(hall: Sessions, clock: str) -> None:
    assert (await taken(hall, "o1", clock)).state == "waiting"


async def test_an_unknown_group_or_hall_is_named(hall: Sessions) -> None:
    with pytest.raises(UnknownGroup):
        await taken(hall, "o1", group="Z")
    with pytest.raises(UnknownGroup):
        async with hall.begin() as session:
            await desk.join(session, hall="nowhere", group="A", terms=on())


async def test_staff_stop_a_queue_for_the_day_and_start_it_again(hall: Sessions) -> None:
    waiting = await taken(hall, "o1")
    async with hall.begin() as session:
        await desk.stop_group(session, hall="main", group="A", by="lead", reason="今天的号发完了", terms=on())
    with pytest.raises(QueueShut) as shut:
        await taken(hall, "o2")
    assert (shut.value.why, shut.value.reason) == ("stopped", "今天的号发完了")
    assert (await taken(hall, "o1")).id == waiting.id
    assert (await taken(hall, "o2", group="B")).number == "B001"
    async with hall.begin() as session:
        assert await desk.resume_group(session, hall="main", group="A", terms=on())
    assert (await taken(hall, "o2")).number == "A002"


async def test_a_checked_in_appointment_comes_first_and_once(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1", "09:30")
    booking_id = await appointment(hall, "10:00", "12345678")
    with pytest.raises(NotCheckedIn):
        await taken(hall, "o2", "09:50", booking_id=booking_id)
    async with hall.begin() as session:
        found = await booking_desk.check_in(session, "12345678", hall="main", terms=Terms(at("09:50")))
        assert isinstance(found, CheckedIn)
        ticket = await desk.join(
            session, hall="main", group="A", openid="o2", booking_id=found.booking.id, terms=on("09:50")
        )
    assert (ticket.item_code, ticket.appointed) == ("GA-0101", at("10:00"))
    assert (await taken(hall, "o2", "09:55", booking_id=booking_id)).again
    first = await called(hall, window, "09:56")
    assert first is not None
    assert first.id == ticket.id


async def test_an_ordinary_ticket_becomes_that_of_the_appointment_checked_in(hall: Sessions) -> None:
    await taken(hall, "o1", "09:30")
    ordinary = await taken(hall, "o2", "09:40")
    booking_id = await appointment(hall, "10:00", "12345678", state="checked_in")
    promoted = await taken(hall, "o2", "09:50", booking_id=booking_id)
    assert (promoted.id, promoted.booking_id, promoted.again) == (ordinary.id, booking_id, False)
    async with hall.begin() as session:
        assert [view.ahead for view in await desk.my_tickets(session, "o1", now=at("09:51"))] == [1]


async def test_a_ticket_is_given_back_by_its_owner_only_and_twice_is_harmless(hall: Sessions) -> None:
    ticket = await taken(hall, "o1")
    async with hall.begin() as session:
        with pytest.raises(UnknownTicket):
            await desk.leave(session, openid="o2", ticket_id=ticket.id, terms=on())
        left = await desk.leave(session, openid="o1", ticket_id=ticket.id, terms=on())
        assert left.state == "left"
        assert (await desk.leave(session, openid="o1", ticket_id=ticket.id, terms=on())).again
    window = await opened(hall)
    assert await called(hall, window) is None


async def test_who_is_being_served_cannot_give_the_ticket_back(hall: Sessions) -> None:
    ticket, window = await taken(hall, "o1"), await opened(hall)
    await called(hall, window)
    async with hall.begin() as session:
        await desk.serve(session, window_id=window.id, by=CLERK, terms=on("10:01"))
        with pytest.raises(NotPossible):
            await desk.leave(session, openid="o1", ticket_id=ticket.id, terms=on("10:02"))


async def test_passed_over_there_is_one_way_back_behind_the_next_three(hall: Sessions) -> None:
    for count in range(6):
        await taken(hall, f"o{count}", f"09:0{count}")
    ticket = await passed_over(hall)
    assert (ticket.state, ticket.passes) == ("passed", 1)
    again = await back(hall, ticket, "10:05", "o0")
    assert again.state == "waiting"
    assert (await back(hall, ticket, "10:06", "o0")).again
    async with hall.begin() as session:
        (view,) = await desk.my_tickets(session, "o0", now=at("10:06"))
        board = await desk.board(session, "main", now=at("10:06"))
    assert view.ahead == 3
    assert board.next == ("A002", "A003", "A004", "A001", "A005")


async def test_the_second_pass_ends_the_ticket(hall: Sessions) -> None:
    await taken(hall, "o1")
    ticket = await passed_over(hall)
    await back(hall, ticket, "10:05")
    missed = await passed_over(hall, "10:10")
    assert (missed.id, missed.state) == (ticket.id, "missed")
    with pytest.raises(NoWayBack):
        await back(hall, ticket, "10:15", "o1")
    assert (await taken(hall, "o1", "10:16")).number == "A002"


async def test_an_appointment_passed_over_comes_back_without_its_priority(hall: Sessions) -> None:
    booking_id = await appointment(hall, "10:00", "12345678", state="checked_in")
    await taken(hall, "o1", "09:50", booking_id=booking_id)
    for count in range(2, 4):
        await taken(hall, f"o{count}", "09:55")
    ticket = await passed_over(hall)
    await back(hall, ticket, "10:05")
    async with hall.begin() as session:
        assert [view.ahead for view in await desk.my_tickets(session, "o1", now=at("10:06"))] == [2]


async def test_who_was_not_passed_over_has_no_way_back(hall: Sessions) -> None:
    ticket = await taken(hall, "o1")
    with pytest.raises(NotPossible):
        await back(hall, ticket, "10:01", "o1")


async def test_my_tickets_say_how_many_are_ahead_and_how_long(hall: Sessions) -> None:
    for count in range(4):
        await taken(hall, f"o{count}")
    async with hall.begin() as session:
        (view,) = await desk.my_tickets(session, "o3", now=at("10:00"))
    assert (view.ahead, view.wait, view.windows) == (3, None, 0)
    await opened(hall)
    async with hall.begin() as session:
        (view,) = await desk.my_tickets(session, "o3", now=at("10:00"))
    assert view.wait is not None
    assert 5 <= view.wait.low < view.wait.middle < view.wait.high <= 60
    assert view.wait.today
    assert view.windows == 1


async def test_late_in_the_day_it_is_said_that_it_may_not_be_today(hall: Sessions) -> None:
    await opened(hall)
    for count in range(20):
        await taken(hall, f"o{count}", "16:40")
    async with hall.begin() as session:
        first, last = [
            (await desk.my_tickets(session, name, now=at("16:41")))[0].wait for name in ("o0", "o19")
        ]
    assert first is not None
    assert last is not None
    assert (first.today, last.today) == (True, False)


async def test_what_is_told_at_the_taking_is_kept_with_what_happened(hall: Sessions) -> None:
    window = await opened(hall)
    for count in range(3):
        await taken(hall, f"o{count}", "10:00")
    await called(hall, window, "10:00:10")
    ticket = await called(hall, window, "10:09", finish=True)
    assert ticket is not None
    row = await state_of(hall, ticket.id)
    assert row.told_ahead == 1
    assert row.told_low is not None
    assert row.told_high is not None
    assert row.told_low < row.told_high
    async with hall.begin() as session:
        found = await desk.accuracy(session, "main", at("09:00"))
        assert await desk.accuracy(session, "main", at("11:00")) is None
    assert found is not None
    assert found.tickets == 2
    assert found.covered == 1


async def test_the_rules_are_the_centres_own(hall: Sessions) -> None:
    rules = QueueRules(back_behind=1, ways_back=2, early_minutes=60)
    await taken(hall, "o1", terms=on("08:05", rules=rules))
    await taken(hall, "o2", terms=on("08:06", rules=rules))
    await taken(hall, "o3", terms=on("08:07", rules=rules))
    ticket = await passed_over(hall)
    async with hall.begin() as session:
        await desk.rejoin(session, ticket_id=ticket.id, terms=on("10:05", rules=rules))
        board = await desk.board(session, "main", now=at("10:06"))
    assert board.next == ("A002", "A001", "A003")
