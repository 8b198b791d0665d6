"""Whatever else changes when counters are open: a centre's file, a year taken back. Nobody is forgotten.

Days that an admin sets go through `hall.appointments.closures`, which can tell beforehand whom they affect.
Here the change is made first, in a savepoint, and undone where somebody loses their time and nobody said what
becomes of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.closures import Became, Decision, carry_out, within
from hall.appointments.counters import CounterPlace, counter_place, hours_with
from hall.appointments.errors import BookingsAffected, NoSuchCounter, ReasonMissing
from hall.appointments.locks import shut
from hall.appointments.models import Booking
from hall.appointments.occupancy import still_open
from hall.appointments.rules import Terms
from hall.appointments.views import Appointment
from hall.calendar.service import clear_days, published_years, special_days, withdraw_year
from hall.centres.intake import CentreReport, import_centre
from hall.centres.opening import DayHours
from hall.centres.schema import CentreFile, SpecialDay

_T = TypeVar("_T")


async def import_centre_with_bookings(
    session: AsyncSession,
    content: CentreFile,
    *,
    decision: Decision | None,
    by: str,
    why: str,
    terms: Terms,
) -> tuple[CentreReport, Became]:
    """Take in a centre's file, and do with bookings that it leaves without an open counter what was decided.

    Raises BookingsAffected where there are some and nothing was decided (and takes nothing in),
    CentreInvalid, ReasonMissing. A transaction of its own.
    """

    async def take_in() -> CentreReport:
        return await import_centre(session, content)

    return await _changed(session, take_in, decision=decision, by=by, why=why, terms=terms)


async def withdraw_year_with_bookings(
    session: AsyncSession, year: int, *, decision: Decision | None, by: str, why: str, terms: Terms
) -> tuple[bool, Became]:
    """Take back that a year is published; raises as `import_centre_with_bookings` does."""

    async def take_back() -> bool:
        return await withdraw_year(session, year)

    return await _changed(session, take_back, decision=decision, by=by, why=why, terms=terms)


async def clear_days_with_bookings(
    session: AsyncSession,
    days: Sequence[SpecialDay],
    *,
    decision: Decision | None,
    by: str,
    why: str,
    terms: Terms,
) -> tuple[int, Became]:
    """Forget what was said of these days (extended hours, say).

    Raises as `import_centre_with_bookings` does.
    """

    async def clear() -> int:
        return await clear_days(session, days)

    return await _changed(session, clear, decision=decision, by=by, why=why, terms=terms)


async def _changed(
    session: AsyncSession,
    change: Callable[[], Awaitable[_T]],
    *,
    decision: Decision | None,
    by: str,
    why: str,
    terms: Terms,
) -> tuple[_T, Became]:
    if not by.strip() or not why.strip():
        raise ReasonMissing("who changes hours is named and says why")
    await shut(session)
    before = {row.id for row in await _in_time(session, terms)}
    async with session.begin_nested():
        made = await change()
        after = {row.id for row in await _in_time(session, terms)}
        rows = [row for row in await _open(session, terms) if row.id in before - after]
        if rows and decision is None:
            raise BookingsAffected(tuple(Appointment.of(row) for row in rows))
    return made, await carry_out(session, rows, decision=decision, by=by, why=why, terms=terms)


async def _open(session: AsyncSession, terms: Terms) -> list[Booking]:
    rows = await session.scalars(
        select(Booking)
        .where(still_open(terms.now))
        .order_by(Booking.created, Booking.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def _in_time(session: AsyncSession, terms: Terms) -> list[Booking]:
    """The open bookings whose counter is open for all of them, as the hours stand."""
    booked = await _open(session, terms)
    if not booked:
        return []
    last = max(row.day for row in booked)
    days = await special_days(session, first=min(row.day for row in booked), last=last)
    published = await published_years(session)
    places: dict[tuple[str, str], CounterPlace | None] = {}
    hours: dict[tuple[str, str, date], DayHours] = {}
    for row in booked:
        where = (row.hall_code, row.group_code)
        if where not in places:
            places[where] = await _place(session, *where, terms)
        place = places[where]
        if (*where, row.day) not in hours:
            shown = hours_with(place, days, published).on(row.day) if place is not None else None
            hours[*where, row.day] = shown or DayHours(row.day, "closed")
    return [row for row in booked if within(row, hours[row.hall_code, row.group_code, row.day])]


async def _place(session: AsyncSession, hall: str, group: str, terms: Terms) -> CounterPlace | None:
    try:
        return await counter_place(session, hall, group, rules=terms.rules)
    except NoSuchCounter:
        return None
