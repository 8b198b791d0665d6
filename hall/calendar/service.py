"""The calendar desk: the centre's own days, published years, and what working days follow from them.

Closing a day on which citizens are booked is for `hall.appointments.closures`, which asks what becomes of
them and then calls `set_days`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.calendar.day_files import days_of, read_file
from hall.calendar.models import PublishedYear
from hall.calendar.working_days import (
    CalendarUnknown,
    WorkingDays,
    add_working_days,
    working_days_between,
    working_days_of,
)
from hall.catalogue import revision
from hall.catalogue.rows import FileRefused, LineError
from hall.centres import models
from hall.centres.opening import calendar_covers
from hall.centres.schema import SpecialDay
from hall.centres.special_days import scope_of, special_row, special_rows, special_values

__all__ = [
    "CalendarUnknown",
    "DaysReport",
    "FileRefused",
    "WorkingDays",
    "add_working_days",
    "clear_days",
    "days_of",
    "load_working_days",
    "publish_year",
    "published_years",
    "read_file",
    "set_days",
    "special_days",
    "unknown_years",
    "withdraw_year",
    "working_days_between",
]


@dataclass(frozen=True, slots=True)
class DaysReport:
    """What setting days changed: how many are new, say something else, or were known so already."""

    added: int
    changed: int
    unchanged: int


async def set_days(session: AsyncSession, days: Sequence[SpecialDay]) -> DaysReport:
    """Set these days by an admin's hand, all or nothing; what they said before in the same scope is replaced.

    Does not look at bookings: see `hall.appointments.closures`. Raises FileRefused for a scope that does not
    exist, by the number of the day in `days`.
    """
    await revision.lock(session)
    await _check_scopes(session, days)
    rows = await special_rows(session)
    added = changed = 0
    for day in days:
        row, values = rows.get(scope_of(day)), {**special_values(day), "imported": False}
        if row is None:
            session.add(special_row(day, imported=False))
            added += 1
        elif any(getattr(row, key) != value for key, value in values.items()):
            for key, value in values.items():
                setattr(row, key, value)
            changed += 1
    await session.flush()
    if added or changed:
        await revision.move(session)
    return DaysReport(added, changed, len(days) - added - changed)


async def clear_days(session: AsyncSession, days: Iterable[SpecialDay]) -> int:
    """Forget what was said of these days in their scopes; how many were known."""
    await revision.lock(session)
    rows = await special_rows(session)
    found = [rows[scope_of(day)] for day in days if scope_of(day) in rows]
    for row in found:
        await session.delete(row)
    await session.flush()
    if found:
        await revision.move(session)
    return len(found)


async def publish_year(
    session: AsyncSession, year: int, *, now: datetime, by: str = "", source: str = ""
) -> None:
    """Say that a year's holidays and shifted days are entered: its other days are as in any week."""
    await revision.lock(session)
    row = await session.get(PublishedYear, year, populate_existing=True)
    if row is None:
        row = PublishedYear(year=year)
        session.add(row)
    row.set_at, row.set_by, row.source = now, by[:100], source[:200]
    await session.flush()
    await revision.move(session)


async def withdraw_year(session: AsyncSession, year: int) -> bool:
    """Take that back; False if it was not said."""
    await revision.lock(session)
    row = await session.get(PublishedYear, year, populate_existing=True)
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    await revision.move(session)
    return True


async def published_years(session: AsyncSession) -> frozenset[int]:
    """The years that an admin has published."""
    return frozenset(await session.scalars(select(PublishedYear.year)))


async def unknown_years(session: AsyncSession, years: Iterable[int]) -> tuple[int, ...]:
    """Which of these years neither the State Council's calendar here nor an admin covers."""
    known = await published_years(session)
    return tuple(sorted(year for year in set(years) if year not in known and not calendar_covers(year)))


async def special_days(
    session: AsyncSession, *, first: date | None = None, last: date | None = None
) -> tuple[SpecialDay, ...]:
    """The special days of a period (both ends with it), in order."""
    bounds: list[ColumnElement[bool]] = []
    if first is not None:
        bounds.append(models.SpecialDay.day >= first)
    if last is not None:
        bounds.append(models.SpecialDay.day <= last)
    rows = await session.scalars(
        select(models.SpecialDay)
        .where(*bounds)
        .order_by(models.SpecialDay.day, models.SpecialDay.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        SpecialDay.model_validate(
            {
                "date": row.day,
                "open": row.open,
                "hours": row.hours,
                "note": row.note,
                "centre": row.centre_code,
                "hall": row.hall_code,
                "group": row.group_code,
            }
        )
        for row in rows
    )


async def load_working_days(session: AsyncSession) -> WorkingDays:
    """The working days as they are known now."""
    return working_days_of(await special_days(session), await published_years(session))


async def _check_scopes(session: AsyncSession, days: Sequence[SpecialDay]) -> None:
    centres = set(await session.scalars(select(models.Centre.code)))
    halls = set(await session.scalars(select(models.Hall.code)))
    groups = {
        (row.hall, row.group)
        for row in await session.execute(
            select(models.Hall.code.label("hall"), models.CounterGroup.code.label("group")).join(
                models.CounterGroup, models.CounterGroup.hall_id == models.Hall.id
            )
        )
    }
    errors = []
    for number, day in enumerate(days, 1):
        if day.centre and day.centre not in centres:
            errors.append(_unknown(number, day, "centre", "中心", day.centre))
        if day.hall and day.hall not in halls:
            errors.append(_unknown(number, day, "hall", "大厅", day.hall))
        elif day.group and (day.hall, day.group) not in groups:
            errors.append(_unknown(number, day, "group", "分区", day.group))
    if errors:
        raise FileRefused(*errors)


def _unknown(number: int, day: SpecialDay, field: str, label: str, code: str) -> LineError:
    return LineError(0, f"第 {number} 项 {day.date}", field, f"没有代码为“{code}”的{label}")
