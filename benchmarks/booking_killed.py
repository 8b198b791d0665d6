"""200 bookings by chat through the encrypted callback of a real server that is killed at random points.

Ten citizens at a time talk at once, and the process is killed (SIGKILL) somewhere in between. Started anew,
it hears again what it had not answered, as WeChat does; every fourth citizen gives up instead. Every place
is then booked (once, for who was told so) or free, every appointment has its reminders, no error was logged.

    .venv/bin/python -m benchmarks.booking_killed [--bookings 200] [--at-once 10] [--engine sqlite|postgres]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from bot.redis_server import private_redis
from tests.booking_by_chat import kill_and_check, open_street
from tests.engines import drop_postgres_database, new_postgres_database

MODELS = Path(__file__).parent.parent / "models"


async def measure(engine: str, bookings: int, at_once: int, seed: int) -> None:
    """Kill and check on one engine; raises AssertionError where a place is lost, doubled or held for good."""
    url = new_postgres_database() if engine == "postgres" else ""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="banshi-killed-") as folder:
        async with (
            private_redis() as redis,
            open_street(Path(folder), MODELS, redis, database_url=url) as street,
        ):
            survived = await kill_and_check(street, bookings, at_once=at_once, seed=seed)
    if url:
        drop_postgres_database(url)
    print(
        f"{engine:9} {survived.bookings} bookings by chat, {survived.kills} SIGKILLs, "
        f"{survived.interrupted} conversations cut off ({survived.lost_answers} between the commit and the "
        f"answer, which WeChat's repetition then brought): {survived.booked} booked, once each, "
        f"{survived.given_up} given up, {survived.released} holds of theirs released by the clock; "
        f"every place booked or free, no error in the log; {time.perf_counter() - began:.0f} s",
        flush=True,
    )


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bookings", type=int, default=200)
    options.add_argument("--at-once", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    given = options.parse_args()
    for engine in ("postgres", "sqlite"):
        if given.engine in {engine, "both"}:
            await measure(engine, given.bookings, given.at_once, given.seed)


if __name__ == "__main__":
    asyncio.run(main())
