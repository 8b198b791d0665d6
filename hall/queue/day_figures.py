"""For staff: a day of the queue in figures, by counter group, and where no tickets are given today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.models import QueueStop, QueueTicket
from hall.queue.views import AT_WINDOW


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What came of a day's tickets at a counter group. Minutes are means, None where nothing was measured.

    `wait_minutes` is from taking a ticket to the first call, of those without an appointment.
    """

    group: str
    taken: int
    booked: int
    waiting: int
    at_window: int
    served: int
    passed: int
    left: int
    wait_minutes: float | None
    longest_wait: float | None
    visit_minutes: float | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A counter group that gives no more tickets today."""

    group: str
    by: str
    reason: str
    at: datetime


async def day_figures(session: AsyncSession, hall: str, day: date) -> dict[str, GroupFigures]:
    """The figures of a day (Asia/Shanghai) by counter group; groups without tickets are left out."""
    rows = await session.scalars(
        select(QueueTicket)
        .where(QueueTicket.hall_code == hall, QueueTicket.day == day)
        .execution_options(populate_existing=True)
    )
    by_group: dict[str, list[QueueTicket]] = {}
    for row in rows:
        by_group.setdefault(row.group_code, []).append(row)
    return {group: _figures(group, found) for group, found in sorted(by_group.items())}


async def stops(session: AsyncSession, hall: str, day: date) -> dict[str, Stop]:
    """The counter groups of a hall that staff stopped on a day."""
    rows = await session.scalars(
        select(QueueStop)
        .where(QueueStop.hall_code == hall, QueueStop.day == day)
        .execution_options(populate_existing=True)
    )
    return {row.group_code: Stop(row.group_code, row.by, row.reason, row.at) for row in rows}


def _figures(group: str, rows: Sequence[QueueTicket]) -> GroupFigures:
    states = [row.state for row in rows]
    waits = [
        (row.first_called - row.arrived).total_seconds() / 60
        for row in rows
        if row.first_called is not None and row.appointed is None
    ]
    visits = [row.busy_seconds / 60 for row in rows if row.state == "finished" and row.busy_seconds > 0]
    return GroupFigures(
        group=group,
        taken=len(rows),
        booked=sum(row.booking_id is not None for row in rows),
        waiting=sum(state in {"waiting", "held"} for state in states),
        at_window=sum(state in AT_WINDOW for state in states),
        served=states.count("finished"),
        passed=sum(row.passes > 0 or row.state == "missed" for row in rows),
        left=states.count("left") + states.count("closed"),
        wait_minutes=_mean(waits),
        longest_wait=max(waits, default=None),
        visit_minutes=_mean(visits),
    )


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
