from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bot.notices.desk import Office, opened_office


@pytest.fixture
async def office(engine: AsyncEngine, redis: Redis) -> AsyncIterator[Office]:
    """An account with customer-service messages alone."""
    async with opened_office(engine, redis) as opened:
        yield opened
