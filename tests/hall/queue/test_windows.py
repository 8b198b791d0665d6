from __future__ import annotations

from datetime import timedelta

import pytest

from hall.db import Sessions
from hall.queue import service as desk
from hall.queue.service import (
    NobodyThere,
    NotPossible,
    NotYourWindow,
    ReasonMissing,
    RecallsSpent,
    Ticket,
    UnknownGroup,
    UnknownWindow,
    Window,
    WindowBusy,
    WindowNotOpen,
    WindowTaken,
)
from tests.hall.queue.desk import CLERK, called, on, opened, state_of, taken


async def there(hall: Sessions, window: Window, clock: str = "10:00") -> Ticket:
    ticket = await called(hall, window, clock)
    assert ticket is not None
    return ticket


async def test_a_window_calls_by_arrival_and_one_at_a_time(hall: Sessions) -> None:
    window = await opened(hall)
    first, second = await taken(hall, "o1", "09:10"), await taken(hall, "o2", "09:11")
    assert (await there(hall, window)).id == first.id
    with pytest.raises(WindowBusy) as busy:
        await called(hall, window, "10:05")
    assert busy.value.ticket.id == first.id
    following = await called(hall, window, "10:06", finish=True)
    assert following is not None
    assert following.id == second.id
    assert (await state_of(hall, first.id)).state == "finished"
    assert await called(hall, window, "10:10", finish=True) is None


