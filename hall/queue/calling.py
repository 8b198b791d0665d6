"""The window's side: call the next, recall, pass over, serve, finish."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.errors import NotPossible, RecallsSpent, UnknownTicket, WindowBusy, WindowNotOpen
from hall.queue.joining import end
from hall.queue.line import load_line
from hall.queue.measuring import called_after, not_there, visited
from hall.queue.models import QueueCall, QueueTicket, QueueWindow
from hall.queue.order import next_for
from hall.queue.records import at_window, done_before, note, remember, there
from hall.queue.rules import QueueTerms
from hall.queue.state import ticket_of
from hall.queue.turning import turned
from hall.queue.views import Ticket
from hall.queue.way_back import may_come_back
from hall.queue.windows import own_window, shown


async def call_next(
    session: AsyncSession,
    *,
    window_id: int,
    by: str,
    finish: bool = False,
    key: str = "",
    terms: QueueTerms,
) -> Ticket | None:
    """Call the next ticket to a window; None where nobody waits for it.

    The same `key` again, or the same press within two seconds, gives the same ticket (`again`). With a ticket
    at the window: WindowBusy, unless `finish`, which finishes it first. Raises UnknownWindow, NotYourWindow,
    WindowNotOpen.
    """
    window = await own_window(session, window_id, by, terms)
    if (earlier := await done_before(session, _scope(window), key)) is not None:
        return (
            Ticket.of(await ticket_of(session, earlier.ticket_id), again=True) if earlier.ticket_id else None
        )
    current = await at_window(session, window_id)
    if current is not None and _just_called(current, terms):
        return Ticket.of(current, again=True)
    if window.state != "open":
        raise WindowNotOpen(await shown(session, window))
    if current is not None:
        if not finish:
            raise WindowBusy(Ticket.of(current))
        await _finish(session, current, window, by, terms)
    line = await load_line(session, window.hall_code, terms)
    chosen = next_for(line.places, window.id, window.groups, line.staffed)
    if chosen is None:
        remember(session, _scope(window), key, None, terms.now)
        await turned(session, window.hall_code, terms, over=current)
        return None
    row = await ticket_of(session, chosen.id)
    await _call(session, row, window, by, terms)
    remember(session, _scope(window), key, row.id, terms.now)
    await turned(session, window.hall_code, terms, called=row, over=current)
    return Ticket.of(row)


async def recall(
    session: AsyncSession, *, window_id: int, by: str, ticket_id: int | None = None, terms: QueueTerms
) -> Ticket:
    """Call the ticket at a window once more (重呼), up to three times.

    Raises UnknownWindow, NotYourWindow, NobodyThere, NotPossible (being served), RecallsSpent.
    """
    window = await own_window(session, window_id, by, terms)
    row = await there(session, window.id, ticket_id)
    if row.state != "called":
        raise NotPossible(Ticket.of(row))
    if _just_called(row, terms):
        return Ticket.of(row, again=True)
    if row.recalls >= terms.rules.recalls:
        raise RecallsSpent(Ticket.of(row), terms.rules.recalls)
    row.recalls += 1
    row.last_called = terms.now
    _call_out(session, row, terms.now)
    note(session, row, "recalled", now=terms.now, by=by)
    await turned(session, window.hall_code, terms, called=row)
    return Ticket.of(row)


async def pass_over(
    session: AsyncSession, *, window_id: int, by: str, ticket_id: int | None = None, terms: QueueTerms
) -> Ticket:
    """Pass the ticket at a window over (过号): it may come back once (`rejoin`), then it is missed.

    Pressed again for the same `ticket_id` it is harmless. Raises UnknownWindow, NotYourWindow, NobodyThere,
    NotPossible (being served).
    """
    window = await own_window(session, window_id, by, terms)
    if (before := await _done_here(session, window, ticket_id, ("passed", "missed"))) is not None:
        return Ticket.of(before, again=True)
    row = await there(session, window.id, ticket_id)
    if row.state != "called":
        raise NotPossible(Ticket.of(row))
    row.passes += 1
    await not_there(session, row, terms)
    if may_come_back(row.passes, terms.rules.ways_back):
        row.state = "passed"
    else:
        end(row, "missed", terms.now)
    note(session, row, row.state, now=terms.now, by=by)
    _free(window, terms)
    await turned(session, window.hall_code, terms, over=row)
    return Ticket.of(row)


async def serve(
    session: AsyncSession, *, window_id: int, by: str, ticket_id: int | None = None, terms: QueueTerms
) -> Ticket:
    """Say that the citizen is there. Not needed to finish; from then on nobody can pass the ticket over.

    Again is harmless. Raises UnknownWindow, NotYourWindow, NobodyThere.
    """
    window = await own_window(session, window_id, by, terms)
    row = await there(session, window.id, ticket_id)
    if row.state == "serving":
        return Ticket.of(row, again=True)
    row.state, row.started = "serving", terms.now
    note(session, row, "serving", now=terms.now, by=by)
    await turned(session, window.hall_code, terms)
    return Ticket.of(row)


async def finish(
    session: AsyncSession, *, window_id: int, by: str, ticket_id: int | None = None, terms: QueueTerms
) -> Ticket:
    """The visit is over (办结): its time is measured. Pressed again for the same `ticket_id` it is harmless.

    Raises UnknownWindow, NotYourWindow, NobodyThere.
    """
    window = await own_window(session, window_id, by, terms)
    if (before := await _done_here(session, window, ticket_id, ("finished",))) is not None:
        return Ticket.of(before, again=True)
    row = await there(session, window.id, ticket_id)
    await _finish(session, row, window, by, terms)
    await turned(session, window.hall_code, terms, over=row)
    return Ticket.of(row)


async def _finish(
    session: AsyncSession, row: QueueTicket, window: QueueWindow, by: str, terms: QueueTerms
) -> None:
    await visited(session, row, terms)
    if row.started is None:
        row.started = row.called
    end(row, "finished", terms.now)
    note(session, row, "finished", now=terms.now, by=by)
    _free(window, terms)
    # Written before another is called: a window holds one ticket at a time.
    await session.flush()


async def _call(
    session: AsyncSession, row: QueueTicket, window: QueueWindow, by: str, terms: QueueTerms
) -> None:
    await called_after(session, row, window, terms)
    row.state, row.window_id, row.window_name = "called", window.id, window.name
    row.called = row.last_called = terms.now
    row.first_called = row.first_called or terms.now
    row.recalls, row.comes_back, row.only_window = 0, False, None
    window.free_since = None
    _call_out(session, row, terms.now)
    note(session, row, "called", now=terms.now, by=by)
    await session.flush()


def _call_out(session: AsyncSession, row: QueueTicket, now: datetime) -> None:
    session.add(
        QueueCall(
            hall_code=row.hall_code,
            day=row.day,
            ticket_id=row.id,
            number=row.number,
            window_name=row.window_name,
            at=now,
        )
    )


def _free(window: QueueWindow, terms: QueueTerms) -> None:
    window.free_since = terms.now if window.state == "open" else None


def _just_called(row: QueueTicket, terms: QueueTerms) -> bool:
    """Whether the ticket was called so short a while ago that this is the same press."""
    within = timedelta(seconds=terms.rules.same_press_seconds)
    # Another replica's clock may be a little behind.
    return row.state == "called" and row.last_called is not None and abs(terms.now - row.last_called) < within


async def _done_here(
    session: AsyncSession, window: QueueWindow, ticket_id: int | None, states: tuple[str, ...]
) -> QueueTicket | None:
    """The ticket that is meant, where it left this window in one of these states before."""
    if ticket_id is None:
        return None
    try:
        row = await ticket_of(session, ticket_id)
    except UnknownTicket:
        return None
    return row if row.window_id == window.id and row.state in states else None


def _scope(window: QueueWindow) -> str:
    return f"call:{window.id}"
