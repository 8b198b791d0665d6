"""How good the waiting times were that citizens were told, for the console: told against what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.centres.opening import SHANGHAI
from hall.queue.models import QueueTicket

# The error of a wait shorter than this is told as if it had been so long.
_SHORTEST_MINUTES = 1.0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The tickets that were told a range and then called: how many, and what came of it.

    `covered`: the share within the range as it was told (whole minutes); `error_minutes`: the median distance
    from the middle; `error_share`: the median of that distance against the wait; `late_share`: the share who
    waited longer than the range.
    """

    tickets: int
    covered: float
    error_minutes: float
    error_share: float
    late_share: float
    median_wait: float


async def accuracy(
    session: AsyncSession, hall: str, since: datetime, *, group: str | None = None
) -> Accuracy | None:
    """The accuracy of what was told since a moment; None where nobody was called since."""
    ticket = QueueTicket
    wanted = [
        ticket.hall_code == hall,
        ticket.day >= since.astimezone(SHANGHAI).date(),
        ticket.arrived >= since,
        ticket.first_called.is_not(None),
        ticket.told_middle.is_not(None),
    ]
    if group is not None:
        wanted.append(ticket.issued_group == group)
    rows = await session.execute(
        select(
            ticket.arrived, ticket.first_called, ticket.told_low, ticket.told_middle, ticket.told_high
        ).where(*wanted)
    )
    told = [
        Told((called - arrived).total_seconds() / 60, low or 0.0, middle or 0.0, high or 0.0)
        for arrived, called, low, middle, high in rows
        if called is not None
    ]
    return summed_up(told) if told else None


@dataclass(frozen=True, slots=True)
class Told:
    """What was told once, in minutes, and how long it took."""

    waited: float
    low: float
    middle: float
    high: float

    @property
    def error(self) -> float:
        """How far the middle was off, in minutes."""
        return abs(self.middle - self.waited)

    @property
    def late(self) -> bool:
        """Whether it took longer than was told, in whole minutes."""
        return self.waited > _up(self.high)

    @property
    def early(self) -> bool:
        """Whether it went faster than was told, in whole minutes."""
        return self.waited < int(self.low)


def summed_up(told: list[Told]) -> Accuracy:
    """The accuracy of what was told. Pure."""
    number = len(told)
    late = sum(one.late for one in told)
    early = sum(one.early for one in told)
    return Accuracy(
        tickets=number,
        covered=(number - late - early) / number,
        error_minutes=median(one.error for one in told),
        error_share=median(one.error / max(one.waited, _SHORTEST_MINUTES) for one in told),
        late_share=late / number,
        median_wait=median(one.waited for one in told),
    )


def _up(minutes: float) -> int:
    return -int(-minutes // 1)
