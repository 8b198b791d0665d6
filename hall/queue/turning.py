"""What follows every change of a hall's queue, in the same transaction: estimates anew, notices told.

快到您了 goes out with so many ahead or so many minutes to go, whichever comes first, once for each time a
ticket waits; who sees in the answer to taking their ticket that it is nearly their turn is not told again.
What no longer holds is withdrawn. Tickets without an openid are told by the hall's screen alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.notices.service import Kind, Notice, tell, withdraw
from hall.queue.errors import UnknownGroup
from hall.queue.estimating import Outlined, outlined
from hall.queue.groups import GroupDay
from hall.queue.models import QueueTicket
from hall.queue.rules import QueueTerms

# So long after the moment it tells of, a notice is of no use.
_SOON_USEFUL = timedelta(minutes=20)
_CALLED_USEFUL = timedelta(minutes=5)
_PASSED_USEFUL = timedelta(hours=2)


async def turned(
    session: AsyncSession,
    hall: str,
    terms: QueueTerms,
    *,
    joined: QueueTicket | None = None,
    called: QueueTicket | None = None,
    over: QueueTicket | None = None,
    days: Mapping[str, GroupDay] | None = None,
) -> None:
    """Write down what was changed, and what follows from it for those who wait.

    `joined`: a ticket whose owner is told at once how it stands; `called`: to a window; `over`: no longer
    waiting or called. `days`: the hall's counter groups, where they were read already.
    """
    await session.flush()
    if over is not None:
        await _over(session, over, terms)
    if called is not None:
        await _called(session, called, terms)
    try:
        outline = await outlined(session, hall, terms, arriving=(), days=days)
    except UnknownGroup:  # the hall was withdrawn: who is there is served to the end
        return
    if joined is not None:
        _keep_told(joined, outline, terms)
        await session.flush()
    await tell_soon(session, outline, terms, but=joined.id if joined is not None else None)


def _keep_told(row: QueueTicket, outline: Outlined, terms: QueueTerms) -> None:
    """Keep what the owner of a ticket is told now, to be held against what happens."""
    if _is_soon(row.id, outline, terms):
        row.soon_told = terms.now
    found = outline.found.get(row.id)
    if row.first_called is None and row.told_ahead is None:
        row.told_ahead = outline.ahead.get(row.id, 0)
        if found is not None:
            row.told_low, row.told_middle, row.told_high = found.low, found.middle, found.high


async def tell_soon(
    session: AsyncSession, outline: Outlined, terms: QueueTerms, *, but: int | None = None
) -> int:
    """Tell those whose turn is near and who were not told yet; how many."""
    near = soon(outline, terms, but=but)
    for ticket_id in near:
        await _tell(session, outline, ticket_id, terms)
    if near:
        await session.execute(update(QueueTicket).where(QueueTicket.id.in_(near)).values(soon_told=terms.now))
    return len(near)


def soon(outline: Outlined, terms: QueueTerms, *, but: int | None = None) -> list[int]:
    """The tickets whose owners are to be told now that it is nearly their turn."""
    return [
        place.id
        for place in outline.line.places
        if place.id != but
        and outline.line.waiting[place.id].openid
        and outline.line.waiting[place.id].soon_told is None
        and _is_soon(place.id, outline, terms)
    ]


def _is_soon(ticket_id: int, outline: Outlined, terms: QueueTerms) -> bool:
    found = outline.found.get(ticket_id)
    if found is None:  # no window: nobody's turn is near
        return False
    near = outline.ahead[ticket_id] <= terms.rules.soon_ahead
    called_now = outline.line.group_of(ticket_id) in outline.calling
    return (near and called_now) or found.middle <= terms.rules.soon_minutes


async def _tell(session: AsyncSession, outline: Outlined, ticket_id: int, terms: QueueTerms) -> None:
    ticket, group = outline.line.waiting[ticket_id], outline.line.group_of(ticket_id)
    found = outline.found[ticket_id]
    values = {
        "number": ticket.number,
        "hall": outline.hall,
        "group": group,
        "item": ticket.item_code,
        "ahead": str(outline.ahead[ticket_id]),
        "minutes": str(max(1, round(found.middle))),
    }
    await tell(
        session,
        Notice(
            kind=Kind.CALLING_SOON,
            openid=ticket.openid or "",
            subject=_subject(outline.hall, ticket_id),
            event=f"{group}:{ticket.passes}",
            values=values,
            due=terms.now,
            useful_until=terms.now + _SOON_USEFUL + timedelta(minutes=found.high),
        ),
        now=terms.now,
    )


async def _called(session: AsyncSession, row: QueueTicket, terms: QueueTerms) -> None:
    """Tell the owner of a ticket that it is called (again)."""
    await _drop(session, row, (Kind.CALLING_SOON, Kind.CALLED, Kind.PASSED), terms.now)
    event = f"{row.called or terms.now:%Y%m%dT%H%M%S}:{row.recalls}"
    await _tell_owner(session, row, Kind.CALLED, event, terms.now + _CALLED_USEFUL, terms)


async def _over(session: AsyncSession, row: QueueTicket, terms: QueueTerms) -> None:
    """Withdraw what no longer holds of a ticket, tell its owner where it was passed over."""
    await _drop(session, row, (Kind.CALLING_SOON, Kind.CALLED, Kind.PASSED), terms.now)
    if row.state in {"passed", "missed"}:
        await _tell_owner(session, row, Kind.PASSED, str(row.passes), terms.now + _PASSED_USEFUL, terms)


async def _drop(session: AsyncSession, row: QueueTicket, kinds: Collection[Kind], now: datetime) -> None:
    if row.openid:
        await withdraw(session, _subject(row.hall_code, row.id), kinds=kinds, now=now)


async def _tell_owner(
    session: AsyncSession, row: QueueTicket, kind: Kind, event: str, until: datetime, terms: QueueTerms
) -> None:
    if not row.openid:
        return
    values = {
        "number": row.number,
        "hall": row.hall_code,
        "group": row.group_code,
        "item": row.item_code,
        "window": row.window_name,
        "state": row.state,
        "ahead": str(terms.rules.back_behind),
    }
    if kind is Kind.CALLED:
        values["state"] = "recalled" if row.recalls else "called"
        del values["ahead"]
    await tell(
        session,
        Notice(
            kind=kind,
            openid=row.openid,
            subject=_subject(row.hall_code, row.id),
            event=event,
            values=values,
            due=terms.now,
            useful_until=until,
        ),
        now=terms.now,
    )


def _subject(hall: str, ticket_id: int) -> str:
    return f"ticket:{hall}:{ticket_id}"
