"""The centres as they are stored now: the tree, halls, counters, hours, browsing."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.centres.models import BrowsingEntry, Centre, CounterGroup, Hall, SpecialDay
from hall.centres.schema import CentreFile

# The centre that items belong to where none was described yet; the first root to come takes its place.
PLACEHOLDER = "centre"
PLACEHOLDER_NAME = "政务服务中心"


async def ids_of_centres(session: AsyncSession) -> dict[str, int]:
    """The ids of the centres by their codes."""
    found = await session.execute(select(Centre.code, Centre.id))
    return {row.code: row.id for row in found}


async def default_centre(session: AsyncSession) -> int:
    """The id of the root of the tree; a nameless centre is made where there is none yet."""
    root = await session.scalar(
        select(Centre.id).where(Centre.parent_id.is_(None)).order_by(Centre.position, Centre.id).limit(1)
    )
    if root is not None:
        return root
    made = Centre(code=PLACEHOLDER, name=PLACEHOLDER_NAME)
    session.add(made)
    await session.flush()
    return made.id


async def load_centre(session: AsyncSession) -> CentreFile:
    """Everything about the centres as a file would say it; what is withdrawn is left out."""
    return CentreFile.model_validate(
        {
            "centres": await _centres(session),
            "halls": list(
                await session.scalars(
                    select(Hall.document).where(Hall.withdrawn.is_(False)).order_by(Hall.position, Hall.id)
                )
            ),
            "counters": list(
                await session.scalars(
                    select(CounterGroup.document)
                    .join(Hall, Hall.id == CounterGroup.hall_id)
                    .where(CounterGroup.withdrawn.is_(False), Hall.withdrawn.is_(False))
                    .order_by(CounterGroup.position, CounterGroup.id)
                )
            ),
            "special_days": await _special_days(session),
            "topics": await _browsing(session, "topic"),
            "life_events": await _browsing(session, "life_event"),
            "info": await _browsing(session, "info"),
        }
    )


async def _centres(session: AsyncSession) -> list[dict[str, object]]:
    rows = (await session.scalars(select(Centre).order_by(Centre.position, Centre.id))).all()
    codes = {row.id: row.code for row in rows}
    return [
        {"code": row.code, "name": row.name, "level": row.level, "parent": codes.get(row.parent_id or 0)}
        for row in rows
    ]


async def _special_days(session: AsyncSession) -> list[dict[str, object]]:
    rows = await session.scalars(select(SpecialDay).order_by(SpecialDay.day, SpecialDay.id))
    return [
        {
            "date": row.day,
            "open": row.open,
            "hours": row.hours,
            "note": row.note,
            "centre": row.centre_code,
            "hall": row.hall_code,
            "group": row.group_code,
        }
        for row in rows
    ]


async def _browsing(session: AsyncSession, kind: str) -> list[dict[str, object]]:
    found = await session.scalars(
        select(BrowsingEntry.document)
        .where(BrowsingEntry.kind == kind)
        .order_by(BrowsingEntry.position, BrowsingEntry.id)
    )
    return list(found)
