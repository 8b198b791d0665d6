"""Personal data is kept no longer than it is of use (PIPL art. 19): old conversations are forgotten."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.conversations import ConversationRow
from bot.outbox import USEFUL, OwedMessage
from hall.db import writing

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


@contextlib.asynccontextmanager
async def forgetting(engine: AsyncEngine, clock: Clock, days: int) -> AsyncIterator[None]:
    """Forget what is old, every hour for as long as the context lasts."""
    task = asyncio.create_task(_for_ever(engine, clock, days))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _for_ever(engine: AsyncEngine, clock: Clock, days: int) -> None:
    while True:
        try:
            count = await forget(engine, now=clock(), days=days)
            if count:
                log.info("conversations_forgotten", count=count)
        except Exception:
            log.exception("forgetting_failed")
        await asyncio.sleep(EVERY_SECONDS)
