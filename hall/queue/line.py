"""Who waits in a hall, and which counters are there, as they are read for the order and the estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.models import QueueTicket, QueueWindow
from hall.queue.order import Place, in_line
from hall.queue.rules import QueueTerms
from hall.queue.views import AT_WINDOW

# No more than what is needed: a long line is read with every change.
_COLUMNS = (
    QueueTicket.id,
    QueueTicket.state,
    QueueTicket.group_code,
    QueueTicket.place,
    QueueTicket.since,
    QueueTicket.appointed,
    QueueTicket.only_window,
    QueueTicket.comes_back,
    QueueTicket.number,
    QueueTicket.item_code,
    QueueTicket.openid,
    QueueTicket.passes,
    QueueTicket.soon_told,
    QueueTicket.window_id,
    QueueTicket.called,
    QueueTicket.busy_seconds,
)


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
class Busy:
    """A ticket that is at a window, or held: since when, and how long it was at windows before."""

    group: str
    item_code: str
    state: str
    window_id: int | None
    called: datetime | None
    since: datetime
    busy_seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a hall: the places in order, the tickets by id, the windows that are not closed.

    `there` are the tickets at windows, by window; `held` those that fill in a form.
    """

    places: tuple[Place, ...]
    waiting: dict[int, Waiting]
    windows: tuple[QueueWindow, ...]
    there: dict[int, Busy]
    held: tuple[Busy, ...]

    @property
    def staffed(self) -> frozenset[int]:
        """The windows that call. A ticket for one that is paused or closed goes to any of its group."""
        return frozenset(window.id for window in self.windows if window.state == "open")

    def group_of(self, ticket_id: int) -> str:
        """The counter group a ticket waits at."""
        return self.waiting[ticket_id].group

    def of_group(self, group: str) -> list[Place]:
        """Those who wait at a counter group, in order."""
        return [place for place in self.places if place.group == group]


async def load_line(session: AsyncSession, hall: str, terms: QueueTerms) -> Line:
    """The line of a hall as it stands."""
    ticket = QueueTicket
    rows = await session.execute(
        select(*_COLUMNS).where(
            ticket.hall_code == hall,
            ticket.day == terms.day,
            ticket.state.in_(("waiting", "held", *AT_WINDOW)),
        )
    )
    places: list[Place] = []
    waiting: dict[int, Waiting] = {}
    busy: list[Busy] = []
    for row in rows:
        if row.state == "waiting":
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
                row.id,
                row.number,
                row.group_code,
                row.item_code,
                row.openid,
                row.passes,
                row.soon_told,
            )
        else:
            busy.append(
                Busy(
                    row.group_code,
                    row.item_code,
                    row.state,
                    row.window_id,
                    row.called,
                    row.since,
                    row.busy_seconds,
                )
            )
    return Line(
        places=tuple(in_line(places)),
        waiting=waiting,
        windows=tuple(await load_windows(session, hall)),
        there={one.window_id: one for one in busy if one.state in AT_WINDOW and one.window_id is not None},
        held=tuple(one for one in busy if one.state == "held"),
    )


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
