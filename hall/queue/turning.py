"""What follows every change of a hall's queue, in the same transaction: estimates anew, notices told."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.models import QueueTicket
from hall.queue.rules import QueueTerms


async def turned(
    session: AsyncSession,
    hall: str,
    terms: QueueTerms,
    *,
    joined: QueueTicket | None = None,
    called: QueueTicket | None = None,
    over: QueueTicket | None = None,
) -> None:
    """Write down what was changed, and what follows from it for those who wait."""
    await session.flush()
