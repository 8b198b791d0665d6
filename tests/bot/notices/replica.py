"""Replicas that send notices, to be killed (SIGKILL). A start is a fork of this process: it costs nothing.

    python -m tests.bot.notices.replica DATABASE_URL REDIS_URL PLATFORM_URL SLOTS

Each line read starts one replica; its process id is answered.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime

import aiohttp
import structlog
from redis.asyncio import Redis

import migrations.tables  # noqa: F401 - every mapped class
from bot.conversations import Conversations
from bot.notices.dispatch import Dispatch
from bot.notices.equipment import Equipment
from bot.wechat.client import WeChatClient
from hall.db import create_engine
from hall.sealing import Seal
from tests.bot.notices.desk import view

SECRET = "secret"


def clock() -> datetime:
    return datetime.now(UTC)


async def serve(url: str, redis_url: str, platform: str, slots: int) -> None:
    """Send what is due until the process ends."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = create_engine(url)
    redis = Redis.from_url(redis_url)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=2 * slots)) as http:
        client = WeChatClient(http, redis, base=platform, appid="app", secret=SECRET)
        conversations = Conversations(engine, Seal([SECRET]))
        dispatch = Dispatch(engine, conversations, Equipment(client), view, clock, slots=slots)
        async with dispatch.running():
            await stop.wait()
    await redis.aclose()
    await engine.dispose()


def main(url: str, redis_url: str, platform: str, slots: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asyncio.run(serve(url, redis_url, platform, int(slots)))
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
