"""Personal data is kept no longer than it is of use (PIPL art. 19): old conversations are forgotten."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.background import repeating
from bot.clock import Clock
from bot.conversations import ConversationRow
from bot.outbox import USEFUL, OwedMessage
from hall.db import overwritten, writing

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0


async def forget(engine: AsyncEngine, *, now: datetime, days: int) -> int:
    """Delete conversations silent for `days` and messages too old to be of use; how many conversations."""
    async with writing(engine) as connection:
        old = delete(ConversationRow).where(ConversationRow.last_seen < now - timedelta(days=days))
        count = (await connection.execute(old)).rowcount
        await connection.execute(delete(OwedMessage).where(OwedMessage.created < now - USEFUL))
        await connection.commit()
    return count


def forgetting(engine: AsyncEngine, clock: Clock, days: int) -> AbstractAsyncContextManager[None]:
    """Forget what is old, every hour for as long as the context lasts."""

    async def forget_old() -> None:
        if count := await forget(engine, now=clock(), days=days):
            log.info("conversations_forgotten", count=count)
        # What was deleted since, by whomever, leaves the files within the hour.
        await overwritten(engine)

    return repeating("retention", forget_old, every=EVERY_SECONDS)
