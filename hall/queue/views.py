"""What the queue's desk gives: tickets, windows, the hall's board, a look ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hall.queue.models import QueueTicket, QueueWindow

# held: filling in a form (挂起); passed: not there when called, may come back; missed: passed for good.
TicketState = Literal[
    "waiting", "called", "serving", "held", "passed", "finished", "left", "missed", "closed"
]
WindowState = Literal["open", "paused", "closed"]

OPEN_STATES = ("waiting", "called", "serving", "held", "passed")
AT_WINDOW = ("called", "serving")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. `again`: this was done before, and nothing was changed now.

    `window` names the counter that called it (or where it is to go). Moments are aware.
    """

    id: int
    number: str
    state: TicketState
    hall: str
    group: str
    day: date
    openid: str
    item_code: str
    booking_id: int | None
    appointed: datetime | None
    arrived: datetime
    window_id: int | None
    window: str
    recalls: int
    passes: int
    called: datetime | None
    started: datetime | None
    ended: datetime | None
    ended_why: str
    again: bool = False

    @classmethod
    def of(cls, row: QueueTicket, *, again: bool = False) -> Ticket:
        """The ticket of a row."""
        return cls(
            id=row.id,
            number=row.number,
            state=row.state,  # type: ignore[arg-type]  # the desk writes no other
            hall=row.hall_code,
            group=row.group_code,
            day=row.day,
            openid=row.openid or "",
            item_code=row.item_code,
            booking_id=row.booking_id,
            appointed=row.appointed,
            arrived=row.arrived,
            window_id=row.window_id,
            window=row.window_name,
            recalls=row.recalls,
            passes=row.passes,
            called=row.called,
            started=row.started,
            ended=row.ended,
            ended_why=row.ended_why,
            again=again,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A counter (窗口): which groups it serves, by whom, and what it is doing. `ticket`: who is there."""

    id: int
    hall: str
    name: str
    groups: tuple[str, ...]
    state: WindowState
    staff: str
    stand_in: str
    reason: str
    since: datetime
    ticket: Ticket | None = None

    @classmethod
    def of(cls, row: QueueWindow, ticket: QueueTicket | None = None) -> Window:
        """The window of a row, and the ticket that is there."""
        return cls(
            id=row.id,
            hall=row.hall_code,
            name=row.name,
            groups=tuple(row.groups),
            state=row.state,  # type: ignore[arg-type]  # the desk writes no other
            staff=row.staff,
            stand_in=row.stand_in,
            reason=row.reason,
            since=row.since,
            ticket=Ticket.of(ticket) if ticket is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """A waiting time as it is told: whole minutes, in 8 of 10 cases between `low` and `high`.

    `today`: False where it may not be one's turn before the counters close for the day.
    """

    low: int
    high: int
    middle: float
    today: bool = True


@dataclass(frozen=True, slots=True)
class TicketView:
    """A citizen's ticket as they are shown it. `wait` is None where nothing can be said (no counter open).

    `ahead`: how many are called before; `windows`: how many counters of the group are open.
    """

    id: int
    number: str
    state: TicketState
    hall: str
    group: str
    item_code: str
    ahead: int
    wait: Wait | None
    window: str
    windows: int
    arrived: datetime
    appointed: datetime | None
    can_come_back: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A number called out, as the screen shows and speaks it; ids grow."""

    id: int
    number: str
    window: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Who waits at a counter group: how many, and the numbers of the next."""

    group: str
    waiting: int
    next: tuple[str, ...]
    windows: int
    wait: Wait | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The hall as its screen and console show it, all of it; `revision` tells two of them apart."""

    hall: str
    revision: int
    windows: tuple[Window, ...]
    groups: tuple[GroupLine, ...]
    next: tuple[str, ...]
    calls: tuple[Call, ...]
    held: tuple[Ticket, ...] = ()
    passed: tuple[Ticket, ...] = ()
