"""The catalogue's revision: a number that moves with every change, so that snapshots know they are old.

Whoever changes the catalogue or a centre holds its row until the commit, so changes never interleave.
"""

from __future__ import annotations

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.models import CatalogueRevision
from hall.db import Base

_ONLY = 1


def insert(session: AsyncSession, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of the session's engine, which knows ON CONFLICT on both."""
    name = session.get_bind().dialect.name
    return sqlite.insert(table) if name == "sqlite" else postgresql.insert(table)


async def current_revision(session: AsyncSession) -> int:
    """The revision as committed; 0 when nothing was ever imported. One row by its key."""
    number = await session.scalar(select(CatalogueRevision.number).where(CatalogueRevision.id == _ONLY))
    return number or 0


async def lock(session: AsyncSession) -> int:
    """Wait until no other transaction changes the catalogue, keep others out until the commit."""
    taken: Insert = (
        insert(session, CatalogueRevision)
        .values(id=_ONLY, number=0)
        .on_conflict_do_update(index_elements=["id"], set_={"number": CatalogueRevision.number})
        .returning(CatalogueRevision.number)
    )
    return int(await session.scalar(taken) or 0)


async def move(session: AsyncSession) -> int:
    """Move the revision on by one, under the lock; the new number."""
    number = await lock(session) + 1
    await session.execute(
        update(CatalogueRevision).where(CatalogueRevision.id == _ONLY).values(number=number)
    )
    return number
