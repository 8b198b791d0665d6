from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hall.db import Sessions
from hall.people.blind import Vault
from hall.people.citizens import register
from hall.people.models import Citizen
from hall.people.rights import erase, export
from hall.queue import service as desk
from hall.queue.accuracy import Told, summed_up
from hall.queue.models import QueueHour, QueueTicket
from hall.queue.outlook import HalfDay, UsualHour, half_days
from hall.queue.service import QueueTerms, UnknownGroup, UnknownTicket
from tests.hall.queue.desk import CLERK, TUESDAY, at, called, on, opened, state_of, taken

DAY = timedelta(days=1)
WEDNESDAY = TUESDAY + DAY


async def test_what_is_left_at_the_end_of_the_day_is_closed_with_a_reason(hall: Sessions) -> None:
    window = await opened(hall)
    first, second = await taken(hall, "o1"), await taken(hall, "o2")
    await called(hall, window)
    async with hall.begin() as session:
        assert await desk.halls_in_use(session) == ("main",)
        assert not await desk.wants_sweep(session, "main", terms=on("17:30"))
        assert await desk.wants_sweep(session, "main", terms=on("18:00"))
        assert await desk.sweep(session, "main", terms=on("18:00")) == 2
        assert await desk.halls_in_use(session) == ()
    for ticket in (first, second):
        row = await state_of(hall, ticket.id)
        assert (row.state, row.ended_why, row.ended) == ("closed", "day_over", on("18:00").now)
    async with hall() as session:
        assert [shown.state for shown in await desk.windows(session, "main", now=on("18:00").now)] == [
            "closed"
        ]


async def test_a_day_that_nobody_closed_is_closed_by_the_next_days_first_ticket(hall: Sessions) -> None:
    await opened(hall)
    left = await taken(hall, "o1")
    new = await taken(hall, "o1", terms=on("09:00", WEDNESDAY))
    assert (new.number, new.day) == ("A001", WEDNESDAY)
    assert (await state_of(hall, left.id)).state == "closed"
    async with hall.begin() as session:
        board = await desk.board(session, "main", now=at("09:00", WEDNESDAY))
        with pytest.raises(UnknownTicket):
            await desk.leave(session, openid="o1", ticket_id=left.id, terms=on("09:01", WEDNESDAY))
    assert board.windows == ()
    assert board.next == ("A001",)


async def test_closing_the_day_by_hand_is_harmless_twice(hall: Sessions) -> None:
    await taken(hall, "o1")
    async with hall.begin() as session:
        assert await desk.end_day(session, hall="main", by="lead", terms=on("16:00")) == 1
        assert await desk.end_day(session, hall="main", by="lead", terms=on("16:01")) == 0


async def test_tickets_of_long_ago_name_nobody(hall: Sessions) -> None:
    old = await taken(hall, "o1")
    later = TUESDAY + 100 * DAY
    recent = await taken(hall, "o1", terms=on("09:00", later - 2 * DAY))
    await taken(hall, "o1", terms=on("09:00", later))
    assert (await state_of(hall, old.id)).openid is None
    assert (await state_of(hall, recent.id)).openid == "o1"


async def days_with(hall: Sessions, day: date, hours: dict[int, tuple[int, float]]) -> None:
    """A past day with so many people in each hour, who waited so long."""
    async with hall.begin() as session:
        for hour, (people, minutes) in hours.items():
            session.add(
                QueueHour(
                    hall_code="main",
                    group_code="A",
                    day=day,
                    hour=hour,
                    taken=people,
                    called=people,
                    waited_minutes=minutes,
                )
            )


async def test_the_hours_of_a_day_are_kept(hall: Sessions) -> None:
    window = await opened(hall)
    await taken(hall, "o1", "09:10")
    await taken(hall, "o2", "09:20")
    await taken(hall, "o3", "10:10")
    await called(hall, window, "09:30")
    async with hall.begin() as session:
        await desk.end_day(session, hall="main", terms=on("17:30"))
        rows = (await session.scalars(select(QueueHour).order_by(QueueHour.hour))).all()
    assert [(row.hour, row.taken, row.called, row.waited_minutes) for row in rows] == [
        (9, 2, 1, pytest.approx(20)),
        (10, 1, 0, 0),
    ]


