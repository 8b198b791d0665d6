"""Putting a ticket aside (挂起) and taking it back, and handing it to another group or window (转移)."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.errors import NotPossible, UnknownGroup, UnknownWindow, WindowNotOpen
from hall.queue.groups import group_days
from hall.queue.joining import own_ticket
from hall.queue.measuring import stop_clock
from hall.queue.models import QueueTicket
from hall.queue.records import CITIZEN, note, there
from hall.queue.rules import QueueTerms
from hall.queue.state import hold_hall, ticket_of, window_of
from hall.queue.turning import turned
from hall.queue.views import AT_WINDOW, Ticket
from hall.queue.windows import own_window, shown


async def hold_ticket(
    session: AsyncSession,
    *,
    window_id: int,
    by: str,
    ticket_id: int | None = None,
    reason: str = "",
    terms: QueueTerms,
) -> Ticket:
    """Put the ticket at a window aside while its owner fills in a form (挂起); the window is free.

    Again, for the same `ticket_id`, is harmless. Raises UnknownWindow, NotYourWindow, NobodyThere.
    """
    window = await own_window(session, window_id, by, terms)
    if ticket_id is not None:
        row = await ticket_of(session, ticket_id)
        if row.state == "held" and row.window_id == window_id:
            return Ticket.of(row, again=True)
    row = await there(session, window_id, ticket_id)
    stop_clock(row, terms)
    row.state, row.since, row.ended_why = "held", terms.now, reason.strip()[:300]
    window.free_since = terms.now if window.state == "open" else None
    note(session, row, "held", now=terms.now, by=by, detail=reason)
    await turned(session, window.hall_code, terms, over=row)
    return Ticket.of(row)


async def resume(
    session: AsyncSession, *, ticket_id: int, by: str = CITIZEN, openid: str | None = None, terms: QueueTerms
) -> Ticket:
    """The form is filled in: the ticket comes first at the window that put it aside.

    Again is harmless. Raises UnknownTicket, NotPossible.
    """
    row = await ticket_of(session, ticket_id)
    await hold_hall(session, row.hall_code, terms)
    row = await own_ticket(session, ticket_id, openid, terms)
    if row.state == "waiting" and row.comes_back:
        return Ticket.of(row, again=True)
    if row.state != "held":
        raise NotPossible(Ticket.of(row))
    row.state, row.since, row.comes_back, row.ended_why = "waiting", terms.now, True, ""
    row.only_window = row.window_id
    note(session, row, "resumed", now=terms.now, by=by)
    await turned(session, row.hall_code, terms)
    return Ticket.of(row)


async def transfer(
    session: AsyncSession,
    *,
    ticket_id: int,
    by: str,
    to_group: str = "",
    to_window: int | None = None,
    terms: QueueTerms,
) -> Ticket:
    """Hand a ticket to another counter group or to one window; it keeps when it arrived and its priority.

    Again is harmless. A ticket at a window is handed on by who acts there. Raises UnknownTicket,
    UnknownGroup, UnknownWindow, WindowNotOpen (closed), NotYourWindow, NotPossible, ValueError (no target).
    """
    row = await ticket_of(session, ticket_id)
    await hold_hall(session, row.hall_code, terms)
    row = await own_ticket(session, ticket_id, None, terms)
    group = await _target(session, row, to_group, to_window, terms)
    if row.state == "waiting" and (row.group_code, row.only_window) == (group, to_window):
        return Ticket.of(row, again=True)
    if row.state not in {"waiting", "held", *AT_WINDOW}:
        raise NotPossible(Ticket.of(row))
    if row.state in AT_WINDOW and row.window_id is not None:
        window = await own_window(session, row.window_id, by, terms)
        window.free_since = terms.now if window.state == "open" else None
        stop_clock(row, terms)
    note(session, row, "transferred", now=terms.now, by=by, detail=f"{row.group_code} -> {group}")
    row.state, row.group_code, row.only_window = "waiting", group, to_window
    row.comes_back, row.soon_told, row.ended_why = False, None, ""
    await turned(session, row.hall_code, terms, over=row)
    return Ticket.of(row)


async def _target(
    session: AsyncSession, row: QueueTicket, to_group: str, to_window: int | None, terms: QueueTerms
) -> str:
    """The counter group a ticket goes to."""
    if to_window is None and not to_group:
        raise ValueError("a ticket is handed to a group or to a window")
    if to_window is not None:
        window = await window_of(session, to_window)
        if window.hall_code != row.hall_code:
            raise UnknownWindow(to_window)
        if window.state == "closed":
            raise WindowNotOpen(await shown(session, window))
        if not to_group:
            return row.group_code if row.group_code in window.groups else window.groups[0]
    if to_group not in await group_days(session, row.hall_code, terms):
        raise UnknownGroup(f"{row.hall_code}/{to_group}")
    return to_group
