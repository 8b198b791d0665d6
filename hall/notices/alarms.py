"""What a person must mend before notices go again by a channel: one row for each cause."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.notices.channels import WECHAT, Channel
from hall.notices.models import AlarmRow, NoticeRow, State

ACCOUNT = "wechat"
"""In place of a channel: all channels of the WeChat account."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A cause. `channel` is a `Channel` or ACCOUNT; `kind` "" where it concerns every kind of notice."""

    channel: str
    cause: str
    kind: str
    message: str
    closed_until: datetime
    first: datetime
    last: datetime
    count: int
    id: int = 0

    def stops(self, channel: Channel, kind: str, now: datetime) -> bool:
        """Whether nobody is to use a channel for this kind of notice now."""
        here = self.channel == channel or (self.channel == ACCOUNT and channel in WECHAT)
        return here and self.kind in ("", kind) and now < self.closed_until


async def ring(
    session: AsyncSession,
    *,
    channel: str,
    cause: str,
    kind: str,
    message: str,
    closed_until: datetime,
    now: datetime,
) -> bool:
    """Record a cause, or that it lasts; whether it is new, or new again after it was mended."""
    standing = await session.scalar(
        select(AlarmRow.mended.is_(None)).where(
            AlarmRow.channel == channel, AlarmRow.cause == cause, AlarmRow.kind == kind
        )
    )
    row = insert(session, AlarmRow).values(
        channel=channel,
        cause=cause,
        kind=kind,
        message=message[:200],
        first=now,
        last=now,
        count=1,
        closed_until=closed_until,
        mended=None,
    )
    lasting = {
        "message": message[:200],
        "last": now,
        "count": AlarmRow.count + 1,
        "closed_until": closed_until,
        "mended": None,
    }
    again = row.on_conflict_do_update(index_elements=["channel", "cause", "kind"], set_=lasting)
    await session.execute(again)
    return not standing


async def works_again(
    session: AsyncSession, channels: Collection[str], kind: str, *, now: datetime
) -> list[str]:
    """A notice of this kind went by a channel: what was wrong with it is mended; the causes."""
    mended = (
        update(AlarmRow)
        .where(AlarmRow.channel.in_(list(channels)), AlarmRow.kind.in_(["", kind]), AlarmRow.mended.is_(None))
        .values(mended=now, closed_until=now)
        .returning(AlarmRow.cause)
        .execution_options(synchronize_session=False)
    )
    return list((await session.scalars(mended)).all())


async def mend(session: AsyncSession, alarm_id: int, *, now: datetime) -> bool:
    """Staff say that it is mended: what waited for it is tried at once. False where there is nothing to."""
    mended = (
        update(AlarmRow)
        .where(AlarmRow.id == alarm_id, AlarmRow.mended.is_(None))
        .values(mended=now, closed_until=now)
        .returning(AlarmRow.id)
        .execution_options(synchronize_session=False)
    )
    found = (await session.scalars(mended)).first() is not None
    if found:
        await session.execute(update(NoticeRow).where(NoticeRow.state == State.ALARM).values(next_at=now))
    return found


async def alarms(session: AsyncSession) -> tuple[Alarm, ...]:
    """What is to be mended, the oldest first."""
    rows = await session.scalars(
        select(AlarmRow)
        .where(AlarmRow.mended.is_(None))
        .order_by(AlarmRow.first, AlarmRow.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Alarm(
            channel=row.channel,
            cause=row.cause,
            kind=row.kind,
            message=row.message,
            closed_until=row.closed_until,
            first=row.first,
            last=row.last,
            count=row.count,
            id=row.id,
        )
        for row in rows
    )
