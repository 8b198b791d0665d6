"""A small centre and its citizens, for the tests of the appointments desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import insert, select

from hall.appointments import service as desk
from hall.appointments.service import Appointment, BookingRules, Terms, Wish
from hall.centres.intake import import_centre
from hall.centres.opening import SHANGHAI
from hall.centres.schema import parse_centre
from hall.db import Sessions
from hall.people.models import Citizen
from hall.people.proxies import Party

# Tuesday, 10:00 in Shanghai. 12 December 2026 is a Saturday.
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 12, 2)
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00,13:30-17:00") | {"sat": "09:00-12:00"}
CENTRE = {
    "centres": [{"code": "anlan", "name": "安澜区政务服务中心"}],
    "halls": [
        {"code": "main", "centre": "anlan", "name": "主厅", "hours": WEEK},
        {"code": "branch", "centre": "anlan", "name": "分厅", "hours": WEEK},
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区 1–2 号窗口"},  # 2 counters, 4 places a slot
        {"hall": "main", "group": "B", "name": "B 区 5 号窗口"},  # 2 places a slot
        {"hall": "branch", "group": "F", "name": "F 区 1–10 号窗口"},  # 20 places a slot
    ],
}


def terms(after: timedelta = timedelta(), *, rules: BookingRules | None = None, seed: int = 1) -> Terms:
    """The terms of a request that comes so long after the beginning."""
    return Terms(NOW + after, rules or BookingRules(), Random(seed))


def at(clock: str, day: date = WEDNESDAY) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)


def wish(clock: str = "09:30", day: date = WEDNESDAY, group: str = "B", **more: object) -> Wish:
    hall = "branch" if group == "F" else "main"
    return replace(Wish("GA-0101", hall, group, at(clock, day)), **more)  # type: ignore[arg-type]


async def open_centre(sessions: Sessions) -> Sessions:
    async with sessions.begin() as session:
        await import_centre(session, parse_centre(CENTRE))
    return sessions


async def citizens(sessions: Sessions, number: int, *, first: int = 0) -> list[Party]:
    """So many new citizens, of whom nothing is known but their accounts."""
    names = [f"o-{first + count}" for count in range(number)]
    async with sessions.begin() as session:
        await session.execute(insert(Citizen), [{"openid": name, "created": NOW} for name in names])
        rows = await session.execute(select(Citizen.openid, Citizen.id).where(Citizen.openid.in_(names)))
        ids = {row.openid: row.id for row in rows}
    return [Party(ids[name]) for name in names]


async def citizen(sessions: Sessions, number: int = 0) -> Party:
    (party,) = await citizens(sessions, 1, first=number)
    return party


async def booked(
    sessions: Sessions, party: Party, wanted: Wish | None = None, *, key: str = "", on: Terms | None = None
) -> Appointment:
    """A confirmed appointment, in a transaction of its own."""
    wanted = wanted or wish()
    async with sessions.begin() as session:
        return await desk.book(
            session, party, wanted, key=key or f"{wanted.starts:%d%H%M}", terms=on or terms()
        )


async def fill(sessions: Sessions, wanted: Wish, *, first: int = 1000, places: int = 2) -> list[Appointment]:
    """Take all places of a slot, one citizen each."""
    parties = await citizens(sessions, places, first=first)
    return [await booked(sessions, party, wanted) for party in parties]


async def free(sessions: Sessions, wanted: Wish, *, on: Terms | None = None) -> int:
    """The free places of a slot, as a citizen is shown them."""
    async with sessions() as session:
        found = await desk.free_slots(
            session, wanted.hall, wanted.group, wanted.starts.date(), terms=on or terms()
        )
    return next(slot.free for slot in found.slots if slot.starts == wanted.starts)


def starts_of(slots: Sequence[desk.FreeSlot]) -> list[str]:
    return [f"{slot.starts.astimezone(SHANGHAI):%d %H:%M}" for slot in slots]
