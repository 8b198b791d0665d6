from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations.tables  # noqa: F401 - every mapped class
from tests.bot.h5.own_house import House, opened_house


@pytest.fixture
async def house(engine: AsyncEngine, redis: Redis) -> AsyncIterator[House]:
    """The own pages, on SQLite and on PostgreSQL."""
    async with opened_house(engine, redis) as opened:
        yield opened
