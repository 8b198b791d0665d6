"""The end of a day: what is left is closed with a reason; its hours are kept for the quiet times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.centres.opening import SHANGHAI
from hall.queue.models import QueueHour, QueueTicket, QueueWindow
from hall.queue.records import DESK, forget_requests, note, note_window
from hall.queue.rules import QueueTerms
from hall.queue.views import OPEN_STATES

DAY_OVER = "day_over"


@dataclass
class _Hour:
    taken: int = 0
    called: int = 0
    waited: float = 0.0


async def close_until(
    session: AsyncSession, hall: str, last: date, terms: QueueTerms, *, by: str = DESK
) -> int:
    """Close what is left of the days up to `last` with the reason `day_over`; how many tickets.

    The caller holds the hall. Windows are closed too, the day's hours written down, and tickets from long ago
    name nobody any more.
    """
    now = terms.now
    rows = await session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.hall_code == hall,
            QueueTicket.day <= last,
            QueueTicket.state.in_(OPEN_STATES),
        )
        .order_by(QueueTicket.id)
        .execution_options(populate_existing=True)
    )
    left = rows.all()
    for row in left:
        row.state, row.ended, row.ended_why = "closed", now, DAY_OVER
        note(session, row, "closed", now=now, by=by, detail=DAY_OVER)
    windows = await session.scalars(
        select(QueueWindow)
        .where(QueueWindow.hall_code == hall, QueueWindow.state != "closed")
        .execution_options(populate_existing=True)
    )
    for window in windows:
        window.state, window.since, window.free_since, window.reason = "closed", now, None, ""
        window.staff = window.stand_in = ""
        note_window(session, window, "closed", now=now, by=by, detail=DAY_OVER)
    await session.flush()
    await _keep_hours(session, hall, last)
    await forget_requests(session, now - timedelta(days=1))
    await session.execute(
        update(QueueTicket)
        .where(
            QueueTicket.hall_code == hall,
            QueueTicket.day < last - timedelta(days=terms.rules.named_days),
            QueueTicket.openid.is_not(None),
        )
        .values(openid=None)
    )
    return len(left)


async def _keep_hours(session: AsyncSession, hall: str, last: date) -> None:
    """Count a day's tickets by counter group and the hour they were taken in."""
    rows = await session.execute(
        select(
            QueueTicket.issued_group,
            QueueTicket.arrived,
            QueueTicket.first_called,
            QueueTicket.appointed,
        ).where(QueueTicket.hall_code == hall, QueueTicket.day == last)
    )
    hours: dict[tuple[str, int], _Hour] = defaultdict(_Hour)
    for row in rows:
        hour = hours[row.issued_group, row.arrived.astimezone(SHANGHAI).hour]
        hour.taken += 1
        if row.first_called is not None and row.appointed is None:
            hour.called += 1
            hour.waited += (row.first_called - row.arrived).total_seconds() / 60
    for (group, clock), hour in sorted(hours.items()):
        mean = hour.waited / hour.called if hour.called else 0.0
        values = {"taken": hour.taken, "called": hour.called, "waited_minutes": mean}
        key = {"hall_code": hall, "group_code": group, "day": last, "hour": clock}
        await session.execute(
            insert(session, QueueHour)
            .values(**key, **values)
            .on_conflict_do_update(index_elements=list(key), set_=values)
        )
