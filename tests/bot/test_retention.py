from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversations import ConversationRow
from bot.outbox import OwedMessage
from bot.retention import forget

NOW = datetime(2026, 12, 1, tzinfo=UTC)


async def count(engine: AsyncEngine, table: type) -> int:
    async with engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_only_what_is_older_than_the_term_is_forgotten(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for openid, days in (("old", 181), ("young", 179)):
            row = {"openid": openid, "body": b"", "following": True, "revision": 1}
            await connection.execute(
                insert(ConversationRow), {**row, "last_seen": NOW - timedelta(days=days)}
            )
            owed = {"openid": openid, "body": b"", "state": "held", "due": NOW, "attempts": 0, "reason": ""}
            await connection.execute(
                insert(OwedMessage), {**owed, "created": NOW - timedelta(days=days - 179)}
            )
    assert await forget(engine, now=NOW, days=180) == 1
    assert await count(engine, ConversationRow) == 1
    assert await count(engine, OwedMessage) == 1
