"""The hall's board, read once for all who watch it: thirty counters need not ask thirty times."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.clock import Clock
from hall.db import reading
from hall.queue.models import QueueState, QueueWindow
from hall.queue.service import Board, QueueRules, board

# Waiting times move on though nothing happens.
_FRESH: Final = timedelta(seconds=15)


class Boards:
    """Boards by hall, as of the hall's revision."""

    def __init__(self, engine: AsyncEngine, clock: Clock, rules: QueueRules) -> None:
        self._engine = reading(engine)
        self._clock = clock
        self._rules = rules
        self._kept: dict[str, tuple[Board, datetime]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, hall: str) -> Board:
        """The board of a hall as it is committed now."""
        async with self._locks[hall], AsyncSession(self._engine) as session:
            now = self._clock()
            kept, read = self._kept.get(hall, (None, now))
            if kept is not None and now - read < _FRESH and kept.revision == await _revision(session, hall):
                return kept
            # Read before the board: a change in between makes the next one be read anew.
            revision = await _revision(session, hall)
            found = await board(session, hall, now=now, rules=self._rules)
            if found.revision == revision:
                self._kept[hall] = found, now
            return found

    async def hall_of(self, window_id: int) -> str:
        """The hall of a window; "" for no window."""
        async with AsyncSession(self._engine) as session:
            found = select(QueueWindow.hall_code).where(QueueWindow.id == window_id)
            return await session.scalar(found) or ""


async def _revision(session: AsyncSession, hall: str) -> int:
    return await session.scalar(select(QueueState.revision).where(QueueState.hall_code == hall)) or 0
