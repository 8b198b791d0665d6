"""What the pages of the desk are tested on: citizens with names, their bookings, their notices."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.clock import SHANGHAI
from hall.appointments.models import Booking
from hall.appointments.service import Appointment, Terms, Wish, book
from hall.notices.models import NoticeRow
from hall.people.entries import Draft
from hall.people.service import give_consent, party_of, register, save_own
from hall.staff.service import AuditLine, audit_lines
from tests.console.house import Stage

TUESDAY = date(2026, 12, 1)
WEDNESDAY = date(2026, 12, 2)
NAME = "欧阳静思"
NUMBER = "110101199001011237"
PHONE = "13800138000"


def at(clock: str, day: date = WEDNESDAY) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)


async def citizen(console: Stage, openid: str = "o-one", *, name: str = NAME, number: str = NUMBER) -> int:
    """A citizen who has said who they are."""
    async with console.session() as session:
        now = console.clock()
        citizen_id = await register(session, openid, now=now)
        await give_consent(session, citizen_id, wording="1", now=now)
        draft = Draft(name=name, id_number=number, phone=PHONE)
        await save_own(session, console.house.vault, citizen_id, draft, now=now)
    return citizen_id


async def booked(
    console: Stage,
    citizen_id: int,
    clock: str = "09:30",
    day: date = WEDNESDAY,
    *,
    group: str = "A2",
    hall: str = "main",
    before: timedelta = timedelta(),
) -> Appointment:
    """A confirmed appointment; made so long `before` now, where its time is past."""
    async with console.session() as session:
        party = await party_of(session, citizen_id)
        wish = Wish("GA-0101", hall, group, at(clock, day))
        terms = Terms(console.clock() - before)
        return await book(session, party, wish, key=f"{citizen_id}-{day}-{clock}", terms=terms)


async def missed(console: Stage, citizen_id: int, *days: date) -> list[int]:
    """Appointments that the citizen did not come to."""
    made = []
    for day in days:
        ago = console.clock().astimezone(SHANGHAI).date() - day
        one = await booked(console, citizen_id, day=day, before=ago + timedelta(days=1))
        await _become(console, [one.id], "cancelled")  # so that the next can be booked
        made.append(one.id)
    await _become(console, made, "no_show")
    return made


async def _become(console: Stage, ids: list[int], state: str) -> None:
    async with console.session() as session:
        for booking_id in ids:
            (await session.get_one(Booking, booking_id)).state = state


async def state_of(console: Stage, booking_id: int) -> str:
    async with console.session() as session:
        return (await session.get_one(Booking, booking_id)).state


async def told(console: Stage, *kinds: str) -> list[dict[str, str]]:
    """The values of the notices of these kinds that stand, the oldest first."""
    async with console.session() as session:
        rows = await session.scalars(
            select(NoticeRow)
            .where(NoticeRow.kind.in_(kinds), NoticeRow.state != "withdrawn")
            .order_by(NoticeRow.id)
        )
        return [row.facts for row in rows]


async def audit(console: Stage, action: str) -> list[AuditLine]:
    async with console.session() as session:
        return [line for line in await audit_lines(session) if line.action == action]