async def test_a_button_pressed_twice_is_harmless(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    second = await taken(hall, "o2")
    first = await called(hall, window, "10:01", key="press")
    again = await called(hall, window, "10:05", key="press", finish=True)
    assert first is not None
    assert again is not None
    assert (again.id, again.again) == (first.id, True)
    # Without a key: what comes within two seconds is the same press.
    after = await called(hall, window, "10:06:00", finish=True)
    twice = await called(hall, window, "10:06:01", finish=True)
    assert after is not None
    assert twice is not None
    assert (after.id, twice.id, twice.again) == (second.id, second.id, True)
    async with hall.begin() as session:
        done = await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:10"))
        more = await desk.finish(
            session, window_id=window.id, by=CLERK, ticket_id=done.id, terms=on("10:10:01")
        )
        assert more.again
        with pytest.raises(NobodyThere):
            await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:10:02"))


async def test_nobody_waiting_is_remembered_by_the_key_too(hall: Sessions) -> None:
    window = await opened(hall)
    assert await called(hall, window, key="press") is None
    await taken(hall, "o1")
    assert await called(hall, window, "10:00:01", key="press") is None
    assert await called(hall, window, "10:00:02", key="next") is not None


async def test_recalled_three_times_at_most(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    await there(hall, window, "10:00")
    async with hall.begin() as session:
        for minute in range(1, 4):
            ticket = await desk.recall(session, window_id=window.id, by=CLERK, terms=on(f"10:0{minute}"))
            assert ticket.recalls == minute
        again = await desk.recall(session, window_id=window.id, by=CLERK, terms=on("10:03:01"))
        assert again.again
        with pytest.raises(RecallsSpent):
            await desk.recall(session, window_id=window.id, by=CLERK, terms=on("10:04"))
        board = await desk.board(session, "main", now=on("10:05").now)
    assert [call.number for call in board.calls] == ["A001"] * 4
    assert [call.id for call in board.calls] == sorted({call.id for call in board.calls})


async def test_who_is_served_is_neither_recalled_nor_passed_over(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    ticket = await there(hall, window)
    async with hall.begin() as session:
        served = await desk.serve(session, window_id=window.id, by=CLERK, terms=on("10:01"))
        assert served.state == "serving"
        assert (await desk.serve(session, window_id=window.id, by=CLERK, terms=on("10:02"))).again
        for step in (desk.recall, desk.pass_over):
            with pytest.raises(NotPossible):
                await step(session, window_id=window.id, by=CLERK, terms=on("10:03"))
        done = await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:09"))
    assert (done.id, done.state, done.started, done.ended) == (
        ticket.id,
        "finished",
        on("10:01").now,
        on("10:09").now,
    )


async def test_passing_over_again_is_harmless(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    ticket = await there(hall, window)
    async with hall.begin() as session:
        for clock in ("10:01", "10:01:01"):
            passed = await desk.pass_over(
                session, window_id=window.id, by=CLERK, ticket_id=ticket.id, terms=on(clock)
            )
    assert (passed.state, passed.passes, passed.again) == ("passed", 1, True)


async def test_put_aside_for_a_form_and_back_first_at_that_window(hall: Sessions) -> None:
    mine, other = await opened(hall, "1"), await opened(hall, "2", by="li")
    for count in range(4):
        await taken(hall, f"o{count}", f"09:0{count}")
    first = await there(hall, mine)
    async with hall.begin() as session:
        held = await desk.hold_ticket(session, window_id=mine.id, by=CLERK, terms=on("10:02"))
        again = await desk.hold_ticket(
            session, window_id=mine.id, by=CLERK, ticket_id=held.id, terms=on("10:02:01")
        )
        assert (held.state, again.again) == ("held", True)
    assert (await there(hall, mine, "10:03")).number == "A002"
    async with hall.begin() as session:
        await desk.resume(session, ticket_id=first.id, openid="o0", terms=on("10:08"))
        assert (await desk.resume(session, ticket_id=first.id, terms=on("10:08:01"))).again
    elsewhere = await called(hall, other, "10:09", by="li")
    assert elsewhere is not None
    assert elsewhere.number == "A003"
    back = await called(hall, mine, "10:10", finish=True)
    assert back is not None
    assert back.id == first.id
    async with hall.begin() as session:
        await desk.finish(session, window_id=mine.id, by=CLERK, terms=on("10:14"))
    # Two minutes before the form, four after it.
    assert (await state_of(hall, first.id)).busy_seconds == 360


async def test_when_that_window_closed_any_other_of_the_group_calls(hall: Sessions) -> None:
    mine, other = await opened(hall, "1"), await opened(hall, "2", by="li")
    await taken(hall, "o1")
    first = await there(hall, mine)
    async with hall.begin() as session:
        await desk.hold_ticket(session, window_id=mine.id, by=CLERK, terms=on("10:02"))
        await desk.resume(session, ticket_id=first.id, terms=on("10:08"))
        await desk.close_window(session, window_id=mine.id, by=CLERK, terms=on("10:09"))
    back = await called(hall, other, "10:10", by="li")
    assert back is not None
    assert back.id == first.id


async def test_while_that_window_is_paused_another_calls_who_comes_back(hall: Sessions) -> None:
    mine, other = await opened(hall, "1"), await opened(hall, "2", by="li")
    await taken(hall, "o1")
    first = await there(hall, mine)
    async with hall.begin() as session:
        await desk.hold_ticket(session, window_id=mine.id, by=CLERK, terms=on("10:02"))
        await desk.pause_window(session, window_id=mine.id, by=CLERK, reason="开会", terms=on("10:03"))
        await desk.resume(session, ticket_id=first.id, terms=on("10:08"))
    back = await called(hall, other, "10:10", by="li")
    assert back is not None
    assert back.id == first.id


async def test_a_transfer_keeps_when_the_ticket_arrived(hall: Sessions) -> None:
    window, other = await opened(hall), await opened(hall, "9", group="B", by="li")
    first = await taken(hall, "o1", "09:00")
    await taken(hall, "o2", "09:10", group="B")
    await there(hall, window)
    async with hall.begin() as session:
        moved = await desk.transfer(session, ticket_id=first.id, by=CLERK, to_group="B", terms=on("10:02"))
        assert (moved.state, moved.group, moved.number) == ("waiting", "B", "A001")
        more = await desk.transfer(session, ticket_id=first.id, by=CLERK, to_group="B", terms=on("10:03"))
        assert more.again
    taken_there = await called(hall, other, "10:05", by="li")
    assert taken_there is not None
    assert taken_there.id == first.id
    # The number is not given a second time.
    assert (await taken(hall, "o3", "10:06", group="B")).number == "B002"


async def test_a_transfer_to_one_window_waits_for_that_window(hall: Sessions) -> None:
    mine, other = await opened(hall, "1"), await opened(hall, "2", by="li")
    first = await taken(hall, "o1", "09:00")
    await taken(hall, "o2", "09:10")
    await there(hall, mine)
    async with hall.begin() as session:
        await desk.transfer(session, ticket_id=first.id, by=CLERK, to_window=other.id, terms=on("10:02"))
    assert (await there(hall, mine, "10:03")).number == "A002"
    taken_there = await called(hall, other, "10:05", by="li")
    assert taken_there is not None
    assert taken_there.id == first.id


async def test_what_cannot_be_transferred(hall: Sessions) -> None:
    window, other = await opened(hall), await opened(hall, "2", by="li")
    first = await taken(hall, "o1")
    async with hall.begin() as session:
        await desk.close_window(session, window_id=other.id, by="li", terms=on())
        with pytest.raises(UnknownGroup):
            await desk.transfer(session, ticket_id=first.id, by=CLERK, to_group="Z", terms=on())
        with pytest.raises(WindowNotOpen):
            await desk.transfer(session, ticket_id=first.id, by=CLERK, to_window=other.id, terms=on())
        with pytest.raises(ValueError):
            await desk.transfer(session, ticket_id=first.id, by=CLERK, terms=on())
    await there(hall, window)
    async with hall.begin() as session:
        with pytest.raises(NotYourWindow):
            await desk.transfer(session, ticket_id=first.id, by="li", to_group="B", terms=on())
        await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:05"))
        with pytest.raises(NotPossible):
            await desk.transfer(session, ticket_id=first.id, by=CLERK, to_group="B", terms=on())


async def test_a_window_of_two_groups_calls_both_by_arrival(hall: Sessions) -> None:
    window = await opened(hall, also=["B"])
    await taken(hall, "o1", "09:00", group="B")
    await taken(hall, "o2", "09:05")
    await taken(hall, "o3", "09:10", group="B")
    numbers = []
    for minute in range(3):
        ticket = await called(hall, window, f"10:0{minute}", finish=True)
        assert ticket is not None
        numbers.append(ticket.number)
    assert numbers == ["B001", "A001", "B002"]


async def test_a_paused_window_calls_nobody_but_finishes_whom_it_has(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    await taken(hall, "o2")
    await there(hall, window)
    async with hall.begin() as session:
        with pytest.raises(ReasonMissing):
            await desk.pause_window(session, window_id=window.id, by=CLERK, reason=" ", terms=on())
        paused = await desk.pause_window(
            session, window_id=window.id, by=CLERK, reason="设备故障", terms=on("10:02")
        )
        assert (paused.state, paused.reason, paused.since) == ("paused", "设备故障", on("10:02").now)
    with pytest.raises(WindowNotOpen):
        await called(hall, window, "10:05", finish=True)
    async with hall.begin() as session:
        await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:06"))
        await desk.resume_window(session, window_id=window.id, by=CLERK, terms=on("10:15"))
    assert (await there(hall, window, "10:16")).number == "A002"


async def test_only_who_opened_it_or_the_stand_in_acts_at_a_window(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    with pytest.raises(NotYourWindow):
        await called(hall, window, by="li")
    with pytest.raises(WindowTaken):
        await opened(hall, by="li")
    async with hall.begin() as session:
        shown = await desk.set_stand_in(session, window_id=window.id, staff="li", by=CLERK, terms=on())
    assert shown.stand_in == "li"
    assert await called(hall, window, by="li") is not None
    async with hall.begin() as session:
        await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:05"))
        await desk.set_stand_in(session, window_id=window.id, staff="", by=CLERK, terms=on("10:06"))
    with pytest.raises(NotYourWindow):
        await called(hall, window, "10:07", by="li")


async def test_a_window_closes_when_nobody_is_there_and_is_anybodys_then(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1")
    await there(hall, window)
    async with hall.begin() as session:
        with pytest.raises(WindowBusy):
            await desk.close_window(session, window_id=window.id, by=CLERK, terms=on("10:01"))
        await desk.finish(session, window_id=window.id, by=CLERK, terms=on("10:05"))
        await desk.close_window(session, window_id=window.id, by=CLERK, terms=on("10:06"))
        closed = await desk.close_window(session, window_id=window.id, by=CLERK, terms=on("10:07"))
        assert (closed.state, closed.staff) == ("closed", "")
        for step in (desk.resume_window, desk.close_window):
            if step is desk.resume_window:
                with pytest.raises(WindowNotOpen):
                    await step(session, window_id=window.id, by=CLERK, terms=on("10:08"))
    again = await opened(hall, by="li", clock="10:10")
    assert (again.id, again.staff) == (window.id, "li")


async def test_windows_and_groups_that_are_not_there(hall: Sessions) -> None:
    with pytest.raises(UnknownGroup):
        await opened(hall, group="Z")
    async with hall.begin() as session:
        with pytest.raises(UnknownWindow):
            await desk.call_next(session, window_id=99, by=CLERK, terms=on())


async def test_every_change_moves_the_halls_revision_and_the_board_shows_it(hall: Sessions) -> None:
    async def revision() -> int:
        async with hall() as session:
            return (await desk.board(session, "main", now=on().now)).revision

    before = await revision()
    window = await opened(hall)
    opened_at = await revision()
    await taken(hall, "o1")
    taken_at = await revision()
    await there(hall, window)
    assert before < opened_at < taken_at < await revision()
    async with hall() as session:
        board = await desk.board(session, "main", now=on("10:01").now)
        other = await desk.board(session, "branch", now=on("10:01").now)
    assert [(shown.name, shown.state, shown.ticket and shown.ticket.number) for shown in board.windows] == [
        ("1", "open", "A001")
    ]
    assert [(group.group, group.waiting, group.windows) for group in board.groups] == [
        ("A", 0, 1),
        ("B", 0, 0),
    ]
    assert other.revision == 0


async def test_what_visits_take_moves_the_estimate(hall: Sessions) -> None:
    window = await opened(hall)
    for count in range(25):
        await taken(hall, f"o{count}", "09:00", item_code="GA-0101")
    start = on("09:01").now

    async def wait_of_the_last() -> float:
        async with hall() as session:
            (view,) = await desk.my_tickets(session, "o24", now=start)
        assert view.wait is not None
        return view.wait.middle / max(1, view.ahead)

    before = await wait_of_the_last()
    for count in range(15):
        start += timedelta(minutes=3)
        async with hall.begin() as session:
            await desk.call_next(
                session,
                window_id=window.id,
                by=CLERK,
                finish=True,
                terms=desk.QueueTerms(start),
                key=f"{count}",
            )
    assert before > 6
    assert 2.5 < await wait_of_the_last() < 5.5
