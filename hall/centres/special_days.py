"""Days on which a centre keeps other hours than usual: from its file, or set by an admin's hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue import revision
from hall.centres import schema
from hall.centres.models import SpecialDay


def scope_of(day: schema.SpecialDay) -> tuple[Any, ...]:
    """What makes two rows the same day in the same scope."""
    return day.date, day.centre, day.hall, day.group


async def special_rows(session: AsyncSession) -> dict[tuple[Any, ...], SpecialDay]:
    """All special days by their scope."""
    rows = await session.scalars(select(SpecialDay))
    return {(row.day, row.centre_code, row.hall_code, row.group_code): row for row in rows}


def special_values(day: schema.SpecialDay) -> dict[str, Any]:
    """What a row says of its day."""
    return {
        "open": day.open,
        "hours": [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in day.hours],
        "note": day.note,
    }


def special_row(day: schema.SpecialDay, *, imported: bool) -> SpecialDay:
    """A new row for this day."""
    return SpecialDay(
        day=day.date,
        centre_code=day.centre,
        hall_code=day.hall,
        group_code=day.group,
        imported=imported,
        **special_values(day),
    )


async def set_special_day(session: AsyncSession, day: schema.SpecialDay) -> None:
    """Set a day's hours by an admin's hand; an import no longer touches it."""
    await revision.lock(session)
    row = (await special_rows(session)).get(scope_of(day))
    if row is None:
        session.add(special_row(day, imported=False))
    else:
        for key, value in {**special_values(day), "imported": False}.items():
            setattr(row, key, value)
    await session.flush()
    await revision.move(session)


async def clear_special_day(session: AsyncSession, day: schema.SpecialDay) -> bool:
    """Forget what was said of this day in this scope; False if nothing was."""
    await revision.lock(session)
    row = (await special_rows(session)).get(scope_of(day))
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    await revision.move(session)
    return True
