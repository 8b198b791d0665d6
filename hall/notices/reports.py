"""What the platform reports afterwards: a message that it took may still have failed to arrive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices import reach
from hall.notices.claiming import freed
from hall.notices.models import Attempt, NoticeRow, State


async def not_delivered(
    session: AsyncSession, openid: str, message_id: str, *, why: str, blocked: bool = False, now: datetime
) -> bool:
    """A message that was taken did not arrive: its notice is due again by the other channels.

    `blocked`: the citizen has shut the account out. False where no notice of theirs went under this id.
    """
    row = await session.scalar(
        select(NoticeRow)
        .where(NoticeRow.openid == openid, NoticeRow.message_id == message_id, NoticeRow.state == State.SENT)
        .with_for_update()
    )
    if row is None or not message_id:
        return False
    if blocked:
        await reach.unreachable(session, openid, now=now)
    session.add(Attempt(notice_id=row.id, at=now, channel=row.channel, outcome="failed", reason=why[:200]))
    channel = row.channel
    for name, value in freed(now).items():
        setattr(row, name.key, value)
    row.closed, row.channel, row.message_id, row.settled, row.again = channel, "", "", None, False
    await session.flush()
    return True
