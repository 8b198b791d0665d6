"""Windows (窗口): opened by a member of staff, paused with a reason, given a stand-in (AB 岗), closed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.errors import (
    NotYourWindow,
    ReasonMissing,
    UnknownGroup,
    WindowBusy,
    WindowNotOpen,
    WindowTaken,
)
from hall.queue.groups import group_days
from hall.queue.models import QueueWindow
from hall.queue.records import at_window, note_window
from hall.queue.rules import QueueTerms
from hall.queue.state import hold_hall, window_of
from hall.queue.turning import turned
from hall.queue.views import Ticket, Window


async def open_window(
    session: AsyncSession,
    *,
    hall: str,
    group: str,
    name: str,
    by: str,
    also: Sequence[str] = (),
    terms: QueueTerms,
) -> Window:
    """Open a window for a counter group (and `also` others). Again, by the same person, sets its groups.

    A window that its owner paused is open again. Raises UnknownGroup, WindowTaken, ValueError for no name.
    """
    name, by = name.strip()[:60], by.strip()[:100]
    if not name or not by:
        raise ValueError("a window has a name and somebody who opens it")
    await hold_hall(session, hall, terms)
    groups = list(dict.fromkeys((group, *also)))
    known = await group_days(session, hall, terms)
    if unknown := [code for code in groups if code not in known]:
        raise UnknownGroup(f"{hall}/{unknown[0]}")
    row = await session.scalar(
        select(QueueWindow)
        .where(QueueWindow.hall_code == hall, QueueWindow.name == name)
        .execution_options(populate_existing=True)
    )
    if row is None:
        row = QueueWindow(hall_code=hall, name=name, groups=groups, state="closed", since=terms.now)
        session.add(row)
    elif row.state != "closed" and by not in {row.staff, row.stand_in}:
        raise WindowTaken(Window.of(row))
    if row.state == "closed":
        row.staff, row.stand_in = by, ""
    if row.state != "open":
        row.state, row.since, row.reason, row.free_since = "open", terms.now, "", None
    row.groups = groups
    await session.flush()
    note_window(session, row, "opened", now=terms.now, by=by, detail=",".join(groups))
    await turned(session, hall, terms, days=known)
    return await shown(session, row)


async def pause_window(
    session: AsyncSession, *, window_id: int, by: str, reason: str, terms: QueueTerms
) -> Window:
    """Pause a window (暂停服务): it calls nobody; who is there is served to the end. Again is harmless.

    Raises UnknownWindow, WindowNotOpen (closed), ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing("a pause has a reason")
    row = await held_window(session, window_id, terms)
    if row.state == "closed":
        raise WindowNotOpen(await shown(session, row))
    if row.state == "open":
        row.state, row.since, row.free_since = "paused", terms.now, None
        note_window(session, row, "paused", now=terms.now, by=by, detail=reason.strip())
    row.reason = reason.strip()[:300]
    await turned(session, row.hall_code, terms)
    return await shown(session, row)


async def resume_window(session: AsyncSession, *, window_id: int, by: str, terms: QueueTerms) -> Window:
    """Open a paused window again; harmless where it is open. Raises UnknownWindow, WindowNotOpen (closed)."""
    row = await held_window(session, window_id, terms)
    if row.state == "closed":
        raise WindowNotOpen(await shown(session, row))
    if row.state == "paused":
        row.state, row.since, row.reason = "open", terms.now, ""
        note_window(session, row, "resumed", now=terms.now, by=by)
    await turned(session, row.hall_code, terms)
    return await shown(session, row)


async def close_window(session: AsyncSession, *, window_id: int, by: str, terms: QueueTerms) -> Window:
    """Close a window for the day; again is harmless.

    Raises UnknownWindow, WindowBusy while a ticket is there. Tickets that were to go to it alone are then
    called by any window of their group.
    """
    row = await held_window(session, window_id, terms)
    if (ticket := await at_window(session, window_id)) is not None:
        raise WindowBusy(Ticket.of(ticket))
    if row.state != "closed":
        row.state, row.since, row.reason, row.free_since = "closed", terms.now, "", None
        note_window(session, row, "closed", now=terms.now, by=by)
        row.staff = row.stand_in = ""
    await turned(session, row.hall_code, terms)
    return await shown(session, row)


async def set_stand_in(
    session: AsyncSession, *, window_id: int, staff: str, by: str, terms: QueueTerms
) -> Window:
    """Let somebody act at a window besides who opened it (AB 岗); an empty `staff` ends that.

    Raises UnknownWindow, WindowNotOpen (closed).
    """
    row = await held_window(session, window_id, terms)
    if row.state == "closed":
        raise WindowNotOpen(await shown(session, row))
    if row.stand_in != staff.strip():
        row.stand_in = staff.strip()[:100]
        note_window(session, row, "stand_in", now=terms.now, by=by, detail=row.stand_in)
    await turned(session, row.hall_code, terms)
    return await shown(session, row)


async def held_window(session: AsyncSession, window_id: int, terms: QueueTerms) -> QueueWindow:
    """The window, its hall held. Raises UnknownWindow."""
    row = await window_of(session, window_id)
    await hold_hall(session, row.hall_code, terms)
    return await window_of(session, window_id)


async def own_window(session: AsyncSession, window_id: int, by: str, terms: QueueTerms) -> QueueWindow:
    """The window, its hall held, for whoever acts at it. Raises UnknownWindow, NotYourWindow."""
    row = await held_window(session, window_id, terms)
    if by not in {row.staff, row.stand_in} or not by:
        raise NotYourWindow(await shown(session, row))
    return row


async def shown(session: AsyncSession, row: QueueWindow) -> Window:
    """The window with the ticket that is there."""
    return Window.of(row, await at_window(session, row.id))
