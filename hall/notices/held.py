"""What did not reach citizens, for staff: looking at it, trying it again, putting it aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices.claiming import freed
from hall.notices.kinds import Kind
from hall.notices.models import HELD, Attempt, NoticeRow, State


@dataclass(frozen=True, slots=True)
class TriedLine:
    """One try, as it was recorded."""

    at: datetime
    channel: str
    outcome: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A notice that was not, or perhaps not, told. `facts` are its values; the citizen is not named."""

    id: int
    kind: Kind
    subject: str
    facts: dict[str, str]
    state: State
    due: datetime
    useful_until: datetime
    reason: str
    tries: tuple[TriedLine, ...]


async def held(
    session: AsyncSession, *, limit: int = 100, after: int = 0, hall: str | None = None
) -> tuple[Held, ...]:
    """Notices that wait for their citizen to write, or for a person, the newest first.

    `after`: the id of the last one seen, for the next page; `hall`: of one hall only.
    """
    wanted: list[ColumnElement[bool]] = [NoticeRow.state.in_(HELD)]
    if after:
        wanted.append(NoticeRow.id < after)
    if hall is not None:
        wanted.append(NoticeRow.facts["hall"].as_string() == hall)
    rows = (
        await session.scalars(
            select(NoticeRow)
            .where(*wanted)
            .order_by(NoticeRow.id.desc())
            .limit(limit)
            .execution_options(populate_existing=True)
        )
    ).all()
    tried = await tries_of(session, [row.id for row in rows])
    return tuple(
        Held(
            id=row.id,
            kind=Kind(row.kind),
            subject=row.subject,
            facts=row.facts,
            state=State(row.state),
            due=row.due,
            useful_until=row.useful_until,
            reason=row.reason,
            tries=tried.get(row.id, ()),
        )
        for row in rows
    )


async def tries_of(session: AsyncSession, ids: list[int]) -> dict[int, tuple[TriedLine, ...]]:
    """What was tried for each of these notices, the first try first."""
    rows = await session.scalars(select(Attempt).where(Attempt.notice_id.in_(ids)).order_by(Attempt.id))
    found: dict[int, list[TriedLine]] = {}
    for row in rows:
        line = TriedLine(row.at, row.channel, row.outcome, row.code, row.reason)
        found.setdefault(row.notice_id, []).append(line)
    return {notice_id: tuple(lines) for notice_id, lines in found.items()}


async def retry(session: AsyncSession, notice_id: int, *, now: datetime) -> bool:
    """Try a held notice again, by every channel. False where it is not held any more, or of no use."""
    again = (
        update(NoticeRow)
        .where(NoticeRow.id == notice_id, NoticeRow.state.in_(HELD), NoticeRow.useful_until > now)
        .values(freed(now))
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(again)).first() is not None


async def dismiss(session: AsyncSession, notice_id: int, *, by: str, reason: str, now: datetime) -> bool:
    """Put a held notice aside: the citizen was told otherwise, or need not be. False where it is not held."""
    aside = (
        update(NoticeRow)
        .where(NoticeRow.id == notice_id, NoticeRow.state.in_(HELD))
        .values(state=State.WITHDRAWN, settled=now, reason=f"{by}: {reason}"[:200])
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(aside)).first() is not None


async def counts(session: AsyncSession) -> dict[State, int]:
    """How many notices stand in each state."""
    rows = await session.execute(select(NoticeRow.state, func.count()).group_by(NoticeRow.state))
    return {State(state): count for state, count in rows}
