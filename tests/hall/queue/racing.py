"""Eight counters that call, citizens who come and check in, all at once over real connections.

For the tests and the benchmark. Time is virtual: each transaction is a few seconds after the one before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from hall.appointments import service as booking_desk
from hall.appointments.service import CheckedIn, Terms
from hall.db import Sessions, create_engine, create_sessions, writing
from hall.queue import service as desk
from hall.queue.models import QueueCall, QueueEvent, QueueTicket
from hall.queue.order import Place, in_line
from hall.queue.service import QueueTerms, Window
from tests.hall.queue.desk import appointment, at, open_centre, opened, taken

COUNTERS = 8


@dataclass
class Outcome:
    """What the race gave: what each counter called, what went wrong (nothing should), how long steps took."""

    called: list[int] = field(default_factory=list)
    wrong: list[BaseException] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)


@contextlib.asynccontextmanager
async def writes(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session for a transaction that writes; first come first served on SQLite, as in the product."""
    async with (
        writing(engine) as connection,
        AsyncSession(bind=connection, expire_on_commit=False) as session,
    ):
        yield session
        await session.flush()
        await connection.commit()


class Race:
    """One race over a database with tables."""

    def __init__(self, engine: AsyncEngine, windows: list[Window], codes: list[str], coming: int) -> None:
        self._engine, self._windows, self._codes, self._coming = engine, windows, codes, coming
        self._moments = itertools.count()
        self._begin = at("09:40")
        self.outcome = Outcome()
        self._left = len(codes) + coming

    def _terms(self) -> QueueTerms:
        return QueueTerms(self._begin + timedelta(seconds=next(self._moments)))

    async def run(self) -> Outcome:
        steps = [self._counter(window) for window in self._windows]
        steps += [self._check_in(code) for code in self._codes]
        steps += [self._come(f"late-{count}") for count in range(self._coming)]
        Random(3).shuffle(steps)
        found = await asyncio.gather(*steps, return_exceptions=True)
        self.outcome.wrong += [error for error in found if isinstance(error, BaseException)]
        return self.outcome

    async def _counter(self, window: Window) -> None:
        """Call and finish until nobody waits and nobody will come."""
        presses = itertools.count()
        while True:
            done = self._left == 0
            began = time.perf_counter()
            key = f"{next(presses)}"
            async with writes(self._engine) as session:
                ticket = await desk.call_next(
                    session, window_id=window.id, by=window.staff, finish=True, key=key, terms=self._terms()
                )
            self.outcome.calls.append(time.perf_counter() - began)
            if ticket is not None and ticket.again:
                # Two presses of one window within two seconds of the race's own time.
                continue
            if ticket is not None:
                self.outcome.called.append(ticket.id)
                await self._press_again(window, key, ticket.id)
            elif done:
                return
            else:
                await asyncio.sleep(0.01)

    async def _press_again(self, window: Window, key: str, ticket_id: int) -> None:
        """Every few calls the button is pressed twice."""
        if ticket_id % 4:
            return
        async with writes(self._engine) as session:
            again = await desk.call_next(
                session, window_id=window.id, by=window.staff, finish=True, key=key, terms=self._terms()
            )
        assert again is not None
        assert (again.id, again.again) == (ticket_id, True)

    async def _check_in(self, code: str) -> None:
        terms = self._terms()
        began = time.perf_counter()
        async with writes(self._engine) as session:
            found = await booking_desk.check_in(session, code, hall="main", terms=Terms(terms.now))
            assert isinstance(found, CheckedIn)
            await desk.join(
                session,
                hall="main",
                group="A",
                openid=f"booked-{code}",
                booking_id=found.booking.id,
                terms=terms,
            )
        self.outcome.joins.append(time.perf_counter() - began)
        self._left -= 1

    async def _come(self, name: str) -> None:
        began = time.perf_counter()
        async with writes(self._engine) as session:
            await desk.join(session, hall="main", group="A", openid=name, terms=self._terms())
        self.outcome.joins.append(time.perf_counter() - began)
        self._left -= 1


async def race(url: str, *, waiting: int, appointments: int, coming: int) -> tuple[Outcome, Sessions]:
    """Have eight counters, check-ins and new tickets race; the outcome, and sessions to look at it with."""
    engine = create_engine(url, pool_size=16)
    sessions = await open_centre(create_sessions(engine))
    windows = [await opened(sessions, f"{number}", by=f"clerk-{number}") for number in range(COUNTERS)]
    for number in range(waiting):
        await taken(sessions, f"early-{number}", f"09:{number // 10:02d}:{number % 10 * 5:02d}")
    codes = [f"{number:08d}" for number in range(appointments)]
    for number, code in enumerate(codes):
        await appointment(sessions, ("09:30", "10:00")[number % 2], code)
    outcome = await Race(engine, windows, codes, coming).run()
    return outcome, sessions


async def replayed(sessions: Sessions) -> list[str]:
    """What in the order of calls is not by the rule, going through what was written down, event by event."""
    async with sessions() as session:
        tickets = {row.id: row for row in await session.scalars(select(QueueTicket))}
        events = (await session.scalars(select(QueueEvent).order_by(QueueEvent.id))).all()
        calls = (await session.scalars(select(QueueCall.ticket_id))).all()
    wrong = [f"{ticket} was called twice" for ticket in set(calls) if calls.count(ticket) > 1]
    waiting: dict[int, Place] = {}
    for event in events:
        if event.ticket_id is None:
            continue
        row = tickets[event.ticket_id]
        if event.kind == "taken":
            waiting[row.id] = Place(
                row.id, row.group_code, row.place, row.since, row.appointed, None, row.comes_back
            )
        elif event.kind == "called":
            first = in_line(waiting.values())[0].id
            if first != row.id:
                wrong.append(f"{row.number} was called before {tickets[first].number}")
            waiting.pop(row.id, None)
    wrong += [f"{tickets[number].number} was skipped" for number in waiting]
    wrong += [f"{row.number} is {row.state}" for row in tickets.values() if row.state != "finished"]
    return wrong
