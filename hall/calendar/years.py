"""For staff: which years are known, from where, and how many days were entered for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.calendar.models import PublishedYear
from hall.calendar.service import special_days
from hall.centres.opening import calendar_covers


@dataclass(frozen=True, slots=True)
class YearKnown:
    """How a year is known: from the State Council's calendar in this product, by an admin, or not yet.

    `days`: how many days were entered for everywhere.
    """

    year: int
    how: Literal["national", "published", "unknown"]
    days: int
    source: str = ""
    set_by: str = ""
    set_at: datetime | None = None


async def years_known(session: AsyncSession, years: Iterable[int]) -> tuple[YearKnown, ...]:
    """How these years are known, in order."""
    published = {row.year: row for row in await session.scalars(select(PublishedYear))}
    everywhere = Counter(
        day.date.year for day in await special_days(session) if not (day.centre or day.hall or day.group)
    )
    return tuple(_known(year, published.get(year), everywhere[year]) for year in sorted(set(years)))


def _known(year: int, row: PublishedYear | None, days: int) -> YearKnown:
    if row is not None:
        return YearKnown(year, "published", days, row.source, row.set_by, row.set_at)
    return YearKnown(year, "national" if calendar_covers(year) else "unknown", days)
