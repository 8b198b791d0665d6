from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from hall.db import Sessions
from hall.notices.models import NoticeRow
from hall.queue import service as desk
from hall.queue.models import QueueTicket
from hall.queue.service import QueueRules, QueueTerms, Ticket, Window
from tests.hall.queue.desk import (
    CLERK,
    appointment,
    at,
    called,
    notices,
    number_of_notices,
    on,
    opened,
    taken,
)

# Only the number ahead counts, unless a test says otherwise.
AHEAD = QueueRules(soon_minutes=0)


async def line(hall: Sessions, people: int, rules: QueueRules = AHEAD, clock: str = "09:30") -> list[Ticket]:
    return [
        await taken(hall, f"o{count}", terms=on(f"{clock}:{count:02d}", rules=rules))
        for count in range(people)
    ]


async def calls(hall: Sessions, window: Window, clock: str, rules: QueueRules = AHEAD) -> None:
    async with hall.begin() as session:
        await desk.call_next(
            session, window_id=window.id, by=CLERK, finish=True, terms=on(clock, rules=rules)
        )


async def soon_told(hall: Sessions) -> list[str]:
    """Who was told that it is nearly their turn, withdrawn or not."""
    async with hall() as session:
        rows = await session.scalars(
            select(NoticeRow.openid).where(NoticeRow.kind == "calling_soon").order_by(NoticeRow.id)
        )
        return list(rows)


async def test_calling_soon_with_three_ahead_once(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 8)
    # Who is among the first four sees so in the answer to taking the ticket.
    assert await soon_told(hall) == []
    for minute in range(3):
        await calls(hall, window, f"10:{minute:02d}")
    assert await soon_told(hall) == ["o4", "o5", "o6"]
    async with hall.begin() as session:
        await desk.recall(session, window_id=window.id, by=CLERK, terms=on("10:05", rules=AHEAD))
    assert await soon_told(hall) == ["o4", "o5", "o6"]


async def test_calling_soon_by_minutes_where_that_is_first(hall: Sessions) -> None:
    minutes = QueueRules(soon_ahead=-1, soon_minutes=10)
    window = await opened(hall)
    await line(hall, 12, minutes)
    before = await soon_told(hall)
    await calls(hall, window, "10:00", minutes)
    await opened(hall, "2", by="li")
    await opened(hall, "3", by="zhao")
    told = await soon_told(hall)
    # Two more windows bring turns nearer than ten minutes, though nobody was called.
    assert len(told) > len(before)


async def test_what_the_notice_says_and_until_when_it_is_of_use(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 5)
    await calls(hall, window, "10:00")
    async with hall() as session:
        row = (await session.scalars(select(NoticeRow).where(NoticeRow.kind == "calling_soon"))).one()
    assert row.openid == "o4"
    assert {name: row.facts[name] for name in ("number", "hall", "group", "ahead")} == {
        "number": "A005",
        "hall": "main",
        "group": "A",
        "ahead": "3",
    }
    assert int(row.facts["minutes"]) > 10
    assert row.subject == "ticket:main:5"
    assert on("10:20").now < row.useful_until < on("12:00").now


async def test_called_withdraws_soon_and_is_told_itself(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 5)
    for minute in range(5):
        await calls(hall, window, f"10:{minute:02d}")
    assert await notices(hall, "o4") == [("calling_soon", "withdrawn"), ("called", "due")]


async def test_a_recall_is_told_again_and_passing_over_ends_both(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 1)
    await calls(hall, window, "10:00")
    async with hall.begin() as session:
        await desk.recall(session, window_id=window.id, by=CLERK, terms=on("10:01"))
        await desk.pass_over(session, window_id=window.id, by=CLERK, terms=on("10:02"))
    assert await notices(hall, "o0") == [
        ("called", "withdrawn"),
        ("called", "withdrawn"),
        ("passed", "due"),
    ]


