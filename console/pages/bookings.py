"""The bookings of a day (当日预约): who comes when, and checking in."""

from __future__ import annotations

import secrets
from collections import Counter as Count
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from console.arriving import arrived, walked_in
from console.booking_words import BOOKINGS, day_address, person_of
from console.fields import day_in
from console.naming import (
    BOOKING_STATES,
    group_name,
    hall_name,
    item_name,
    local_day,
    time_of,
    whole_day,
)
from console.permissions import Entry, get, post
from console.visit import Visit
from hall.appointments.day_sheet import by_code, on_day
from hall.appointments.service import Appointment
from hall.people.naming import masked_names
from hall.staff.service import Role

ENTRIES: tuple[Entry, ...] = (Entry("/console/bookings", "预约", Role.CLERK, 30),)


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/bookings", Role.CLERK, show_day),
        post("/bookings/check-in", Role.CLERK, check_in),
        post("/bookings/find", Role.CLERK, find),
        post("/bookings/ticket", Role.CLERK, give_ticket),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A booking in the table of the day."""

    id: int
    time: str
    counter: str
    item: str
    person: str
    places: int
    code_end: str
    state: str
    tone: str


async def show_day(visit: Visit) -> web.StreamResponse:
    """The bookings of a day in the hall that is looked at."""
    return await _day_page(visit)


async def _day_page(visit: Visit, status: int = 200, *, wrong: str = "", code: str = "") -> web.Response:
    today = local_day(visit.now)
    query = visit.request.query
    day, group = day_in(query.get("day", ""), today), query.get("group", "")
    view = visit.house.library.view
    async with visit.reading() as session:
        booked = await on_day(session, visit.hall, day)
        ids = [one.person_id for one in booked if one.person_id is not None]
        names = await masked_names(session, visit.house.vault, ids)
    shown = [one for one in booked if group in ("", one.group)]
    return visit.page(
        "bookings.html",
        status,
        hall=hall_name(view, visit.hall),
        day=day,
        heading=whole_day(day),
        today=today,
        earlier=day_address(day - timedelta(days=1), group),
        later=day_address(day + timedelta(days=1), group),
        now_address=day_address(today, group),
        group=group,
        groups=[
            (counter.group, group_name(view, visit.hall, counter.group))
            for counter in view.counters_of(visit.hall)
        ],
        rows=[_row(visit, one, names) for one in shown],
        counts=_counts(shown),
        wrong=wrong,
        code=code,
        hall_code=visit.hall,
        key=secrets.token_hex(8),
        is_today=day == today,
    )


def _row(visit: Visit, one: Appointment, names: dict[int, str]) -> Row:
    view = visit.house.library.view
    state, tone = BOOKING_STATES[one.state]
    return Row(
        id=one.id,
        time=time_of(one.starts),
        counter=group_name(view, one.hall, one.group),
        item=item_name(view, one.item_code),
        person=person_of(one, names),
        places=one.places,
        code_end=one.code[-4:],
        state=state,
        tone=tone,
    )


def _counts(shown: Sequence[Appointment]) -> list[tuple[str, int]]:
    found: Count[str] = Count(one.state for one in shown)
    return [(words, found[state]) for state, (words, _) in BOOKING_STATES.items() if found[state]]


async def check_in(visit: Visit) -> web.StreamResponse:
    """Check in by the code that the citizen says; the ticket's number is shown."""
    code = "".join(visit.form.get("code", "").split())
    if not visit.hall:
        return visit.go(BOOKINGS, "没有您可以操作的大厅。", wrong=True)
    if not code:
        return await _day_page(visit, 400, wrong="请输入签到码。")
    async with visit.writing(f"queue:{visit.hall}", "notices") as session:
        said = await arrived(visit, session, code)
    if said.wrong:
        return await _day_page(visit, 409, wrong=said.words, code=code[:12])
    return visit.go(BOOKINGS, said.words)


async def give_ticket(visit: Visit) -> web.StreamResponse:
    """Give a number to somebody who stands there without a phone; pressed twice it is one number."""
    hall, group = visit.form.get("hall", ""), visit.form.get("ticket_group", "")
    visit.must_reach(hall)
    visit.choose_hall(hall)
    async with visit.writing(f"queue:{hall}", "notices") as session:
        said = await walked_in(visit, session, group, key=visit.form.get("key", "")[:64])
    if said.wrong:
        return await _day_page(visit, 409, wrong=said.words)
    return visit.go(BOOKINGS, said.words)


async def find(visit: Visit) -> web.StreamResponse:
    """Go to the booking of a code."""
    code = "".join(visit.form.get("code", "").split())
    async with visit.reading() as session:
        found = await by_code(session, code) if code else None
    if found is None:
        return await _day_page(visit, 404, wrong="没有这个签到码,请核对 8 位数字。", code=code[:12])
    if not any(hall.code == found.hall for hall in visit.halls):
        where = hall_name(visit.house.library.view, found.hall)
        return await _day_page(visit, 403, wrong=f"这个预约在{where},不归本厅管。", code=code[:12])
    return visit.go(f"{BOOKINGS}/{found.id}")
