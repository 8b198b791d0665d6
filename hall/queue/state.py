"""Who changes the queue of a hall holds its row from the beginning to the commit.

Every change moves the hall's revision, so that two of them could never go on side by side; held first, the
row is also the only lock of this desk: nobody waits in a circle, nothing that is read changes before it is
acted on, and no ticket is skipped because somebody else holds it for a moment (which is what SKIP LOCKED
would do to the order). Whoever locks bookings does so before. On SQLite a transaction that writes is alone
from its beginning. A day's first change closes what was left of the days before.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.queue.closing import close_until
from hall.queue.errors import UnknownTicket, UnknownWindow
from hall.queue.models import QueueState, QueueTicket, QueueWindow
from hall.queue.rules import QueueTerms


async def hold_hall(session: AsyncSession, hall: str, terms: QueueTerms) -> QueueState:
    """The hall's row, held until the commit; its revision has moved."""
    held = (
        select(QueueState)
        .where(QueueState.hall_code == hall)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = await session.scalar(held)
    if row is None:
        await session.execute(
            insert(session, QueueState)
            .values(hall_code=hall, revision=0, day=terms.day)
            .on_conflict_do_nothing(index_elements=["hall_code"])
        )
        row = (await session.scalars(held)).one()
    if row.day < terms.day:
        await close_until(session, hall, row.day, terms)
        row.day = terms.day
    row.revision += 1
    return row


async def ticket_of(session: AsyncSession, ticket_id: int) -> QueueTicket:
    """A ticket, read anew; its hall never changes. Raises UnknownTicket."""
    row = await session.scalar(
        select(QueueTicket).where(QueueTicket.id == ticket_id).execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownTicket(ticket_id)
    return row


async def window_of(session: AsyncSession, window_id: int) -> QueueWindow:
    """A counter, read anew; its hall never changes. Raises UnknownWindow."""
    row = await session.scalar(
        select(QueueWindow).where(QueueWindow.id == window_id).execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownWindow(window_id)
    return row
