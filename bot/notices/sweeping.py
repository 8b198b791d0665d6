"""Looking after what got stuck: claims of dead processes, notices past their use, alarms, old rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.clock import Clock
from hall.db import reading, writing
from hall.notices.claiming import give_up_claims, try_again_after_alarms
from hall.notices.forgetting import forget_old
from hall.notices.kinds import Kind
from hall.notices.stale import drop_one, drop_stale, reminded_otherwise, stale_reminders

log = structlog.get_logger(__name__)

SWEEP_SECONDS: Final = 5.0

Undeliverable = Callable[[AsyncSession, Kind, str, datetime], Awaitable[None]]
"""Called with kind, subject and moment where no reminder could be told, in the transaction that drops it."""


class Sweeper:
    """One look at everything that got stuck."""

    def __init__(self, engine: AsyncEngine, clock: Clock, undeliverable: Undeliverable) -> None:
        self._engine = engine
        self._clock = clock
        self._undeliverable = undeliverable

    async def sweep(self) -> None:
        """Do all of it once."""
        now = self._clock()
        async with (
            writing(self._engine) as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            lost = await give_up_claims(session, now=now)
            stale = await drop_stale(session, now=now)
            await try_again_after_alarms(session, now=now)
            await forget_old(session, now=now)
            await connection.commit()
        if lost:
            log.warning("notices_of_a_dead_process", count=lost)
        if stale:
            log.info("notices_dropped", count=stale)
        await self._drop_reminders(now)

    async def _drop_reminders(self, now: datetime) -> None:
        async with AsyncSession(bind=reading(self._engine)) as session:
            found = await stale_reminders(session, now=now)
        for notice_id, kind, subject, ours in found:
            try:
                await self._drop(notice_id, kind, subject, ours=ours, now=now)
            except Exception:
                # One that can't be dropped now must not keep the others from it.
                log.exception("reminder_not_dropped", kind=kind)

    async def _drop(self, notice_id: int, kind: Kind, subject: str, *, ours: bool, now: datetime) -> None:
        async with (
            writing(self._engine) as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            # What it was about before the notice: the order in which turns lock them.
            if ours and not await reminded_otherwise(session, notice_id):
                await self._undeliverable(session, kind, subject, now)
            if await drop_one(session, notice_id, now=now):
                await connection.commit()
                log.info("reminder_dropped", kind=kind)
