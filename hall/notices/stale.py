"""Dropping what is of no use any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices.kinds import REMINDERS, Kind
from hall.notices.models import OPEN, NoticeRow, State

_PORTION = 500
_REMINDERS = tuple(kind.value for kind in REMINDERS)


async def drop_stale(session: AsyncSession, *, now: datetime, limit: int = _PORTION) -> int:
    """Drop what is past its use, reminders excepted (see `stale_reminders`); how many."""
    past = (
        select(NoticeRow.id)
        .where(NoticeRow.state.in_(OPEN), NoticeRow.useful_until <= now, NoticeRow.kind.not_in(_REMINDERS))
        .order_by(NoticeRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("past")
    )
    dropped = (
        update(NoticeRow)
        .where(NoticeRow.id.in_(select(past.c.id)))
        .values(state=State.STALE, settled=now)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], await session.execute(dropped)).rowcount


async def stale_reminders(
    session: AsyncSession, *, now: datetime, limit: int = _PORTION
) -> list[tuple[int, Kind, str, bool]]:
    """Reminders past their use, as (id, kind, subject, ours); each is then dropped by `drop_one`.

    `ours` is False where the citizen shut us out (unfollowed, blocked): then nobody else failed.
    """
    rows = await session.execute(
        select(NoticeRow.id, NoticeRow.kind, NoticeRow.subject, NoticeRow.state)
        .where(NoticeRow.state.in_(OPEN), NoticeRow.useful_until <= now, NoticeRow.kind.in_(_REMINDERS))
        .order_by(NoticeRow.id)
        .limit(limit)
    )
    return [(row.id, Kind(row.kind), row.subject, row.state != State.REFUSED) for row in rows]


async def drop_one(session: AsyncSession, notice_id: int, *, now: datetime) -> bool:
    """Drop one that is past its use; False where somebody else did, or it was sent after all."""
    dropped = update(NoticeRow).where(
        NoticeRow.id == notice_id, NoticeRow.state.in_(OPEN), NoticeRow.useful_until <= now
    )
    result = await session.execute(dropped.values(state=State.STALE, settled=now))
    return cast(CursorResult[Any], result).rowcount == 1


async def reminded_otherwise(session: AsyncSession, notice_id: int) -> bool:
    """Whether another reminder of the same visit was sent, or still may be."""
    this = await session.get(NoticeRow, notice_id, populate_existing=True)
    if this is None:
        return False
    others = await session.scalars(
        select(NoticeRow.facts).where(
            NoticeRow.openid == this.openid,
            NoticeRow.subject == this.subject,
            NoticeRow.id != this.id,
            NoticeRow.kind.in_(_REMINDERS),
            NoticeRow.state.in_((State.SENT, State.SENDING, State.DUE)),
        )
    )
    return any(facts.get("starts") == this.facts.get("starts") for facts in others)
