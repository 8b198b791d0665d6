"""Counter groups as places to wait at: their hours today, and whether tickets are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.calendar.hours import hours_on
from hall.calendar.service import published_years, special_days
from hall.centres import models
from hall.centres.opening import SHANGHAI, DayHours, calendar_covers, schedule_of
from hall.centres.schema import Counter, Hall
from hall.queue.errors import QueueShut, ReasonMissing, UnknownGroup
from hall.queue.models import QueueStop
from hall.queue.rules import QueueTerms
from hall.queue.state import hold_hall

Moments = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class GroupDay:
    """A counter group on one day: `spans` are the aware moments between which it is open."""

    counter: Counter
    hours: DayHours
    spans: Moments


async def group_days(session: AsyncSession, hall: str, terms: QueueTerms) -> dict[str, GroupDay]:
    """The counter groups of a hall by code, with their hours today. Raises UnknownGroup for no such hall."""
    found = await session.execute(
        select(models.CounterGroup.document, models.Hall.document)
        .join(models.Hall, models.Hall.id == models.CounterGroup.hall_id)
        .where(
            models.Hall.code == hall,
            models.Hall.withdrawn.is_(False),
            models.CounterGroup.withdrawn.is_(False),
        )
        .order_by(models.CounterGroup.position, models.CounterGroup.id)
    )
    rows = found.all()
    if not rows:
        raise UnknownGroup(hall)
    place = Hall.model_validate(rows[0][1])
    day = terms.day
    special = await special_days(session, first=day, last=day)
    published = frozenset[int]() if calendar_covers(day.year) else await published_years(session)
    days = {}
    for document, _ in rows:
        counter = Counter.model_validate(document)
        hours = hours_on(schedule_of(place, special, counter), day, published=published)
        days[counter.group] = GroupDay(counter, hours, _moments(hours))
    return days


def _moments(hours: DayHours) -> Moments:
    return tuple(
        (
            datetime.combine(hours.day, opens, SHANGHAI),
            datetime.combine(hours.day, closes, SHANGHAI),
        )
        for opens, closes in hours.spans
    )


async def group_day(session: AsyncSession, hall: str, group: str, terms: QueueTerms) -> GroupDay:
    """One counter group with its hours today. Raises UnknownGroup."""
    days = await group_days(session, hall, terms)
    if group not in days:
        raise UnknownGroup(f"{hall}/{group}")
    return days[group]


async def require_tickets(
    session: AsyncSession, hall: str, group: str, terms: QueueTerms
) -> Mapping[str, GroupDay]:
    """See that a counter group gives tickets now; all groups of the hall. Raises UnknownGroup, QueueShut.

    On a day whose calendar is not published the usual hours are taken: whoever asks stands in the hall.
    """
    days = await group_days(session, hall, terms)
    if (day := days.get(group)) is None:
        raise UnknownGroup(f"{hall}/{group}")
    if not day.spans:
        raise QueueShut("closed", day.hours)
    opens = day.spans[0][0] - timedelta(minutes=terms.rules.early_minutes)
    if terms.now < opens:
        raise QueueShut("early", day.hours, opens=opens)
    if terms.now >= day.spans[-1][1] - timedelta(minutes=terms.rules.last_ticket_minutes):
        raise QueueShut("over", day.hours)
    stop = await session.get(QueueStop, (hall, group, terms.day), populate_existing=True)
    if stop is not None:
        raise QueueShut("stopped", day.hours, reason=stop.reason)
    return days


async def stop_group(
    session: AsyncSession, *, hall: str, group: str, by: str, reason: str, terms: QueueTerms
) -> None:
    """Give no more tickets at a counter group today; who waits is still called. Again is harmless.

    Raises UnknownGroup, ReasonMissing.
    """
    if not by.strip() or not reason.strip():
        raise ReasonMissing("who stops a queue is named and says why")
    await hold_hall(session, hall, terms)
    await group_day(session, hall, group, terms)
    stop = await session.get(QueueStop, (hall, group, terms.day), populate_existing=True)
    if stop is None:
        stop = QueueStop(hall_code=hall, group_code=group, day=terms.day)
        session.add(stop)
    stop.by, stop.reason, stop.at = by.strip()[:100], reason.strip()[:300], terms.now
    await session.flush()


async def resume_group(session: AsyncSession, *, hall: str, group: str, terms: QueueTerms) -> bool:
    """Give tickets again; False where nobody had stopped them."""
    await hold_hall(session, hall, terms)
    stop = await session.get(QueueStop, (hall, group, terms.day), populate_existing=True)
    if stop is not None:
        await session.delete(stop)
        await session.flush()
    return stop is not None
