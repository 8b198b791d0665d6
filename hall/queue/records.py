"""Writing the queue down: what happened to tickets and windows, and which presses were carried out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.errors import NobodyThere
from hall.queue.models import QueueEvent, QueueRequest, QueueTicket, QueueWindow
from hall.queue.views import AT_WINDOW

CITIZEN = "citizen"
DESK = "desk"  # done by the clock, by nobody in particular

# Written into the statement, so that the index of tickets at windows is seen to serve it.
_AT_WINDOW: BindParameter[str] = bindparam("at_window", AT_WINDOW, expanding=True, literal_execute=True)


def note(
    session: AsyncSession, row: QueueTicket, kind: str, *, now: datetime, by: str, detail: str = ""
) -> None:
    """Keep what happened to a ticket."""
    session.add(
        QueueEvent(
            ticket_id=row.id, window_id=row.window_id, at=now, kind=kind, by=by[:100], detail=detail[:300]
        )
    )


def note_window(
    session: AsyncSession, row: QueueWindow, kind: str, *, now: datetime, by: str, detail: str = ""
) -> None:
    """Keep what happened to a window."""
    session.add(QueueEvent(window_id=row.id, at=now, kind=kind, by=by[:100], detail=detail[:300]))


async def at_window(session: AsyncSession, window_id: int) -> QueueTicket | None:
    """The ticket that is at a window."""
    found = await session.scalars(
        select(QueueTicket)
        .where(QueueTicket.window_id == window_id, QueueTicket.state.in_(_AT_WINDOW))
        .execution_options(populate_existing=True)
    )
    return found.first()


async def there(session: AsyncSession, window_id: int, ticket_id: int | None) -> QueueTicket:
    """The ticket at a window, the one that is meant. Raises NobodyThere."""
    row = await at_window(session, window_id)
    if row is None or ticket_id not in {None, row.id}:
        raise NobodyThere(window_id)
    return row


async def done_before(session: AsyncSession, scope: str, key: str) -> QueueRequest | None:
    """The request of this key, if it was carried out. The caller holds the hall."""
    if not key:
        return None
    if len(key) > 100:
        raise ValueError("a request's key has at most 100 characters")
    return await session.get(QueueRequest, (scope, key), populate_existing=True)


def remember(session: AsyncSession, scope: str, key: str, ticket_id: int | None, now: datetime) -> None:
    """Keep that the request of this key was carried out; nothing without a key."""
    if key:
        session.add(QueueRequest(scope=scope, key=key, ticket_id=ticket_id, at=now))


async def forget_requests(session: AsyncSession, before: datetime) -> None:
    """Drop the keys of requests from before a moment: nobody presses that button again."""
    await session.execute(delete(QueueRequest).where(QueueRequest.at < before))
