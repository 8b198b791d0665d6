"""500 citizens after 20 places over 50 real connections, then 200 bookings killed at random points.

On both databases, in one run. Each looks first without a lock and books in the line of writers, as in a turn
of the product. The race is in one process; milliseconds are those of a booking (or of being told that it is
full, with three alternatives), the wait for its turn at the database with it.

    .venv/bin/python -m benchmarks.booking_race [--citizens 500] [--connections 50] [--kills 200]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Base, create_engine, create_sessions
from tests.engines import drop_postgres_database, new_postgres_database
from tests.hall.appointments.desk import citizens, open_centre, wish
from tests.hall.appointments.killing import kill_bookings
from tests.hall.appointments.racing import race

PLACES = 20  # the test centre's group F: ten counters, two people each


async def measure(name: str, url: str, *, racers: int, connections: int, kills: int) -> bool:
    """Race and kill on one database; False where anything but the expected came out."""
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = await open_centre(create_sessions(engine))
    parties = await citizens(sessions, racers)
    began = time.perf_counter()
    outcome = await race(url, parties, wish("16:00", group="F"), connections=connections)
    seconds = time.perf_counter() - began
    print(
        f"{name:11} race: {racers} citizens, {connections} connections, {PLACES} places: "
        f"{len(outcome.won)} won, {len(outcome.full)} heard alternatives, {len(outcome.other)} errors; "
        f"p50 {outcome.percentile(0.5):.0f} ms, p95 {outcome.percentile(0.95):.0f} ms, "
        f"max {outcome.percentile(1):.0f} ms, {seconds:.1f} s in all"
    )
    for error in outcome.other[:3]:
        print("   ", repr(error)[:200])
    quiet = await race(
        url, await citizens(sessions, 40, first=10_000), wish("16:30", group="F"), connections=1
    )
    print(f"{name:11} one at a time: p50 {quiet.percentile(0.5):.0f} ms, p95 {quiet.percentile(0.95):.0f} ms")
    survived = await kill_bookings(sessions, url, kills, first=20_000) if kills else None
    if survived is not None:
        print(
            f"{name:11} SIGKILL: {kills} bookings, {survived.killed} killed before they were answered, "
            f"{survived.done} answered first; afterwards every place booked or free, none held for good"
        )
    await engine.dispose()
    return len(outcome.won) == PLACES and not outcome.other


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--citizens", type=int, default=500)
    options.add_argument("--connections", type=int, default=50)
    options.add_argument("--kills", type=int, default=200)
    given = options.parse_args()
    fine = True
    with tempfile.TemporaryDirectory(prefix="banshi-race-") as folder:
        postgres = new_postgres_database()
        for name, url in (("PostgreSQL", postgres), ("SQLite", f"sqlite:///{Path(folder) / 'race.db'}")):
            fine &= await measure(
                name, url, racers=given.citizens, connections=given.connections, kills=given.kills
            )
        drop_postgres_database(postgres)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
