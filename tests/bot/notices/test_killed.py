"""Replicas that die at random points of sending lose no notice and send none twice."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bot.notices.killing import kill_replicas


async def test_replicas_that_die_lose_nothing_and_send_nothing_twice(
    engine: AsyncEngine, db_url: str, redis_url: str
) -> None:
    left = await kill_replicas(engine, db_url, redis_url, 80, kills=5, slots=4)
    assert left.kills >= 2
    assert (left.lost, left.twice, left.sent_but_not_arrived) == (0, 0, 0)
    # At most what a dead replica had in its slots is unsure.
    assert left.unsure <= left.kills * 2 * 4
