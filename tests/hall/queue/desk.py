"""A small centre with windows, for the tests of the queue's desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from hall.appointments.models import Booking, Slot
from hall.centres.intake import import_centre
from hall.centres.models import CounterGroup
from hall.centres.opening import SHANGHAI
from hall.centres.schema import parse_centre
from hall.db import Sessions
from hall.notices.models import NoticeRow
from hall.people.models import Citizen
from hall.queue import service as desk
from hall.queue.models import QueueTicket
from hall.queue.service import QueueRules, QueueTerms, Ticket, Window

TUESDAY = date(2026, 12, 1)
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00,13:30-17:00") | {"sat": "09:00-12:00"}
CENTRE = {
    "centres": [{"code": "anlan", "name": "安澜区政务服务中心"}],
    "halls": [
        {"code": "main", "centre": "anlan", "name": "主厅", "hours": WEEK},
        {"code": "branch", "centre": "anlan", "name": "分厅", "hours": WEEK},
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区 1–8 号窗口", "departments": ["公安局"]},
        {"hall": "main", "group": "B", "name": "B 区 9–10 号窗口"},
        {"hall": "branch", "group": "F", "name": "F 区 1–10 号窗口"},
    ],
}
CLERK = "wang"


def at(clock: str, day: date = TUESDAY) -> datetime:
    """A moment of a day in Shanghai; seconds may be given."""
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)


def on(clock: str = "10:00", day: date = TUESDAY, *, rules: QueueRules | None = None) -> QueueTerms:
    """The terms of what is done at that time."""
    return QueueTerms(at(clock, day), rules or QueueRules())


async def open_centre(sessions: Sessions) -> Sessions:
    async with sessions.begin() as session:
        await import_centre(session, parse_centre(CENTRE))
    return sessions


async def taken(
    sessions: Sessions, name: str = "", clock: str = "10:00", *, group: str = "A", **more: object
) -> Ticket:
    """A ticket taken in a transaction of its own."""
    terms = more.pop("terms", None) or on(clock)
    async with sessions.begin() as session:
        return await desk.join(
            session,
            hall="main",
            group=group,
            openid=name,
            terms=terms,
            **more,  # type: ignore[arg-type]
        )


async def opened(
    sessions: Sessions,
    name: str = "1",
    clock: str = "09:00",
    *,
    group: str = "A",
    by: str = CLERK,
    **more: object,
) -> Window:
    """An open window."""
    async with sessions.begin() as session:
        return await desk.open_window(
            session,
            hall="main",
            group=group,
            name=name,
            by=by,
            terms=on(clock),
            **more,  # type: ignore[arg-type]
        )


async def called(
    sessions: Sessions, window: Window, clock: str = "10:00", *, by: str = CLERK, **more: object
) -> Ticket | None:
    """The next ticket, called to a window."""
    async with sessions.begin() as session:
        return await desk.call_next(
            session,
            window_id=window.id,
            by=by,
            terms=on(clock),
            **more,  # type: ignore[arg-type]
        )


async def appointment(
    sessions: Sessions,
    clock: str,
    code: str,
    *,
    group: str = "A",
    state: str = "confirmed",
    day: date = TUESDAY,
) -> int:
    """A booking of somebody for a time of the day; its id."""
    async with sessions.begin() as session:
        group_id = await session.scalar(select(CounterGroup.id).where(CounterGroup.code == group))
        starts = at(clock, day).astimezone(UTC)
        slot = await session.scalar(select(Slot).where(Slot.group_id == group_id, Slot.starts == starts))
        citizen = Citizen(openid=f"booked-{code}", created=starts - timedelta(days=1))
        session.add(citizen)
        if slot is None:
            slot = Slot(group_id=group_id, starts=starts)
            session.add(slot)
        await session.flush()
        row = Booking(
            code=code,
            citizen_id=citizen.id,
            slot_id=slot.id,
            hall_code="main",
            group_code=group,
            day=day,
            starts=starts,
            ends=starts + timedelta(minutes=30),
            item_code="GA-0101",
            item_version=1,
            places=1,
            state=state,
            created=starts - timedelta(days=1),
        )
        session.add(row)
        await session.flush()
        return row.id


async def state_of(sessions: Sessions, ticket_id: int) -> QueueTicket:
    async with sessions() as session:
        return await session.get_one(QueueTicket, ticket_id)


async def notices(sessions: Sessions, openid: str) -> list[tuple[str, str]]:
    """What a citizen is told, and how each notice stands, in order."""
    async with sessions() as session:
        rows = await session.scalars(
            select(NoticeRow).where(NoticeRow.openid == openid).order_by(NoticeRow.id)
        )
        return [(row.kind, row.state) for row in rows]


async def number_of_notices(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count(NoticeRow.id))) or 0
