"""What the queue needs done by the clock alone: who is nearly up is told, a day that is over is closed.

On any number of replicas. Each hall is a transaction of its own, after a look that takes no lock; one that
fails is logged and stands in no other's way.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.background import repeating
from bot.clock import Clock
from hall.db import reading, writing
from hall.queue import service as queue
from hall.queue.rules import QueueRules, QueueTerms

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 20.0

Announce = Callable[[frozenset[str]], None]


class QueueUpkeep:
    """Looks after the halls; `announce` tells who shows a hall, or delivers, that something changed."""

    def __init__(self, engine: AsyncEngine, clock: Clock, rules: QueueRules, announce: Announce) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._announce = announce

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do it again and again, for as long as the context lasts."""
        async with repeating("queue_sweep", self.sweep, every=SWEEP_SECONDS):
            yield

    async def sweep(self) -> None:
        """Look at every hall in use."""
        async with AsyncSession(bind=reading(self._engine)) as session:
            halls = await queue.halls_in_use(session)
        for hall in halls:
            try:
                await self._sweep(hall)
            except Exception:
                log.exception("background_work_failed", work="queue_sweep", hall=hall)

    async def _sweep(self, hall: str) -> None:
        terms = QueueTerms(self._clock(), self._rules)
        async with AsyncSession(bind=reading(self._engine)) as session:
            if not await queue.wants_sweep(session, hall, terms=terms):
                return
        async with writing(self._engine) as connection:
            async with AsyncSession(bind=connection, expire_on_commit=False) as session:
                await queue.sweep(session, hall, terms=terms)
                await session.flush()
            await connection.commit()
        self._announce(frozenset({f"queue:{hall}", "notices"}))
