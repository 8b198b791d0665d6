"""Simulated days at three counters, through the desk itself: were the waiting times told true?

A day: Poisson arrivals with a morning peak; two items, one three to four times as long as the other; lunch
from 12:00 to 13:30; 15 % come by appointment; 10 % of those called are gone. Each seed plays two days: the
first is what the desk learns from (it starts with nothing but its prior), the second is measured, in the
same database. What is told at the taking of a ticket is held against when it was called. Beside it the usual
estimate: people ahead × average service time ÷ counters, the average being that of all visits until then.

The first seeds (--tune) were looked at while the estimate was made; those measured were not.

    .venv/bin/python -m benchmarks.queue_day [--seeds 8] [--tune]
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import itertools
import math
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import fmean, median
from typing import Any

from sqlalchemy import select, update

import migrations.tables  # noqa: F401 - every mapped class
from hall.appointments import service as booking_desk
from hall.appointments.service import Terms
from hall.db import Base, Sessions, create_engine, create_sessions
from hall.queue import service as desk
from hall.queue.accuracy import Told, summed_up
from hall.queue.models import QueueTicket
from hall.queue.service import QueueTerms, Window
from tests.hall.queue.desk import CLERK, appointment, at, open_centre

TUNED = range(1, 7)
HELD_OUT = range(101, 121)
DAYS = (date(2026, 12, 1), date(2026, 12, 2))
COUNTERS = 3
APPOINTMENTS, GONE = 0.15, 0.10
# Arrivals an hour, from so many minutes after 8:45 on.
RATES = (
    (0, 16.0),
    (45, 23.0),
    (105, 17.0),
    (165, 9.0),
    (195, 4.0),
    (285, 14.0),
    (375, 11.0),
    (435, 6.0),
    (470, 0.0),
)
OPEN = ((15.0, 195.0), (285.0, 495.0))
# Median minutes, spread of the logarithm, share.
ITEMS = {"short": (4.5, 0.45, 0.65), "long": (16.0, 0.5, 0.35)}


@dataclass
class Played:
    """What one day gave: what was told, and what the usual estimate would have been."""

    told: list[Told] = field(default_factory=list)
    usual: list[Told] = field(default_factory=list)


class Day:
    """One day, event by event; minutes count from 8:45."""

    def __init__(self, sessions: Sessions, day: date, chance: Random, number: int) -> None:
        self._sessions, self._day, self._chance = sessions, day, chance
        self._events: list[tuple[float, int, str, Any]] = []
        self._order = itertools.count()
        self._idle: set[int] = set()
        self._windows: dict[int, Window] = {}
        self._usual: dict[int, float] = {}
        self._lasted: list[float] = []
        self._number = number

    def _at(self, minutes: float, what: str, about: Any = None) -> None:
        heapq.heappush(self._events, (minutes, next(self._order), what, about))

    def _terms(self, minutes: float) -> QueueTerms:
        return QueueTerms(at("08:45", self._day) + timedelta(minutes=minutes))

    async def play(self, lasted: list[float]) -> Played:
        self._lasted = lasted
        await self._prepare()
        while self._events:
            minutes, _, what, about = heapq.heappop(self._events)
            await getattr(self, f"_{what}")(minutes, about)
        return await self._result()

    async def _prepare(self) -> None:
        async with self._sessions.begin() as session:
            for number in range(COUNTERS):
                window = await desk.open_window(
                    session, hall="main", group="A", name=f"A{number + 1}", by=CLERK, terms=self._terms(0)
                )
                self._windows[window.id] = window
                self._at(OPEN[0][0] + self._chance.uniform(0, 2), "free", window.id)
        for (start, rate), (end, _) in itertools.pairwise(RATES):
            when = start + self._chance.expovariate(rate / 60)
            while when < end:
                self._at(when, "arrive", f"o-{self._day}-{len(self._events)}")
                when += self._chance.expovariate(rate / 60)
        self._at(OPEN[1][0], "opening")
        expected = len(self._events) * APPOINTMENTS / (1 - APPOINTMENTS)
        for count in range(round(expected)):
            clock = self._chance.choice(
                [f"{h:02d}:{m}" for h in (9, 10, 11, 13, 14, 15, 16) for m in ("00", "30")]
            )
            clock = "13:30" if clock == "13:00" else clock
            code = f"{self._number:04d}{count:04d}"
            await appointment(self._sessions, clock, code, day=self._day)
            if self._chance.random() > GONE:
                starts = (at(clock, self._day) - at("08:45", self._day)).total_seconds() / 60
                self._at(max(1.0, starts + self._chance.gauss(-8, 6)), "check_in", code)

    def _item(self) -> str:
        return "short" if self._chance.random() < ITEMS["short"][2] else "long"

    async def _arrive(self, minutes: float, openid: str) -> None:
        terms, item = self._terms(minutes), self._item()
        async with self._sessions.begin() as session:
            ticket = await desk.join(
                session, hall="main", group="A", openid=openid, item_code=item, terms=terms
            )
        await self._note_usual(ticket.id)
        self._wake(minutes)

    async def _check_in(self, minutes: float, code: str) -> None:
        terms = self._terms(minutes)
        async with self._sessions.begin() as session:
            found = await booking_desk.check_in(session, code, hall="main", terms=Terms(terms.now))
            if not isinstance(found, booking_desk.CheckedIn):
                return
            ticket = await desk.join(
                session, hall="main", group="A", openid=code, booking_id=found.booking.id, terms=terms
            )
            await session.execute(
                update(QueueTicket).where(QueueTicket.id == ticket.id).values(item_code=self._item())
            )
        await self._note_usual(ticket.id)
        self._wake(minutes)

    async def _note_usual(self, ticket_id: int) -> None:
        async with self._sessions() as session:
            ahead = await session.scalar(select(QueueTicket.told_ahead).where(QueueTicket.id == ticket_id))
        average = fmean(self._lasted) if self._lasted else 12.0
        self._usual[ticket_id] = (ahead or 0) * average / COUNTERS

    def _wake(self, minutes: float) -> None:
        if self._idle and self._open(minutes) == minutes:
            self._at(minutes + self._chance.expovariate(1 / 0.15), "free", self._idle.pop())

    async def _opening(self, minutes: float, _about: object) -> None:
        while self._idle:
            self._at(minutes + self._chance.uniform(0, 2), "free", self._idle.pop())

    def _open(self, minutes: float) -> float:
        """When counters call again: now, or at the next opening."""
        for opens, closes in OPEN:
            if minutes < closes:
                return max(minutes, opens)
        return math.inf

    async def _free(self, minutes: float, window_id: int) -> None:
        opens = self._open(minutes)
        if opens > minutes:
            if opens < math.inf:
                self._at(opens + self._chance.uniform(0, 2), "free", window_id)
            return
        async with self._sessions.begin() as session:
            ticket = await desk.call_next(session, window_id=window_id, by=CLERK, terms=self._terms(minutes))
        if ticket is None:
            self._idle.add(window_id)
            return
        if ticket.booking_id is None and self._chance.random() < GONE:
            self._at(minutes + self._chance.uniform(0.4, 0.7), "recall", window_id)
            self._at(minutes + self._chance.uniform(1.0, 1.8), "pass", window_id)
            return
        middle, spread, _ = ITEMS[ticket.item_code]
        long = middle * math.exp(self._chance.gauss(0, spread))
        self._lasted.append(long)
        self._at(minutes + long, "finish", window_id)

    async def _recall(self, minutes: float, window_id: int) -> None:
        async with self._sessions.begin() as session:
            await desk.recall(session, window_id=window_id, by=CLERK, terms=self._terms(minutes))

    async def _pass(self, minutes: float, window_id: int) -> None:
        async with self._sessions.begin() as session:
            await desk.pass_over(session, window_id=window_id, by=CLERK, terms=self._terms(minutes))
        self._at(minutes + self._chance.expovariate(1 / 0.1), "free", window_id)

    async def _finish(self, minutes: float, window_id: int) -> None:
        async with self._sessions.begin() as session:
            await desk.finish(session, window_id=window_id, by=CLERK, terms=self._terms(minutes))
        self._at(minutes + self._chance.expovariate(1 / 0.3), "free", window_id)

    async def _result(self) -> Played:
        played = Played()
        async with self._sessions() as session:
            rows = await session.scalars(
                select(QueueTicket).where(
                    QueueTicket.day == self._day,
                    QueueTicket.first_called.is_not(None),
                    QueueTicket.told_middle.is_not(None),
                )
            )
            for row in rows:
                waited = (row.first_called - row.arrived).total_seconds() / 60
                played.told.append(Told(waited, row.told_low, row.told_middle, row.told_high))
                usual = self._usual[row.id]
                played.usual.append(Told(waited, usual, usual, usual))
        return played


async def play(seed: int, folder: str) -> Played:
    """The second of two days at a centre of its own."""
    engine = create_engine(f"sqlite:///{Path(folder) / f'{seed}.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = await open_centre(create_sessions(engine))
    chance, lasted = Random(seed), []  # type: ignore[var-annotated]
    for number, day in enumerate(DAYS):
        played = await Day(sessions, day, chance, number).play(lasted)
    await engine.dispose()
    return played


def row(name: str, told: list[Told], usual: list[Told]) -> str:
    """A line of the table."""
    found = summed_up(told)
    waited = [number for number, one in enumerate(told) if one.waited >= 1]
    mine = median(told[number].error / told[number].waited for number in waited)
    theirs = median(usual[number].error / usual[number].waited for number in waited)
    return (
        f"{name:>8} {found.tickets:8d} {found.median_wait:9.1f} {max(one.waited for one in told):8.0f} "
        f"{found.covered:9.0%} {median(one.high - one.low for one in told):9.1f} "
        f"{found.error_minutes:9.1f} {mine:8.0%} {median(one.error for one in usual):11.1f} {theirs:8.0%}"
    )


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=8)
    options.add_argument("--tune", action="store_true", help="the seeds the estimate was made with")
    given = options.parse_args()
    print("minutes; error: median distance from the middle, % of the wait where that was a minute or more")
    print(
        f"{'seed':>8} {'tickets':>8} {'med.wait':>9} {'longest':>8} {'in range':>9} {'range':>9} "
        f"{'error':>9} {'error %':>8} {'usual error':>11} {'usual %':>8}"
    )
    told: list[Told] = []
    usual: list[Told] = []
    with tempfile.TemporaryDirectory(prefix="banshi-day-") as folder:
        for seed in (TUNED if given.tune else HELD_OUT)[: given.seeds]:
            played = await play(seed, folder)
            print(row(str(seed), played.told, played.usual), flush=True)
            told += played.told
            usual += played.usual
    print(row("all", told, usual))
    waited = [one for one in told if one.waited >= 1]
    fine = summed_up(told).covered >= 0.8 and median(one.error / one.waited for one in waited) < 0.25
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
