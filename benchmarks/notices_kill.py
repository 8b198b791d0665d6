"""500 notices by two replicas, of which one is killed (SIGKILL) at a random point again and again.

On both databases. A platform of 60 ms at most stands in this process; at the end every citizen writes,
and what may not have arrived is told once more.

    .venv/bin/python -m benchmarks.notices_kill [--notices 500] [--kills 40] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.redis_server import private_redis
from hall.db import create_engine
from tests.bot.notices.killing import kill_replicas
from tests.engines import drop_postgres_database, make_tables, new_postgres_database


async def measure(name: str, url: str, *, notices: int, kills: int, seed: int) -> bool:
    """Kill on one database; False where a notice was lost, or sent twice."""
    engine = create_engine(url)
    async with private_redis() as redis_url:
        began = time.perf_counter()
        left = await kill_replicas(engine, url, redis_url, notices, kills=kills, seed=seed)
        seconds = time.perf_counter() - began
    await engine.dispose()
    print(
        f"{name:11} {left.notices} notices, {left.kills} kills, {seconds:.1f} s: "
        f"{left.sent} sent, {left.unsure} unsure; lost {left.lost}, twice {left.twice}, "
        f"called sent without arriving {left.sent_but_not_arrived}; "
        f"{left.told_again} of the unsure had arrived and were told again with the citizen's next message"
    )
    return not (left.lost or left.twice or left.sent_but_not_arrived)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=500)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    how = {"notices": given.notices, "kills": given.kills, "seed": given.seed}
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory) / 'notices.db'}"
        make_tables(url)
        good = await measure("SQLite", url, **how)
    url = new_postgres_database()
    make_tables(url)
    good = await measure("PostgreSQL", url, **how) and good
    drop_postgres_database(url)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
