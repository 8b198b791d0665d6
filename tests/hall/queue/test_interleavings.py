"""Whatever the steps and however they interleave: no ticket is doubled or lost, one is at a window."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Sessions, create_engine, create_sessions
from hall.notices.models import NoticeRow
from hall.queue import service as desk
from hall.queue.models import QueueCall, QueueEvent, QueueRequest, QueueTicket, QueueWindow
from hall.queue.service import (
    NobodyThere,
    NotPossible,
    NoWayBack,
    QueueTerms,
    RecallsSpent,
    UnknownTicket,
    Window,
    WindowBusy,
    WindowNotOpen,
)
from tests.hall.queue.desk import at, open_centre, opened

# What a step may be answered with; anything else is a fault.
ALLOWED = (NobodyThere, NotPossible, NoWayBack, RecallsSpent, UnknownTicket, WindowBusy, WindowNotOpen)
CITIZENS, WINDOWS = 6, 3
KINDS = (
    *("join", "join", "call", "call", "call_finish", "finish"),
    *("pass_over", "rejoin", "leave", "hold", "resume", "transfer", "pause", "unpause", "recall", "serve"),
)


@dataclass(frozen=True)
class Step:
    kind: str
    citizen: int
    window: int


STEPS = st.builds(Step, st.sampled_from(KINDS), st.integers(0, CITIZENS - 1), st.integers(0, WINDOWS - 1))


class Hall:
    """A hall with three windows, the third of which serves both groups."""

    def __init__(self, sessions: Sessions, windows: list[Window]) -> None:
        self.sessions, self.windows = sessions, windows
        self._moments = itertools.count()

    def terms(self) -> QueueTerms:
        return QueueTerms(at("09:30") + timedelta(seconds=3 * next(self._moments) % 20_000))

    async def do(self, step: Step) -> object:
        return await getattr(self, f"_{step.kind}")(step)

    async def _window_step(self, step: Step, what: object, **more: object) -> object:
        window = self.windows[step.window]
        async with self.sessions.begin() as session:
            return await what(  # type: ignore[operator]
                session, window_id=window.id, by=window.staff, terms=self.terms(), **more
            )

    async def _ticket_of(self, step: Step, *states: str) -> int | None:
        async with self.sessions() as session:
            return await session.scalar(
                select(QueueTicket.id)
                .where(QueueTicket.openid == f"o{step.citizen}", QueueTicket.state.in_(states))
                .limit(1)
            )

    async def _join(self, step: Step) -> object:
        async with self.sessions.begin() as session:
            return await desk.join(
                session,
                hall="main",
                group="AB"[step.window % 2],
                openid=f"o{step.citizen}",
                terms=self.terms(),
            )

    async def _call(self, step: Step) -> object:
        return await self._window_step(step, desk.call_next)

    async def _call_finish(self, step: Step) -> object:
        return await self._window_step(step, desk.call_next, finish=True)

    async def _finish(self, step: Step) -> object:
        return await self._window_step(step, desk.finish)

    async def _serve(self, step: Step) -> object:
        return await self._window_step(step, desk.serve)

    async def _recall(self, step: Step) -> object:
        return await self._window_step(step, desk.recall)

    async def _pass_over(self, step: Step) -> object:
        return await self._window_step(step, desk.pass_over)

    async def _hold(self, step: Step) -> object:
        return await self._window_step(step, desk.hold_ticket)

    async def _pause(self, step: Step) -> object:
        return await self._window_step(step, desk.pause_window, reason="开会")

    async def _unpause(self, step: Step) -> object:
        return await self._window_step(step, desk.resume_window)

    async def _rejoin(self, step: Step) -> object:
        ticket_id = await self._ticket_of(step, "passed", "missed", "waiting")
        if ticket_id is None:
            return None
        async with self.sessions.begin() as session:
            return await desk.rejoin(session, ticket_id=ticket_id, terms=self.terms())

    async def _resume(self, step: Step) -> object:
        if (ticket_id := await self._ticket_of(step, "held")) is None:
            return None
        async with self.sessions.begin() as session:
            return await desk.resume(session, ticket_id=ticket_id, terms=self.terms())

    async def _leave(self, step: Step) -> object:
        ticket_id = await self._ticket_of(step, "waiting", "called", "held", "passed")
        if ticket_id is None:
            return None
        async with self.sessions.begin() as session:
            return await desk.leave(
                session, openid=f"o{step.citizen}", ticket_id=ticket_id, terms=self.terms()
            )

    async def _transfer(self, step: Step) -> object:
        if (ticket_id := await self._ticket_of(step, "waiting", "held")) is None:
            return None
        async with self.sessions.begin() as session:
            return await desk.transfer(
                session, ticket_id=ticket_id, by="lead", to_group="AB"[step.window % 2], terms=self.terms()
            )

    async def clear(self) -> None:
        async with self.sessions.begin() as session:
            await session.execute(update(QueueTicket).values(window_id=None, only_window=None))
            for table in (QueueEvent, QueueCall, QueueRequest, QueueTicket, NoticeRow):
                await session.execute(delete(table))
            await session.execute(update(QueueWindow).values(state="open", free_since=None, reason=""))

    async def check(self) -> None:
        """One ticket at a window, numbers without gaps, states as the events say, one open ticket each."""
        async with self.sessions() as session:
            rows = (await session.scalars(select(QueueTicket).order_by(QueueTicket.id))).all()
            events = (await session.scalars(select(QueueEvent).order_by(QueueEvent.id))).all()
            board = await desk.board(session, "main", now=self.terms().now)
        there = Counter(row.window_id for row in rows if row.state in {"called", "serving"})
        assert all(number == 1 for number in there.values())
        by_group: dict[str, list[int]] = {}
        for row in rows:
            by_group.setdefault(row.issued_group, []).append(row.serial)
        assert all(serials == list(range(1, len(serials) + 1)) for serials in by_group.values())
        waiting = [row for row in rows if row.state == "waiting"]
        assert sum(group.waiting for group in board.groups) == len(waiting)
        last = {event.ticket_id: event.kind for event in events if event.ticket_id is not None}
        follows = {
            "waiting": {"taken", "back", "resumed", "transferred"},
            "called": {"called", "recalled"},
            "serving": {"serving"},
            "held": {"held"},
            "passed": {"passed"},
            "missed": {"missed"},
            "left": {"left"},
            "finished": {"finished"},
        }
        assert all(last[row.id] in follows[row.state] for row in rows)
        assert all((row.ended is None) == (row.state in desk.OPEN_STATES) for row in rows)

    async def drain(self) -> None:
        """Everybody who still waits is called by a window, and none is left."""
        for number in range(WINDOWS):
            await self._unpause(Step("unpause", 0, number))
        for number in range(WINDOWS):
            while await self._call_finish(Step("call_finish", 0, number)) is not None:
                pass
        async with self.sessions() as session:
            left = await session.scalars(select(QueueTicket.number).where(QueueTicket.state == "waiting"))
        assert left.all() == []


@pytest.fixture
async def racing(db_url: str) -> AsyncIterator[Hall]:
    engine = create_engine(db_url, pool_size=12)
    sessions = await open_centre(create_sessions(engine))
    windows = [
        await opened(sessions, "1", by="clerk-1"),
        await opened(sessions, "2", by="clerk-2", group="B"),
        await opened(sessions, "3", by="clerk-3", also=["B"]),
    ]
    yield Hall(sessions, windows)
    await engine.dispose()


def on_loop(loop: asyncio.AbstractEventLoop, work: Awaitable[None]) -> None:
    """Run work on the fixture's loop from hypothesis, which calls plain functions in a thread."""

    async def done() -> None:
        await work

    asyncio.run_coroutine_threadsafe(done(), loop).result(timeout=120)


async def test_nothing_is_doubled_or_lost_however_the_steps_interleave(racing: Hall) -> None:
    loop = asyncio.get_running_loop()

    async def play(steps: list[Step]) -> None:
        await racing.clear()
        found = await asyncio.gather(*map(racing.do, steps), return_exceptions=True)
        assert [
            error for error in found if isinstance(error, BaseException) and not isinstance(error, ALLOWED)
        ] == []
        await racing.check()
        await racing.drain()

    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEPS, min_size=2, max_size=16))
    def interleaved(steps: list[Step]) -> None:
        on_loop(loop, play(steps))

    await asyncio.to_thread(interleaved)


async def test_one_after_the_other_every_step_is_taken_or_refused_by_name(racing: Hall) -> None:
    loop = asyncio.get_running_loop()

    async def play(steps: list[Step]) -> None:
        await racing.clear()
        for step in steps:
            try:
                await racing.do(step)
            except ALLOWED:
                continue
        await racing.check()
        await racing.drain()

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEPS, min_size=4, max_size=20))
    def in_order(steps: list[Step]) -> None:
        on_loop(loop, play(steps))

    await asyncio.to_thread(in_order)
