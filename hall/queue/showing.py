"""What is shown of the queue: a citizen's own tickets, and the hall's board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.estimating import Outlined, outlined
from hall.queue.line import load_windows
from hall.queue.models import QueueCall, QueueState, QueueTicket
from hall.queue.rules import QueueRules, QueueTerms
from hall.queue.views import (
    AT_WINDOW,
    OPEN_STATES,
    Board,
    Call,
    GroupLine,
    Ticket,
    TicketView,
    Window,
)
from hall.queue.way_back import may_come_back

_NEXT = 5
_CALLS = 20


async def my_tickets(
    session: AsyncSession, openid: str, *, now: datetime, rules: QueueRules | None = None
) -> tuple[TicketView, ...]:
    """A citizen's open tickets of today in all halls, with who is ahead and how long it takes."""
    terms = QueueTerms(now, rules or QueueRules())
    rows = await session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.openid == openid,
            QueueTicket.day == terms.day,
            QueueTicket.state.in_(OPEN_STATES),
        )
        .order_by(QueueTicket.id)
        .execution_options(populate_existing=True)
    )
    halls: dict[str, Outlined] = {}
    views = []
    for row in rows.all():
        if row.hall_code not in halls:
            halls[row.hall_code] = await outlined(session, row.hall_code, terms)
        views.append(_view(row, halls[row.hall_code], terms))
    return tuple(views)


def _view(row: QueueTicket, outline: Outlined, terms: QueueTerms) -> TicketView:
    return TicketView(
        id=row.id,
        number=row.number,
        state=row.state,  # type: ignore[arg-type]  # the desk writes no other
        hall=row.hall_code,
        group=row.group_code,
        item_code=row.item_code,
        ahead=outline.ahead.get(row.id, 0),
        wait=outline.waits.get(row.id),
        window=row.window_name if row.state != "waiting" or row.comes_back else "",
        windows=outline.open_windows(row.group_code),
        arrived=row.arrived,
        appointed=row.appointed,
        can_come_back=row.state == "passed" and may_come_back(row.passes, terms.rules.ways_back),
    )


async def tickets(
    session: AsyncSession, hall: str, *, now: datetime, states: Sequence[str] = OPEN_STATES
) -> tuple[Ticket, ...]:
    """A hall's tickets of today in these states, by number of issue; for the console."""
    rows = await session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.hall_code == hall,
            QueueTicket.day == QueueTerms(now).day,
            QueueTicket.state.in_(states),
        )
        .order_by(QueueTicket.id)
        .execution_options(populate_existing=True)
    )
    return tuple(Ticket.of(row) for row in rows)


async def windows(session: AsyncSession, hall: str, *, now: datetime) -> tuple[Window, ...]:
    """All windows ever opened in a hall, the closed ones with them, each with the ticket that is there."""
    rows = await load_windows(session, hall, states=("open", "paused", "closed"))
    there = await session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.hall_code == hall,
            QueueTicket.day == QueueTerms(now).day,
            QueueTicket.state.in_(AT_WINDOW),
        )
        .execution_options(populate_existing=True)
    )
    by_window = {ticket.window_id: ticket for ticket in there}
    return tuple(Window.of(row, by_window.get(row.id)) for row in rows)


async def board(session: AsyncSession, hall: str, *, now: datetime, rules: QueueRules | None = None) -> Board:
    """The hall as its screen shows it: windows, who waits, the next five, the last calls (oldest first)."""
    terms = QueueTerms(now, rules or QueueRules())
    revision = await session.scalar(select(QueueState.revision).where(QueueState.hall_code == hall))
    outline = await outlined(session, hall, terms)
    calls = await session.scalars(
        select(QueueCall)
        .where(QueueCall.hall_code == hall, QueueCall.day == terms.day)
        .order_by(QueueCall.id.desc())
        .limit(_CALLS)
    )
    aside = await tickets(session, hall, now=now, states=("held", "passed"))
    return Board(
        hall=hall,
        revision=revision or 0,
        windows=tuple(window for window in await windows(session, hall, now=now) if window.state != "closed"),
        groups=tuple(_group(outline, group) for group in outline.groups),
        next=outline.numbers()[:_NEXT],
        calls=tuple(Call(row.id, row.number, row.window_name, row.at) for row in reversed(calls.all())),
        held=tuple(ticket for ticket in aside if ticket.state == "held"),
        passed=tuple(ticket for ticket in aside if ticket.state == "passed"),
    )


def _group(outline: Outlined, group: str) -> GroupLine:
    numbers = outline.numbers(group)
    return GroupLine(
        group, len(numbers), numbers[:_NEXT], outline.open_windows(group), outline.arriving.get(group)
    )
