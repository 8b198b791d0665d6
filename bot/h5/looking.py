"""The calendar and the times of a day at one counter group, as the templates take them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI
from bot.h5.months import first_free, month_of, times_of
from bot.h5.wanted import Wanted
from hall.appointments import service as appointments
from hall.appointments.service import Quota, Terms
from hall.appointments.slots import bookable_until
from hall.wording import dates


async def calendar_of(
    session: AsyncSession,
    wanted: Wanted,
    group: str,
    *,
    quota: Quota | None,
    terms: Terms,
    can_wait: bool,
) -> dict[str, Any]:
    """The month that is looked at, and the times of the day that is chosen: the first free one by itself.

    Raises NoSuchCounter.
    """
    listed = await appointments.free_days(session, wanted.hall, group, terms=terms, quota=quota)
    days = {found.hours.day: found for found in listed}
    today = terms.now.astimezone(SHANGHAI).date()
    last = bookable_until(terms.now, terms.rules)
    nearest = first_free(days, today=today, places=wanted.places)
    chosen = wanted.day if wanted.day in days else None
    month = wanted.month or (chosen or nearest or today)
    if chosen is None and nearest is not None and _same_month(month, nearest):
        chosen = nearest
    month = min(max(month.replace(day=1), today.replace(day=1)), last.replace(day=1))
    return {
        "wanted": wanted,
        "month": month_of(days, wanted, month, chosen=chosen, today=today, last=last),
        "times": times_of(days[chosen], wanted, can_wait=can_wait) if chosen is not None else None,
        "bookable_until": dates.dated(last),
        "nothing_free": nearest is None,
    }


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)