async def test_an_outlook_says_how_it_stands_and_when_it_is_quiet(hall: Sessions) -> None:
    for week in (1, 2, 3):
        monday = TUESDAY - DAY - 7 * week * DAY
        await days_with(hall, monday, {9: (30, 40.0), 10: (30, 50.0), 14: (10, 12.0)})
        await days_with(hall, monday + 2 * DAY, {9: (5, 4.0), 14: (12, 15.0)})
    await opened(hall)
    await taken(hall, "o1")
    async with hall() as session:
        found = await desk.outlook(session, "main", "A", now=at("10:00"))
        with pytest.raises(UnknownGroup):
            await desk.outlook(session, "main", "Z", now=at("10:00"))
    assert (found.waiting, found.windows, found.shut) == (1, 1, "")
    assert found.wait is not None
    assert found.has_history
    assert [(half.weekday, half.part) for half in found.quiet] == [(2, "morning"), (0, "afternoon")]
    assert [(half.weekday, half.part) for half in found.busy] == [(0, "morning"), (2, "afternoon")]
    assert found.busy[0].minutes == pytest.approx(45)


async def test_without_history_nothing_is_said_of_quiet_times(hall: Sessions) -> None:
    await days_with(hall, TUESDAY - 7 * DAY, {9: (30, 40.0)})
    async with hall() as session:
        found = await desk.outlook(session, "main", "A", now=at("20:00"))
    # One day proves nothing.
    assert not found.has_history
    assert (found.quiet, found.busy) == ((), ())
    assert (found.shut, found.wait, found.windows) == ("over", None, 0)


async def test_before_the_opening_the_usual_windows_are_counted_on(hall: Sessions) -> None:
    async with hall() as session:
        found = await desk.outlook(session, "main", "A", now=at("08:00"))
    assert (found.shut, found.opens) == ("early", at("08:30"))
    assert found.wait is not None
    assert 60 <= found.wait.low <= found.wait.high <= 66


async def test_windows_that_were_there_of_late_are_expected_before_the_day_begins(hall: Sessions) -> None:
    async def wait() -> int:
        async with hall() as session:
            (view,) = await desk.my_tickets(session, "o5", now=at("08:45", WEDNESDAY))
        assert view.wait is not None
        return view.wait.high

    for number in range(3):
        await opened(hall, f"{number}", by=f"clerk-{number}")
    for count in range(6):
        await taken(hall, f"o{count}", terms=on("08:40", WEDNESDAY))
    before = await wait()
    async with hall.begin() as session:
        await desk.open_window(
            session, hall="main", group="A", name="0", by="clerk-0", terms=on("08:44", WEDNESDAY)
        )
    # The first to come to work does not make it look as if they were alone.
    assert abs(await wait() - before) <= 2


def test_half_days_weigh_hours_by_their_people() -> None:
    hours = (UsualHour(0, 9, 3, 30, 40), UsualHour(0, 11, 3, 10, 20), UsualHour(0, 15, 3, 5, 5))
    assert half_days(hours) == (HalfDay(0, "afternoon", 5, 5), HalfDay(0, "morning", 20, 35))


def test_accuracy_counts_whole_minutes_as_they_were_told() -> None:
    told = [
        Told(waited=10.9, low=5.2, middle=8.0, high=10.1),
        Told(waited=5.0, low=5.9, middle=8.0, high=10.0),
        Told(waited=12.0, low=5.0, middle=8.0, high=10.0),
        Told(waited=4.0, low=5.0, middle=8.0, high=10.0),
    ]
    found = summed_up(told)
    assert (found.tickets, found.covered, found.late_share) == (4, 0.5, 0.25)
    assert found.error_minutes == pytest.approx(3.5)


async def test_an_erased_citizen_is_named_by_no_ticket_and_waits_no_more(hall: Sessions) -> None:
    vault = Vault.of(["secret"])
    window = await opened(hall)
    async with hall.begin() as session:
        citizen_id = await register(session, "o1", now=on().now)
    served = await taken(hall, "o1", "09:30")
    await called(hall, window, "09:31")
    async with hall.begin() as session:
        await desk.finish(session, window_id=window.id, by=CLERK, terms=on("09:40"))
    waiting = await taken(hall, "o1", "09:50")
    other = await taken(hall, "o2", "09:51")
    async with hall.begin() as session:
        copy = await export(session, vault, citizen_id, now=on().now, parts={"queue": desk.told_of})
        assert [ticket["number"] for ticket in copy["queue"]] == ["A001", "A002"]
        assert await erase(session, citizen_id, now=on().now, forget=[desk.forgetting(on("10:00"))])
    assert (await state_of(hall, waiting.id)).state == "left"
    assert (await state_of(hall, served.id)).busy_seconds == 540
    async with hall() as session:
        named = await session.scalars(select(QueueTicket.id).where(QueueTicket.openid == "o1"))
        assert named.all() == []
        assert await session.scalar(select(Citizen.openid).where(Citizen.id == citizen_id)) is None
    assert (await state_of(hall, other.id)).openid == "o2"


async def test_who_never_took_a_ticket_is_forgotten_too(hall: Sessions) -> None:
    async with hall.begin() as session:
        citizen_id = await register(session, "o1", now=on().now)
        assert await desk.forgetting(QueueTerms(on().now))(session, citizen_id) is False
