"""What sending taught about reaching a citizen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.notices.models import Reach


async def window_closed(session: AsyncSession, openid: str, *, now: datetime) -> None:
    """No customer-service message goes to this citizen until they write."""
    await _set(session, openid, {"window_closed": now})


async def unreachable(session: AsyncSession, openid: str, *, now: datetime) -> None:
    """Nothing of WeChat's reaches this citizen until they write."""
    await _set(session, openid, {"unreachable": now})


async def learned(session: AsyncSession, openids: Collection[str]) -> dict[str, Reach]:
    """What is known about these citizens."""
    rows = await session.scalars(
        select(Reach).where(Reach.openid.in_(list(openids))).execution_options(populate_existing=True)
    )
    return {row.openid: row for row in rows}


async def forget(session: AsyncSession, openid: str) -> None:
    """Delete what stands about a citizen."""
    await session.execute(delete(Reach).where(Reach.openid == openid))


async def _set(session: AsyncSession, openid: str, values: dict[str, datetime]) -> None:
    row = insert(session, Reach).values(openid=openid, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["openid"], set_=values))
