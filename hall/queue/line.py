"""Who waits in a hall, and which counters are there, as they are read for the order and the estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.models import QueueTicket, QueueWindow
from hall.queue.order import Place, in_line, may_call
from hall.queue.rules import QueueTerms


@dataclass(frozen=True, slots=True)
class Waiting:
    """What else there is to know of a waiting ticket."""

    id: int
    number: str
    group: str
    item_code: str
    openid: str | None
    passes: int
    soon_told: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a hall: the places in order, the tickets by id, the windows that are not closed."""

    places: tuple[Place, ...]
    waiting: dict[int, Waiting]
    windows: tuple[QueueWindow, ...]

    @property
    def there(self) -> frozenset[int]:
        """The windows that are not closed."""
        return frozenset(window.id for window in self.windows)

    def group_of(self, ticket_id: int) -> str:
        """The counter group a ticket waits at."""
        return self.waiting[ticket_id].group

    def of_window(self, window: QueueWindow) -> list[Place]:
        """Those whom a window may call, in order."""
        there = self.there
        return [place for place in self.places if may_call(place, window.id, window.groups, there)]

    def of_group(self, group: str) -> list[Place]:
        """Those who wait at a counter group, in order."""
        return [place for place in self.places if place.group == group]


async def load_line(session: AsyncSession, hall: str, terms: QueueTerms) -> Line:
    """The line of a hall as it stands."""
    ticket = QueueTicket
    rows = await session.execute(
        select(
            ticket.id,
            ticket.group_code,
            ticket.place,
            ticket.since,
            ticket.appointed,
            ticket.only_window,
            ticket.comes_back,
            ticket.number,
            ticket.item_code,
            ticket.openid,
            ticket.passes,
            ticket.soon_told,
        ).where(ticket.hall_code == hall, ticket.day == terms.day, ticket.state == "waiting")
    )
    places, waiting = [], {}
    for row in rows:
        places.append(
            Place(
                row.id,
                row.group_code,
                row.place,
                row.since,
                row.appointed,
                row.only_window,
                row.comes_back,
            )
        )
        waiting[row.id] = Waiting(
            row.id, row.number, row.group_code, row.item_code, row.openid, row.passes, row.soon_told
        )
    return Line(tuple(in_line(places)), waiting, tuple(await load_windows(session, hall)))


async def load_windows(
    session: AsyncSession, hall: str, *, states: Sequence[str] = ("open", "paused")
) -> Sequence[QueueWindow]:
    """The windows of a hall in these states, in the order of their names."""
    rows = await session.scalars(
        select(QueueWindow)
        .where(QueueWindow.hall_code == hall, QueueWindow.state.in_(states))
        .order_by(QueueWindow.name, QueueWindow.id)
        .execution_options(populate_existing=True)
    )
    return rows.all()
