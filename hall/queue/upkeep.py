"""What the clock does by itself: turns that came near without anybody pressing, and the end of the day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.closing import close_until
from hall.queue.errors import UnknownGroup
from hall.queue.estimating import outlined
from hall.queue.groups import group_days
from hall.queue.models import QueueState, QueueTicket, QueueWindow
from hall.queue.records import DESK
from hall.queue.rules import QueueTerms
from hall.queue.state import hold_hall
from hall.queue.turning import soon, tell_soon
from hall.queue.views import OPEN_STATES


async def halls_in_use(session: AsyncSession) -> tuple[str, ...]:
    """The halls in which tickets or windows are open, of whatever day; only reads."""
    # What stands is of the day of the hall's row: older ones were closed when the row went on to that day.
    same_day = (QueueState.hall_code == QueueTicket.hall_code) & (QueueState.day == QueueTicket.day)
    halls = set(
        await session.scalars(
            select(QueueTicket.hall_code)
            .join(QueueState, same_day)
            .where(QueueTicket.state.in_(OPEN_STATES))
            .distinct()
        )
    )
    halls.update(
        await session.scalars(select(QueueWindow.hall_code).where(QueueWindow.state != "closed").distinct())
    )
    return tuple(sorted(halls))


async def wants_sweep(session: AsyncSession, hall: str, *, terms: QueueTerms) -> bool:
    """Whether `sweep` would change anything in a hall; only reads."""
    if await _day_over(session, hall, terms):
        return True
    try:
        return bool(soon(await outlined(session, hall, terms, arriving=()), terms))
    except UnknownGroup:  # the hall was withdrawn
        return False


async def sweep(session: AsyncSession, hall: str, *, terms: QueueTerms) -> int:
    """Tell those whose turn came near by the clock alone; close a day that is over. How much was done.

    Every half minute is often enough. Nothing that is called or estimated depends on it.
    """
    over = await _day_over(session, hall, terms)
    await hold_hall(session, hall, terms)
    if over:
        return await close_until(session, hall, terms.day, terms)
    return await tell_soon(session, await outlined(session, hall, terms, arriving=()), terms)


async def end_day(session: AsyncSession, *, hall: str, by: str = DESK, terms: QueueTerms) -> int:
    """Close the day of a hall now, what is left with a reason; how many tickets. Again is harmless."""
    await hold_hall(session, hall, terms)
    return await close_until(session, hall, terms.day, terms, by=by)


async def _day_over(session: AsyncSession, hall: str, terms: QueueTerms) -> bool:
    """Whether the last counter closed long ago, or the day that stands is past."""
    day = await session.scalar(select(QueueState.day).where(QueueState.hall_code == hall))
    if day is None:
        return False
    if day < terms.day:
        return True
    try:
        days = await group_days(session, hall, terms)
    except UnknownGroup:
        return True
    closing = [found.spans[-1][1] for found in days.values() if found.spans]
    late = timedelta(minutes=terms.rules.day_over_minutes)
    return bool(closing) and terms.now >= max(closing) + late
