from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from bot.wechat.client import WeChatClient
from tests.bot.wechat.fake_api import FakeApi


@pytest.fixture
async def api(aiohttp_server: Any) -> FakeApi:
    fake = FakeApi()
    server = await aiohttp_server(fake.app())
    fake.base = str(server.make_url("")).rstrip("/")
    return fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(api: FakeApi, session: aiohttp.ClientSession, redis: Redis) -> WeChatClient:
    return WeChatClient(session, redis, base=api.base, appid="wxtest", secret="s3cret-of-the-app")


@pytest.fixture
def replicas(api: FakeApi, session: aiohttp.ClientSession, redis: Redis) -> list[WeChatClient]:
    """The clients of several processes that share one Redis."""
    return [
        WeChatClient(session, redis, base=api.base, appid="wxtest", secret="s3cret-of-the-app")
        for _ in range(4)
    ]