async def test_back_again_soon_is_told_again(hall: Sessions) -> None:
    window = await opened(hall)
    first = (await line(hall, 9, QueueRules(soon_minutes=0, back_behind=6)))[0]
    rules = QueueRules(soon_minutes=0, back_behind=6)
    await calls(hall, window, "10:00", rules)
    async with hall.begin() as session:
        await desk.pass_over(session, window_id=window.id, by=CLERK, terms=on("10:02", rules=rules))
        await desk.rejoin(session, ticket_id=first.id, openid="o0", terms=on("10:03", rules=rules))
    assert "o0" not in await soon_told(hall)
    for minute in range(4, 7):
        await calls(hall, window, f"10:{minute:02d}", rules)
    assert "o0" in await soon_told(hall)


async def test_giving_the_ticket_back_withdraws_what_was_to_be_told(hall: Sessions) -> None:
    window = await opened(hall)
    tickets = await line(hall, 5)
    await calls(hall, window, "10:00")
    async with hall.begin() as session:
        await desk.leave(session, openid="o4", ticket_id=tickets[4].id, terms=on("10:01", rules=AHEAD))
    assert await notices(hall, "o4") == [("calling_soon", "withdrawn")]


async def test_tickets_from_the_machine_are_told_by_the_screen_alone(hall: Sessions) -> None:
    window = await opened(hall)
    for _ in range(6):
        await taken(hall, "", "09:30")
    for minute in range(3):
        await calls(hall, window, f"10:{minute:02d}")
    assert await number_of_notices(hall) == 0


async def test_with_no_window_open_nobodys_turn_is_near(hall: Sessions) -> None:
    tickets = await line(hall, 6)
    async with hall.begin() as session:
        await desk.leave(session, openid="o0", ticket_id=tickets[0].id, terms=on("10:01"))
    assert await soon_told(hall) == []


async def test_before_the_counters_open_three_ahead_are_not_near(hall: Sessions) -> None:
    await opened(hall, clock="08:35")
    tickets = await line(hall, 6, clock="08:40")
    async with hall.begin() as session:
        await desk.leave(session, openid="o0", ticket_id=tickets[0].id, terms=on("08:41", rules=AHEAD))
        assert not await desk.wants_sweep(session, "main", terms=on("08:45", rules=AHEAD))
    assert await soon_told(hall) == []
    async with hall.begin() as session:
        assert await desk.wants_sweep(session, "main", terms=on("09:00", rules=AHEAD))
        assert await desk.sweep(session, "main", terms=on("09:00", rules=AHEAD)) == 4
        assert not await desk.wants_sweep(session, "main", terms=on("09:00:20", rules=AHEAD))
    assert await soon_told(hall) == ["o1", "o2", "o3", "o4"]


async def test_the_clock_alone_brings_a_turn_near(hall: Sessions) -> None:
    rules = QueueRules(soon_ahead=-1, soon_minutes=10)
    await opened(hall)
    await line(hall, 1, rules, clock="11:59")
    await line(hall, 2, rules, clock="12:30")
    async with hall.begin() as session:
        await session.execute(update(QueueTicket).values(soon_told=None))
        assert not await desk.wants_sweep(session, "main", terms=on("13:00", rules=rules))
        assert await desk.sweep(session, "main", terms=on("13:24", rules=rules)) >= 1


async def test_appointments_are_told_too(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 2)
    await calls(hall, window, "10:00")
    booking_id = await appointment(hall, "10:00", "12345678", state="checked_in")
    await taken(hall, "booked", "10:01", booking_id=booking_id)
    await calls(hall, window, "10:05")
    assert await notices(hall, "booked") == [("called", "due")]


async def test_what_is_undone_tells_nobody(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 5)
    async with hall() as session:
        await desk.call_next(
            session, window_id=window.id, by=CLERK, terms=QueueTerms(at("10:00") + timedelta(seconds=1))
        )
        await session.rollback()
    assert await number_of_notices(hall) == 0
    ticket = await called(hall, window, "10:01")
    assert ticket is not None
    assert ticket.number == "A001"


async def test_finishing_withdraws_a_call_that_was_not_sent_yet(hall: Sessions) -> None:
    window = await opened(hall)
    await line(hall, 1)
    await calls(hall, window, "10:00")
    await calls(hall, window, "10:04")
    assert await notices(hall, "o0") == [("called", "withdrawn")]
