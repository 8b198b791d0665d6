"""For staff: what became of the notices of a day, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices.models import NoticeRow, State


@dataclass(frozen=True, slots=True)
class Tally:
    """So many notices stand in a state; `channel` by which they went, "" for those that did not."""

    state: State
    channel: str
    number: int


async def tallies(session: AsyncSession, since: datetime, until: datetime) -> tuple[Tally, ...]:
    """The notices that were due or settled from `since` to before `until`, by state and channel."""
    due = (NoticeRow.due >= since) & (NoticeRow.due < until)
    settled = (NoticeRow.settled >= since) & (NoticeRow.settled < until)
    rows = await session.execute(
        select(NoticeRow.state, NoticeRow.channel, func.count())
        .where(or_(due, settled))
        .group_by(NoticeRow.state, NoticeRow.channel)
        .order_by(NoticeRow.state, NoticeRow.channel)
    )
    return tuple(Tally(State(state), channel, number) for state, channel, number in rows)


async def hall_of(session: AsyncSession, notice_id: int) -> str:
    """The code of the hall that a notice is about, "" where it is of none."""
    facts = await session.scalar(select(NoticeRow.facts).where(NoticeRow.id == notice_id))
    return facts.get("hall", "") if facts else ""
