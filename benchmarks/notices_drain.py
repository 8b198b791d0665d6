"""Notices that all are due at once, drained by one replica and by two; a platform that answers at once.

The platform is a process of its own, so that what it costs is not the replicas'; each replica is a process.
Counted is what arrived at the platform, and that every notice is recorded as sent at the end.

    .venv/bin/python -m benchmarks.notices_drain [--notices 100000] [--database both|sqlite|postgres]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from aiohttp import web
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversations import ConversationRow
from bot.notices.dispatch import SLOTS
from bot.redis_server import private_redis
from hall.db import create_engine, create_sessions
from hall.notices.models import NoticeRow
from hall.sealing import Seal
from tests.bot.notices.replica import SECRET
from tests.engines import drop_postgres_database, make_tables, new_postgres_database

_PORTION = 5_000
_SLOTS = SLOTS


async def owe(engine: AsyncEngine, number: int) -> None:
    """So many notices that are due now, to as many citizens who wrote just now."""
    now = datetime.now(UTC)
    seal = Seal([SECRET])
    body = b'{"scene":"","tracker":null,"choices":[],"answered":[],"rest":[]}'
    for first in range(0, number, _PORTION):
        counts = range(first, min(first + _PORTION, number))
        async with engine.begin() as connection:
            await connection.execute(
                insert(ConversationRow),
                [
                    {
                        "openid": f"ocitizen{count}",
                        "body": seal.seal(body, owner=f"ocitizen{count}"),
                        "following": True,
                        "last_seen": now,
                        "revision": 1,
                    }
                    for count in counts
                ],
            )
            await connection.execute(insert(NoticeRow), [_notice(count, now) for count in counts])


def _notice(count: int, now: datetime) -> dict[str, object]:
    return {
        "openid": f"ocitizen{count}",
        "kind": "called",
        "subject": f"ticket:main:{count}",
        "event": "",
        "facts": {"number": f"N{count:06}", "window": "6 号窗口"},
        "urgency": 1,
        "due": now,
        "next_at": now,
        "useful_until": now + timedelta(hours=6),
        "created": now,
        "state": "due",
        "unwanted": False,
        "again": False,
    }


async def drain(url: str, redis_url: str, platform: str, replicas: int) -> tuple[float, float, int]:
    """Seconds until nothing is due or on its way, the replicas' CPU seconds, and how many were sent."""
    mother = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore", "-m", "tests.bot.notices.replica", url, redis_url, platform, str(_SLOTS)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert mother.stdin is not None
    assert mother.stdout is not None
    began = time.perf_counter()
    pids = []
    for _ in range(replicas):
        mother.stdin.write(b"start\n")
        pids.append(int(await mother.stdout.readline()))
        if len(pids) == 1:
            began = time.perf_counter()
    engine = create_engine(url, pool_size=1)
    left = 1
    while left:
        await asyncio.sleep(0.5)
        left = await _count(engine, "due") or await _count(engine, "sending")
    seconds = time.perf_counter() - began
    sent = await _count(engine, "sent")
    cpu = sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    mother.stdin.close()
    await mother.wait()
    await engine.dispose()
    return seconds, cpu, sent


async def _count(engine: AsyncEngine, state: str) -> int:
    query = select(func.count()).where(NoticeRow.state == state)
    async with create_sessions(engine.execution_options(banshi_reading=True))() as session:
        return (await session.execute(query)).scalar_one()


@contextlib.asynccontextmanager
async def platform_process() -> AsyncIterator[str]:
    """The platform's address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.notices_drain", "--platform", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def answer_at_once() -> None:
    """Be the platform: everything is taken."""

    async def token(_: web.Request) -> web.Response:
        return web.json_response({"access_token": "t", "expires_in": 7200})

    async def send(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=b'{"errcode":0,"errmsg":"ok"}', content_type="application/json")

    app = web.Application()
    app.add_routes([web.post("/cgi-bin/stable_token", token), web.post("/cgi-bin/message/custom/send", send)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def measure(name: str, url: str, notices: int, replicas: int) -> bool:
    """Drain on one database and print the rate."""
    make_tables(url)
    engine = create_engine(url)
    await owe(engine, notices)
    await engine.dispose()
    async with private_redis() as redis_url, platform_process() as platform:
        seconds, cpu, sent = await drain(url, redis_url, platform, replicas)
    print(
        f"{name:11} {replicas} replica{'s' if replicas > 1 else ' '}: {notices} notices in {seconds:.1f} s, "
        f"{notices / seconds:.0f} a second; replicas' CPU {cpu / notices * 1000:.2f} ms a notice; "
        f"recorded as sent: {sent}",
        flush=True,
    )
    return sent == notices


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=100_000)
    parser.add_argument("--database", choices=("both", "sqlite", "postgres"), default="both")
    parser.add_argument("--platform", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.platform:
        await answer_at_once()
    good = True
    for replicas in (1, 2):
        if given.database != "postgres":
            with tempfile.TemporaryDirectory() as directory:
                url = f"sqlite:///{Path(directory) / 'notices.db'}"
                good = await measure("SQLite", url, given.notices, replicas) and good
        if given.database != "sqlite":
            url = new_postgres_database()
            good = await measure("PostgreSQL", url, given.notices, replicas) and good
            drop_postgres_database(url)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
