"""Links for wall displays (大屏): a screen in the hall shows the queue without anybody's log-in.

The key stands in the link and nowhere else; the database keeps its digest. A link opens one hall's display
and nothing else, and is revoked by a click.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.staff.accounts import require_hall
from hall.staff.audit import record
from hall.staff.models import DisplayLink

_KEY_BYTES = 24
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Display:
    """A link that was made; its key is not kept."""

    id: int
    hall: str
    name: str
    made_by: str
    made: datetime
    revoked: datetime | None


async def make_display(session: AsyncSession, hall: str, *, name: str, by: str, now: datetime) -> str:
    """The key of a new link to this hall's display; it is told this once. Raises NoSuchPlace."""
    await require_hall(session, hall)
    key = secrets.token_urlsafe(_KEY_BYTES)
    row = DisplayLink(
        mark=_mark(key), hall_code=hall, name=name.strip()[:_MAX_NAME], made_by=by, made=now, revoked=None
    )
    session.add(row)
    await session.flush()
    record(session, by, "display_made", f"display:{row.id}", hall, now=now)
    await session.flush()
    return key


async def display_of(session: AsyncSession, key: str, *, hall: str) -> int | None:
    """The id of the link with this key, where it opens this hall's display and is not revoked."""
    return await session.scalar(
        select(DisplayLink.id).where(
            DisplayLink.mark == _mark(key), DisplayLink.hall_code == hall, DisplayLink.revoked.is_(None)
        )
    )


async def displays(session: AsyncSession, hall: str) -> tuple[Display, ...]:
    """The links of a hall, the newest first."""
    rows = await session.scalars(
        select(DisplayLink).where(DisplayLink.hall_code == hall).order_by(DisplayLink.id.desc())
    )
    return tuple(Display(row.id, row.hall_code, row.name, row.made_by, row.made, row.revoked) for row in rows)


async def revoke_display(
    session: AsyncSession, display_id: int, *, hall: str, by: str, now: datetime
) -> bool:
    """Let a link of this hall open nothing any more; False if it does not already."""
    row = await session.get(DisplayLink, display_id, with_for_update=True, populate_existing=True)
    if row is None or row.hall_code != hall or row.revoked is not None:
        return False
    row.revoked = now
    record(session, by, "display_revoked", f"display:{row.id}", hall, now=now)
    await session.flush()
    return True


def _mark(key: str) -> str:
    # The key is random: a plain digest tells nothing of it.
    return hashlib.sha256(key.encode()).hexdigest()
