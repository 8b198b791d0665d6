"""How long 10 000 waiting tickets take to be re-estimated, and what a press costs at the database.

The estimate alone (as it runs inside every change): one line of 10 000, and 20 counter groups of 500 each.
Then, on both databases: taking a ticket and calling the next, each a transaction of its own with everything
in it (order, estimates, notices), one at a time with 50 waiting, and eight counters with 32 citizens at once.

    .venv/bin/python -m benchmarks.queue_estimate [--rounds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Base, create_engine, create_sessions
from hall.queue import service as desk
from hall.queue.pace import usual
from hall.queue.service import QueueTerms
from hall.queue.waiting import Coming, Desk, Visit, estimates
from tests.engines import drop_postgres_database, new_postgres_database
from tests.hall.queue.desk import CLERK, at, open_centre, opened, taken
from tests.hall.queue.racing import race, replayed, writes

TICKETS = 10_000
PACES = [usual(minutes, 0.5) for minutes in (4, 6, 9, 15, 25)]


def line(groups: int, windows: int, appointments: int) -> Callable[[], object]:
    """An estimate of all tickets, spread over so many groups of so many windows."""
    visits = [Visit(f"{n % groups}", PACES[n % 5], 0.1, 1.5) for n in range(TICKETS)]
    desks = [
        Desk(group * 100 + n, frozenset({f"{group}"}), Visit(f"{group}", PACES[n % 5]), 3.0, gap=0.3)
        for group in range(groups)
        for n in range(windows)
    ]
    coming = [
        Coming(10.0 * n, 0.9, Visit(f"{group}", PACES[2]))
        for group in range(groups)
        for n in range(appointments)
    ]
    closed = {f"{group}": ((90.0, 180.0),) for group in range(groups)}

    def run() -> object:
        found = estimates(visits, desks, coming=coming, closed=closed)
        assert len(found) == TICKETS
        assert all(found)
        return found

    return run


def measure(name: str, run: Callable[[], object], rounds: int) -> float:
    run()
    seconds, busy = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        run()
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
    best, middle, worst = (1000 * found for found in (min(seconds), median(seconds), max(seconds)))
    print(
        f"{name:40} best {best:5.1f} ms, p50 {middle:5.1f} ms, max {worst:5.1f} ms; "
        f"of the processor p50 {1000 * median(busy):5.1f} ms",
        flush=True,
    )
    return median(seconds)


def spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
    return f"p50 {1000 * p50:5.1f} ms, p95 {1000 * p95:5.1f} ms"


async def presses(name: str, url: str, rounds: int) -> None:
    """Take and call, one at a time."""
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = await open_centre(create_sessions(engine))
    window = await opened(sessions)
    for number in range(50):
        await taken(sessions, f"o{number}", f"09:{number:02d}")
    joins, calls = [], []
    moment = at("10:00")
    for number in range(rounds * 5):
        moment += timedelta(seconds=10)
        began = time.perf_counter()
        async with writes(engine) as session:
            await desk.join(
                session, hall="main", group="A", openid=f"more-{number}", terms=QueueTerms(moment)
            )
        joins.append(time.perf_counter() - began)
        began = time.perf_counter()
        async with writes(engine) as session:
            await desk.call_next(
                session, window_id=window.id, by=CLERK, finish=True, terms=QueueTerms(moment)
            )
        calls.append(time.perf_counter() - began)
    await engine.dispose()
    print(f"{name:11} one at a time: take {spread(joins)}; finish and call {spread(calls)}", flush=True)


async def racing(name: str, url: str) -> bool:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    outcome, sessions = await race(url, waiting=60, appointments=16, coming=16)
    wrong = [*map(repr, outcome.wrong), *await replayed(sessions)]
    await sessions.kw["bind"].dispose()
    print(
        f"{name:11} 8 counters, 32 citizens at once: {len(outcome.called)} called, {len(wrong)} wrong; "
        f"with waiting in line: take {spread(outcome.joins)}; finish and call {spread(outcome.calls)}",
        flush=True,
    )
    for one in wrong[:3]:
        print("   ", one[:200])
    return not wrong


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    given = options.parse_args()
    print(f"load when it began: {os.getloadavg()[0]:.1f}")
    slowest = max(
        measure(f"{TICKETS} tickets, one group, 8 windows", line(1, 8, 30), given.rounds),
        measure(f"{TICKETS} tickets, 20 groups of 4 windows", line(20, 4, 8), given.rounds),
    )
    fine = True
    with tempfile.TemporaryDirectory(prefix="banshi-queue-") as folder:
        for name in ("PostgreSQL", "SQLite"):
            for what in ("presses", "race"):
                postgres = name == "PostgreSQL"
                url = new_postgres_database() if postgres else f"sqlite:///{Path(folder) / f'{what}.db'}"
                if what == "presses":
                    await presses(name, url, given.rounds)
                else:
                    fine &= await racing(name, url)
                if postgres:
                    drop_postgres_database(url)
    return 0 if fine and slowest < 0.1 else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
