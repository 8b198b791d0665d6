"""Replicas killed at random points of sending, and what is left; for the test and the benchmark."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import aiohttp
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversations import ConversationRow, Conversations
from bot.notices.dispatch import Dispatch
from bot.notices.equipment import Equipment
from bot.wechat.client import WeChatClient
from hall.db import create_sessions
from hall.notices.claiming import CLAIM, give_up_claims, release
from hall.notices.models import NoticeRow
from hall.notices.service import Kind, Notice, tell
from hall.sealing import Seal
from tests.bot.notices.desk import view
from tests.bot.notices.replica import SECRET
from tests.bot.notices.stub import Stub

ROOT = Path(__file__).parents[3]
REPLICAS = 2


@dataclass(frozen=True)
class Survived:
    """What killing left of `notices`."""

    notices: int
    kills: int
    sent: int
    unsure: int
    twice: int
    """Arrived more than once before their citizen wrote again."""
    sent_but_not_arrived: int
    lost: int
    """Never arrived, also not with their citizen's next message."""
    told_again: int
    """Arrived, and once more with the citizen's next message, because the answer was never recorded."""


async def owe(engine: AsyncEngine, number: int) -> None:
    """So many notices that are due now, each to a citizen who wrote just now."""
    now = datetime.now(UTC)
    seal = Seal([SECRET])
    body = b'{"scene":"","tracker":null,"choices":[],"answered":[],"rest":[]}'
    citizens = [
        {
            "openid": f"ocitizen{count}",
            "body": seal.seal(body, owner=f"ocitizen{count}"),
            "following": True,
            "last_seen": now,
            "revision": 1,
        }
        for count in range(number)
    ]
    async with engine.begin() as connection:
        await connection.execute(insert(ConversationRow), citizens)
    async with create_sessions(engine).begin() as session:
        for count in range(number):
            notice = Notice(
                Kind.CALLED,
                f"ocitizen{count}",
                f"ticket:main:{count}",
                due=now,
                useful_until=now + timedelta(hours=1),
                values={"number": f"N{count:05}", "window": "6 号窗口"},
            )
            await tell(session, notice, now=now)


async def kill_replicas(
    engine: AsyncEngine, url: str, redis_url: str, number: int, *, kills: int, seed: int = 1, slots: int = 4
) -> Survived:
    """Send `number` notices by two replicas, one of which is killed at a random point, again and again."""
    await owe(engine, number)
    chance = Random(seed)
    stub = Stub(seconds=0.06, seed=seed)
    async with TestServer(stub.app()) as platform:
        base = str(platform.make_url("")).rstrip("/")
        async with _mother(url, redis_url, base, slots) as mother:
            alive = [await mother.start() for _ in range(REPLICAS)]
            killed = 0
            while await _in_state(engine, "due"):
                await asyncio.sleep(chance.uniform(0.02, 0.25))
                if killed < kills:
                    which = chance.randrange(REPLICAS)
                    os.kill(alive[which], signal.SIGKILL)
                    killed += 1
                    alive[which] = await mother.start()
            # The last ones on their way are let end.
            for pid in alive:
                os.kill(pid, signal.SIGTERM)
            for pid in alive:
                await _gone(pid)
        await asyncio.sleep(0.2)
        return await _counted(engine, stub, redis_url, base, number, killed)


async def _counted(
    engine: AsyncEngine, stub: Stub, redis_url: str, base: str, number: int, killed: int
) -> Survived:
    now = datetime.now(UTC) + CLAIM + timedelta(seconds=1)
    async with create_sessions(engine).begin() as session:
        await give_up_claims(session, now=now)
    states = await _states(engine)
    before = stub.arrived.copy()
    sent = {name for name, state in states.items() if state == "sent"}
    unsure = {name for name, state in states.items() if state == "unsure"}
    assert len(sent) + len(unsure) == number, states
    # Everybody writes again: what may not have arrived is told once more.
    async with create_sessions(engine).begin() as session:
        for count in range(number):
            await release(session, f"ocitizen{count}", now=now)
    redis = Redis.from_url(redis_url)
    async with aiohttp.ClientSession() as http:
        client = WeChatClient(http, redis, base=base, appid="app", secret=SECRET)
        conversations = Conversations(engine, Seal([SECRET]))
        for again in range(5):
            later = now + timedelta(seconds=30 * again)  # a connection that took too long is tried again

            def clock(moment: datetime = later) -> datetime:
                return moment

            await Dispatch(engine, conversations, Equipment(client), view, clock).send_due()
        await conversations.close()
    await redis.aclose()
    after = Counter((await _states(engine)).values())
    assert after == {"sent": number}, after
    return Survived(
        notices=number,
        kills=killed,
        sent=len(sent),
        unsure=len(unsure),
        twice=sum(1 for name in states if before[name] > 1),
        sent_but_not_arrived=sum(1 for name in sent if before[name] == 0),
        lost=sum(1 for name in states if stub.arrived[name] == 0),
        told_again=sum(1 for name in unsure if before[name] == 1),
    )


async def _states(engine: AsyncEngine) -> dict[str, str]:
    async with create_sessions(engine)() as session:
        rows = await session.execute(select(NoticeRow.facts, NoticeRow.state))
        return {facts["number"]: state for facts, state in rows}


async def _in_state(engine: AsyncEngine, state: str) -> int:
    async with create_sessions(engine)() as session:
        return (await session.execute(select(func.count()).where(NoticeRow.state == state))).scalar_one()


class _Mother:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self) -> int:
        """Start a replica; its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"start\n")
        return int(await self._process.stdout.readline())


@contextlib.asynccontextmanager
async def _mother(url: str, redis_url: str, platform: str, slots: int) -> AsyncIterator[_Mother]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore", "-m", "tests.bot.notices.replica", url, redis_url, platform, str(slots)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield _Mother(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _gone(pid: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.02)
