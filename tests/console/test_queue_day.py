from __future__ import annotations

from datetime import date, timedelta

from console.pages.queue_day import quiet_times
from hall.queue.models import QueueHour
from hall.queue.outlook import UsualHour
from hall.queue.service import QueueTerms, call_next, finish, join, open_window, serve
from hall.staff.service import Role
from tests.console.house import Sitter, Stage


async def supervisor(console: Stage) -> Sitter:
    await console.staff(role=Role.SUPERVISOR)
    return await console.logged_in()


async def test_a_clerk_is_refused(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    assert (await sitter.see("/console/queue-day")).status == 403


async def test_a_day_without_tickets_says_so(console: Stage) -> None:
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/queue-day")).text()
    assert "今天还没有人取号" in text
    assert "还没有足够的记录" in text
    assert "还没有告诉过" in text
    text = await (await sitter.see("/console/queue-day?day=2026-11-30")).text()
    assert "这一天没有人取号" in text


async def test_the_day_in_figures(console: Stage) -> None:
    async def step(minutes: int) -> QueueTerms:
        console.clock.forward(timedelta(minutes=minutes))
        return QueueTerms(console.clock())

    for openid in ("o-1", "o-2", "o-3"):
        async with console.session() as session:
            await join(session, hall="main", group="A2", openid=openid, terms=await step(0))
    async with console.session() as session:
        window = await open_window(
            session, hall="main", group="A2", name="5 号窗口", by="li.na", terms=await step(0)
        )
    async with console.session() as session:
        await call_next(session, window_id=window.id, by="li.na", terms=await step(10))
    async with console.session() as session:
        await serve(session, window_id=window.id, by="li.na", terms=await step(0))
    async with console.session() as session:
        await finish(session, window_id=window.id, by="li.na", terms=await step(6))
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/queue-day")).text()
    cells = [part.split("<")[0] for part in text.split('<td class="number">')[1:]]
    assert cells == ["3", "0", "2", "0", "1", "0", "0", "10 分钟", "10 分钟", "6 分钟"]


async def test_quiet_times_are_told_once_a_weekday_was_seen_twice(console: Stage) -> None:
    async with console.session() as session:
        for week in (1, 2):
            row = QueueHour(
                hall_code="main",
                group_code="A2",
                day=date(2026, 12, 1) - timedelta(weeks=week),
                hour=9,
                taken=12,
                called=12,
                waited_minutes=20.0,
            )
            session.add(row)
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/queue-day?group=A2")).text()
    assert "12 人,等 20 分" in text
    assert "周二" in text


def test_an_hour_in_which_nobody_came_is_said_so() -> None:
    hours = [UsualHour(0, 9, 3, 4.0, 5.0), UsualHour(2, 10, 3, 1.0, 2.0)]
    found = quiet_times(hours)
    assert found is not None
    assert found.weekdays == ("周一", "周三")
    assert found.rows == (
        ("9–10 点", ("4 人,等 5 分", "没有人")),
        ("10–11 点", ("没有人", "1 人,等 2 分")),
    )
    assert quiet_times([]) is None
