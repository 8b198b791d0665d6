"""The citizen's side: taking a ticket, giving it back, coming back after being passed over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Booking
from hall.queue.errors import NotCheckedIn, NotPossible, NoWayBack, UnknownTicket
from hall.queue.groups import require_tickets
from hall.queue.line import load_line
from hall.queue.models import QueueTicket
from hall.queue.records import CITIZEN, done_before, note, remember
from hall.queue.rules import QueueTerms
from hall.queue.state import hold_hall, ticket_of
from hall.queue.turning import turned
from hall.queue.views import OPEN_STATES, Ticket
from hall.queue.way_back import may_come_back, place_back


async def join(
    session: AsyncSession,
    *,
    hall: str,
    group: str,
    openid: str = "",
    item_code: str = "",
    booking_id: int | None = None,
    key: str = "",
    by: str = CITIZEN,
    terms: QueueTerms,
) -> Ticket:
    """Take a ticket. A citizen has one open ticket at a counter group a day: it is given again (`again`).

    With `booking_id`, of an appointment that `hall.appointments` checked in, it comes first. Without an
    openid (taken at a machine) a `key` tells a press from its repetition. Raises UnknownGroup, QueueShut,
    NotCheckedIn.
    """
    booking = await _checked_in(session, booking_id, hall, group, terms) if booking_id is not None else None
    await hold_hall(session, hall, terms)
    scope = f"join:{hall}:{group}"
    if (earlier := await done_before(session, scope, key)) is not None and earlier.ticket_id is not None:
        return Ticket.of(await ticket_of(session, earlier.ticket_id), again=True)
    standing = await _standing(session, hall, group, openid, booking_id, terms)
    if standing is not None and not await _promoted(session, standing, booking, terms):
        return Ticket.of(standing, again=True)
    days = None
    if standing is None:
        if booking is None:
            days = await require_tickets(session, hall, group, terms)
        standing = await _new(session, hall, group, openid or None, item_code, booking, terms)
        remember(session, scope, key, standing.id, terms.now)
        note(session, standing, "taken", now=terms.now, by=by)
    await turned(session, hall, terms, joined=standing, days=days)
    return Ticket.of(standing)


async def _checked_in(
    session: AsyncSession, booking_id: int, hall: str, group: str, terms: QueueTerms
) -> Booking:
    """The booking, checked in here today. Raises NotCheckedIn."""
    row = await session.get(Booking, booking_id, populate_existing=True)
    if (
        row is None
        or row.state != "checked_in"
        or (row.hall_code, row.group_code, row.day) != (hall, group, terms.day)
    ):
        raise NotCheckedIn(booking_id)
    return row


async def _standing(
    session: AsyncSession, hall: str, group: str, openid: str, booking_id: int | None, terms: QueueTerms
) -> QueueTicket | None:
    """The ticket there is: of this appointment, whatever became of it, or an open one of the citizen."""
    if booking_id is not None:
        found = await session.scalar(select(QueueTicket).where(QueueTicket.booking_id == booking_id))
        if found is not None:
            return found
    if not openid:
        return None
    rows = await session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.openid == openid,
            QueueTicket.day == terms.day,
            QueueTicket.hall_code == hall,
            QueueTicket.group_code == group,
            QueueTicket.state.in_(OPEN_STATES),
        )
        .order_by(QueueTicket.id)
    )
    return rows.first()


async def _promoted(
    session: AsyncSession, row: QueueTicket, booking: Booking | None, terms: QueueTerms
) -> bool:
    """Whether an ordinary ticket became that of the appointment its owner has now checked in."""
    if booking is None or row.booking_id is not None or row.state != "waiting" or row.passes:
        return False
    row.booking_id, row.appointed, row.item_code = booking.id, booking.starts, booking.item_code
    row.since = terms.now
    note(session, row, "checked_in", now=terms.now, by=CITIZEN)
    await session.flush()
    return True


async def _new(
    session: AsyncSession,
    hall: str,
    group: str,
    openid: str | None,
    item_code: str,
    booking: Booking | None,
    terms: QueueTerms,
) -> QueueTicket:
    last = await session.scalar(
        select(func.max(QueueTicket.serial)).where(
            QueueTicket.hall_code == hall,
            QueueTicket.issued_group == group,
            QueueTicket.day == terms.day,
        )
    )
    serial = (last or 0) + 1
    row = QueueTicket(
        hall_code=hall,
        group_code=group,
        issued_group=group,
        day=terms.day,
        serial=serial,
        number=f"{group}{serial:03d}",
        openid=openid,
        item_code=booking.item_code if booking is not None else item_code,
        booking_id=booking.id if booking is not None else None,
        appointed=booking.starts if booking is not None else None,
        state="waiting",
        arrived=terms.now,
        place=terms.now,
        since=terms.now,
    )
    session.add(row)
    await session.flush()
    return row


async def leave(
    session: AsyncSession, *, openid: str, ticket_id: int, terms: QueueTerms, by: str = CITIZEN
) -> Ticket:
    """Give a ticket back; again is harmless. Raises UnknownTicket, NotPossible (being served, or over)."""
    row = await ticket_of(session, ticket_id)
    await hold_hall(session, row.hall_code, terms)
    row = await own_ticket(session, ticket_id, openid, terms)
    if row.state == "left":
        return Ticket.of(row, again=True)
    if row.state not in {"waiting", "called", "held", "passed"}:
        raise NotPossible(Ticket.of(row))
    end(row, "left", terms.now)
    note(session, row, "left", now=terms.now, by=by)
    await turned(session, row.hall_code, terms, over=row)
    return Ticket.of(row)


async def rejoin(
    session: AsyncSession, *, ticket_id: int, terms: QueueTerms, openid: str | None = None, by: str = CITIZEN
) -> Ticket:
    """Come back after being passed over, once, behind the next few. `openid`: the citizen's own ask.

    Again is harmless. Raises UnknownTicket, NoWayBack, NotPossible.
    """
    row = await ticket_of(session, ticket_id)
    await hold_hall(session, row.hall_code, terms)
    row = await own_ticket(session, ticket_id, openid, terms)
    if row.state == "waiting" and row.passes:
        return Ticket.of(row, again=True)
    if row.state == "missed" or (
        row.state == "passed" and not may_come_back(row.passes, terms.rules.ways_back)
    ):
        raise NoWayBack(Ticket.of(row))
    if row.state != "passed":
        raise NotPossible(Ticket.of(row))
    line = await load_line(session, row.hall_code, terms)
    row.place = place_back(line.of_group(row.group_code), terms.rules.back_behind, terms.now)
    row.state, row.since = "waiting", terms.now
    row.appointed = row.soon_told = row.only_window = None
    note(session, row, "back", now=terms.now, by=by)
    await turned(session, row.hall_code, terms, joined=row)
    return Ticket.of(row)


async def own_ticket(
    session: AsyncSession, ticket_id: int, openid: str | None, terms: QueueTerms
) -> QueueTicket:
    """A ticket of today, of this citizen where one is named. Raises UnknownTicket."""
    row = await ticket_of(session, ticket_id)
    if row.day != terms.day or (openid is not None and row.openid != openid):
        raise UnknownTicket(ticket_id)
    return row


def end(row: QueueTicket, state: str, now: datetime, why: str = "") -> None:
    """End a ticket."""
    row.state, row.ended, row.ended_why = state, now, why[:300]
