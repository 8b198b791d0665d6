"""Telling what waits with the answer to the citizen's own message, for an account that may send no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices.claiming import Claimed, claimed_of
from hall.notices.models import HELD, Attempt, NoticeRow, State

PASSIVE: Final = "passive"
"""In place of a channel: the reply to the citizen's own message."""


async def take_held(session: AsyncSession, openid: str, *, now: datetime) -> tuple[Claimed, ...]:
    """What waits for this citizen, in the order it was due; told with the caller's commit."""
    rows = (
        await session.scalars(
            select(NoticeRow)
            .where(NoticeRow.openid == openid, NoticeRow.state.in_(HELD), NoticeRow.useful_until > now)
            .order_by(NoticeRow.id)
            .with_for_update()
        )
    ).all()
    if not rows:
        return ()
    found = tuple(sorted((claimed_of(row) for row in rows), key=lambda one: (one.due, one.id)))
    again = {row.id: row.again or row.state == State.UNSURE for row in rows}
    ids = [row.id for row in rows]
    gone = update(NoticeRow).where(NoticeRow.id.in_(ids)).execution_options(synchronize_session=False)
    await session.execute(gone.values(state=State.SENT, channel=PASSIVE, settled=now))
    tries = [{"notice_id": number, "at": now, "channel": PASSIVE, "outcome": "sent"} for number in ids]
    await session.execute(insert(Attempt), tries)
    return tuple(replace(one, again=again[one.id]) for one in found)
