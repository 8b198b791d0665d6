"""What the desk tells of a citizen, and what it forgets: on request, and by itself in time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices import consents, reach
from hall.notices.models import Attempt, NoticeRow, State
from hall.people.models import Citizen

KEPT = timedelta(days=90)
"""A notice that is done with is kept this long, so that a complaint about it can be looked into."""
_DONE = (State.SENT, State.STALE, State.WITHDRAWN, State.REFUSED)
_PORTION = 1000


async def told_of(session: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """All notices of a citizen as JSON, the first one first, for a copy of what is kept."""
    rows = await session.scalars(
        select(NoticeRow)
        .join(Citizen, Citizen.openid == NoticeRow.openid)
        .where(Citizen.id == citizen_id)
        .order_by(NoticeRow.id)
    )
    return [
        {
            "kind": row.kind,
            "about": row.subject,
            "due": row.due.isoformat(),
            "state": row.state,
            "channel": row.channel,
        }
        for row in rows
    ]


def forgetting() -> Callable[[AsyncSession, int], Awaitable[bool]]:
    """What an erasure calls, before it takes the account's name; the desk restricts nobody: False."""

    async def forget(session: AsyncSession, citizen_id: int) -> bool:
        openid = await session.scalar(select(Citizen.openid).where(Citizen.id == citizen_id))
        if openid is not None:
            await forget_account(session, openid)
        return False

    return forget


async def forget_account(session: AsyncSession, openid: str) -> None:
    """Delete the notices, consents and all else of an account; what is being sent may still arrive."""
    await session.execute(
        delete(Attempt).where(
            Attempt.notice_id.in_(select(NoticeRow.id).where(NoticeRow.openid == openid).scalar_subquery())
        )
    )
    await session.execute(delete(NoticeRow).where(NoticeRow.openid == openid))
    await consents.forget(session, openid)
    await reach.forget(session, openid)


async def forget_old(session: AsyncSession, *, now: datetime, limit: int = _PORTION) -> int:
    """Delete notices that were done with `KEPT` ago; how many."""
    old = select(NoticeRow.id).where(NoticeRow.state.in_(_DONE), NoticeRow.useful_until < now - KEPT)
    ids = list((await session.scalars(old.order_by(NoticeRow.id).limit(limit))).all())
    if not ids:
        return 0
    await session.execute(delete(Attempt).where(Attempt.notice_id.in_(ids)))
    gone = await session.execute(delete(NoticeRow).where(NoticeRow.id.in_(ids)))
    return cast(CursorResult[Any], gone).rowcount
