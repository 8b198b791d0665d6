"""A citizen who has come is checked in at the desk, and gets a ticket; what there is to say of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from console.naming import group_name, hall_name, item_name, time_of, when
from console.visit import Visit
from hall.appointments.service import (
    Appointment,
    CheckedIn,
    CheckIn,
    NoSuchCode,
    NotValid,
    OtherDay,
    OtherHall,
    Terms,
    TooEarly,
    TooLate,
    check_in,
)
from hall.people.errors import UnknownCitizen
from hall.people.service import openid_of
from hall.queue.service import NotCheckedIn, QueueShut, QueueTerms, Ticket, UnknownGroup, join


@dataclass(frozen=True, slots=True)
class Said:
    """What became of it; `wrong`: the citizen was not checked in."""

    words: str
    wrong: bool = False


async def arrived(visit: Visit, session: AsyncSession, code: str) -> Said:
    """Check in by a code in the hall that is looked at, with the ticket, in the caller's transaction."""
    terms = Terms(visit.now, visit.house.booking_rules)
    found = await check_in(session, code, hall=visit.hall, terms=terms, by=visit.account.login)
    if isinstance(found, CheckedIn):
        return await _in_time(visit, session, found)
    if isinstance(found, TooLate) and not found.missed:
        return await _late(visit, session, found)
    return Said(refused(visit, found), wrong=True)


async def _in_time(visit: Visit, session: AsyncSession, found: CheckedIn) -> Said:
    try:
        ticket = await _ticket(visit, session, found.booking, priority=True)
    except NotCheckedIn:  # of another day
        return Said(f"这个预约是 {when(found.booking.starts)} 的,那天已经签到过。", wrong=True)
    lead = "早先已经签到" if found.again else "签到好了"
    if not found.again:
        visit.record(session, "booking_checked_in", f"booking:{found.booking.id}", ticket.number)
    return Said(f"{lead}:{ticket.number} 号。{_where(visit, found.booking)},预约优先叫号。")


async def _late(visit: Visit, session: AsyncSession, found: TooLate) -> Said:
    came = f"约的是 {time_of(found.booking.starts)},{time_of(found.closed)} 截止签到,迟到不算爽约,但没有优先"
    try:
        ticket = await _ticket(visit, session, found.booking, priority=False)
    except (QueueShut, UnknownGroup):
        return Said(f"{came};这组窗口现在不发号,请改约。", wrong=True)
    if not ticket.again:
        visit.record(session, "booking_late", f"booking:{found.booking.id}", ticket.number)
    return Said(f"{came}。给普通号 {ticket.number}。{_where(visit, found.booking)}。")


async def _ticket(visit: Visit, session: AsyncSession, booking: Appointment, *, priority: bool) -> Ticket:
    try:
        openid = await openid_of(session, booking.citizen_id)
    except UnknownCitizen:
        openid = ""
    return await join(
        session,
        hall=booking.hall,
        group=booking.group,
        openid=openid,
        item_code=booking.item_code,
        booking_id=booking.id if priority else None,
        # For who has no account any more: the same booking gets the same ticket.
        key=f"booking-{booking.id}",
        by=visit.account.login,
        terms=QueueTerms(visit.now, visit.house.queue_rules),
    )


async def walked_in(visit: Visit, session: AsyncSession, group: str, *, key: str) -> Said:
    """Give an ordinary number at a counter group, in the caller's transaction.

    `key` tells a press from its repetition.
    """
    terms = QueueTerms(visit.now, visit.house.queue_rules)
    name = group_name(visit.house.library.view, visit.hall, group)
    try:
        ticket = await join(
            session,
            hall=visit.hall,
            group=group,
            key=f"desk-{key}" if key else "",
            by=visit.account.login,
            terms=terms,
        )
    except UnknownGroup:
        return Said("请选一组窗口。", wrong=True)
    except QueueShut as shut:
        return Said(f"{name} {_shut(shut)}", wrong=True)
    if not ticket.again:
        visit.record(session, "ticket_given", f"ticket:{ticket.id}", ticket.number)
    return Said(f"取好了:{ticket.number} 号,{name}。")


def _shut(shut: QueueShut) -> str:
    match shut.why:
        case "early":
            return f"还没到发号的时间,{time_of(shut.opens)} 起发号。" if shut.opens else "还没到发号的时间。"
        case "over":
            return "今天的号发完了,可以给本人约明天。"
        case "closed":
            return "今天不办理。"
        case _:
            return f"今天停发号了:{shut.reason}。"


def _where(visit: Visit, booking: Appointment) -> str:
    view = visit.house.library.view
    return f"{item_name(view, booking.item_code)},{group_name(view, booking.hall, booking.group)}"


def refused(visit: Visit, found: CheckIn) -> str:
    """Why nobody was checked in, and what can be done."""
    if isinstance(found, NoSuchCode):
        return "没有这个签到码,请核对 8 位数字。"
    if isinstance(found, TooEarly):
        when_, opens = time_of(found.booking.starts), time_of(found.opens)
        return f"来早了:约的是 {when_},{opens} 起可以签到。等不及可以取普通号。"
    if isinstance(found, OtherDay):
        return f"约的不是今天,是 {when(found.booking.starts)}。今天要办,可以取普通号。"
    if isinstance(found, OtherHall):
        where = hall_name(visit.house.library.view, found.booking.hall)
        return f"约的不是本厅,是{where},{when(found.booking.starts)}。"
    if isinstance(found, NotValid):
        return "这个预约已经取消。今天要办,可以取普通号。"
    if isinstance(found, TooLate):
        return f"约的是 {time_of(found.booking.starts)},已经记为爽约。今天要办,可以取普通号。"
    raise AssertionError(found)
