from __future__ import annotations

from redis.asyncio import Redis
from sqlalchemy import text

from hall.db import Sessions


async def test_both_databases_answer(sessions: Sessions) -> None:
    async with sessions() as session:
        assert (await session.execute(text("select 1"))).scalar_one() == 1


async def test_the_private_redis_is_real(redis: Redis) -> None:
    await redis.set("a", "1", ex=10)
    assert await redis.get("a") == b"1"
