"""How many people come when (号源), and where numbers are given today (发号)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from console.fields import Wrong, day_in, read_day, read_number, read_reason
from console.naming import counter_of, group_name, hall_name, local_day, time_of, when, whole_day
from console.permissions import Entry, get, post
from console.refusals import not_found
from console.visit import Visit
from hall.appointments.capacities import DayRooms, GroupRoom, day_rooms, group_room
from hall.appointments.counters import MOST_PLACES
from hall.appointments.service import Terms, set_capacity, set_slot_capacity
from hall.appointments.slots import bookable_until
from hall.centres.opening import DayHours
from hall.queue.day_figures import Stop, stops
from hall.queue.service import QueueTerms, UnknownGroup, resume_group, stop_group
from hall.staff.service import Role
from hall.wording.dates import spans

ENTRIES: tuple[Entry, ...] = (Entry("/console/calendar", "号源", Role.SUPERVISOR, 40),)
HOME: Final = "/console/calendar"
TABS: Final = (
    (HOME, "号源与发号"),
    (f"{HOME}/days", "停业与延时"),
    (f"{HOME}/years", "年度日历"),
)
_MOST_COUNTERS: Final = 200
_MOST_PER: Final = 50


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/calendar", Role.SUPERVISOR, show),
        get("/calendar/group", Role.SUPERVISOR, show_group),
        post("/calendar/capacity", Role.SUPERVISOR, keep_capacity),
        post("/calendar/slots", Role.SUPERVISOR, keep_slots),
        post("/calendar/stop", Role.SUPERVISOR, stop),
        post("/calendar/resume", Role.SUPERVISOR, resume),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A counter group in the table."""

    group: str
    name: str
    hours: str
    room: GroupRoom
    how: str
    stop: Stop | None
    stopped_at: str
    address: str


async def show(visit: Visit) -> web.StreamResponse:
    """The counter groups of the hall: their hours today, their places, whether numbers are given."""
    return await _hall_page(visit)


async def _hall_page(visit: Visit, status: int = 200, *, wrong: str = "") -> web.Response:
    view, today = visit.house.library.view, local_day(visit.now)
    rows = []
    async with visit.reading() as session:
        stopped = await stops(session, visit.hall, today)
        for counter in view.counters_of(visit.hall):
            room = await group_room(session, visit.hall, counter.group, terms=_terms(visit))
            day = await day_rooms(session, visit.hall, counter.group, today, terms=_terms(visit))
            found = stopped.get(counter.group)
            rows.append(
                Row(
                    counter.group,
                    group_name(view, visit.hall, counter.group),
                    _hours(day.hours),
                    room,
                    _how(room),
                    found,
                    time_of(found.at) if found is not None else "",
                    _address(counter.group),
                )
            )
    return visit.page(
        "rooms.html",
        status,
        tabs=TABS,
        hall=hall_name(view, visit.hall),
        hall_code=visit.hall,
        slot=visit.house.booking_rules.slot_minutes,
        today=whole_day(today),
        rows=rows,
        wrong=wrong,
    )


def _hours(hours: DayHours) -> str:
    if hours.state == "unknown":
        return f"{spans(hours.spans)}(放假安排未公布)"
    reason = f"({hours.reason})" if hours.reason else ""
    return f"{spans(hours.spans)}{reason}"


def _how(room: GroupRoom) -> str:
    counters = room.counters if room.counters is not None else room.named_counters
    per = room.per_counter if room.per_counter is not None else room.usual_per_counter
    said = f"{counters} 个窗口 × 每窗 {per} 人"
    return said if room.set_at is not None else f"{said}(默认)"


async def show_group(visit: Visit) -> web.StreamResponse:
    """One counter group: its places, and those of the slots of a day."""
    return await _group_page(visit, visit.request.query.get("group", ""))


async def _group_page(visit: Visit, group: str, status: int = 200, *, wrong: str = "") -> web.Response:
    view, terms = visit.house.library.view, _terms(visit)
    if counter_of(view, visit.hall, group) is None:
        raise not_found()
    today, last = local_day(visit.now), bookable_until(visit.now, terms.rules)
    day = day_in(visit.form.get("day", "") or visit.request.query.get("day", ""), today)
    async with visit.reading() as session:
        room = await group_room(session, visit.hall, group, terms=terms)
        found = await day_rooms(session, visit.hall, group, day, terms=terms)
    return visit.page(
        "rooms_group.html",
        status,
        tabs=TABS,
        hall=hall_name(view, visit.hall),
        hall_code=visit.hall,
        group=group,
        name=group_name(view, visit.hall, group),
        room=room,
        how=_how(room),
        set_at=when(room.set_at) if room.set_at is not None else "",
        day=day,
        heading=whole_day(day),
        hours=_hours(found.hours),
        last=last,
        slots=_slots(visit, found),
        earlier=_address(group, (day - timedelta(days=1)).isoformat()),
        later=_address(group, (day + timedelta(days=1)).isoformat()),
        given=visit.form,
        wrong=wrong,
    )


def _slots(visit: Visit, found: DayRooms) -> list[dict[str, object]]:
    return [
        {
            "field": f"at-{time_of(room.starts)}",
            "time": time_of(room.starts),
            "capacity": room.capacity,
            "own": room.own,
            "taken": room.taken,
            "over": room.taken > room.capacity,
            "past": room.starts <= visit.now,
        }
        for room in found.rooms
    ]


def _address(group: str, day: str = "") -> str:
    return f"{HOME}/group?{urlencode({'group': group} | ({'day': day} if day else {}))}"


async def keep_capacity(visit: Visit) -> web.StreamResponse:
    """Set how many counters take bookings, and how many people each in a slot."""
    hall, group = _place(visit)
    try:
        counters = read_number(visit.form.get("counters", ""), most=_MOST_COUNTERS, what="窗口数")
        per = read_number(visit.form.get("per", ""), most=_MOST_PER, what="每窗人数")
    except Wrong as wrong:
        return await _group_page(visit, group, 400, wrong=wrong.words)
    async with visit.writing() as session:
        capacity = await set_capacity(
            session,
            hall,
            group,
            counters=counters,
            per_counter=per,
            by=visit.account.login,
            now=visit.now,
            rules=visit.house.booking_rules,
        )
        visit.record(session, "capacity_set", f"group:{hall}:{group}", f"{counters} x {per} = {capacity}")
    return visit.go(_address(group), f"设好了:每个时段 {capacity} 人。已经约好的不受影响。")


async def keep_slots(visit: Visit) -> web.StreamResponse:
    """Set the places of single slots of a day; an empty field is the group's own number again."""
    hall, group = _place(visit)
    changed = []
    try:
        day = read_day(visit.form.get("day", ""))
        async with visit.writing() as session:
            found = await day_rooms(session, hall, group, day, terms=_terms(visit))
            for room in found.rooms:
                field = f"at-{time_of(room.starts)}"
                if field not in visit.form:
                    continue
                wanted = read_number(
                    visit.form[field], most=MOST_PLACES, what=f"{time_of(room.starts)} 的人数"
                )
                if wanted == (room.capacity if room.own else None):
                    continue
                rules = visit.house.booking_rules
                await set_slot_capacity(session, hall, group, room.starts, wanted, rules=rules)
                changed.append(f"{time_of(room.starts)}={'' if wanted is None else wanted}")
            if changed:
                visit.record(session, "slots_set", f"group:{hall}:{group}", f"{day} {' '.join(changed)}")
    except Wrong as wrong:
        return await _group_page(visit, group, 400, wrong=wrong.words)
    said = f"改好了 {len(changed)} 个时段。" if changed else "没有改动。"
    return visit.go(_address(group, day.isoformat()), said)


async def stop(visit: Visit) -> web.StreamResponse:
    """Give no more numbers at a counter group today; who waits is still called."""
    hall, group = _place(visit)
    try:
        why = read_reason(visit.form)
    except Wrong as wrong:
        return await _hall_page(visit, 400, wrong=wrong.words)
    try:
        async with visit.writing(f"queue:{hall}") as session:
            terms = QueueTerms(visit.now, visit.house.queue_rules)
            await stop_group(session, hall=hall, group=group, by=visit.account.login, reason=why, terms=terms)
            visit.record(session, "queue_stopped", f"group:{hall}:{group}", why)
    except UnknownGroup:
        raise not_found() from None
    name = group_name(visit.house.library.view, hall, group)
    return visit.go(HOME, f"{name} 今天不再发号,已经取号的照常叫号。")


async def resume(visit: Visit) -> web.StreamResponse:
    """Give numbers again; again is harmless."""
    hall, group = _place(visit)
    async with visit.writing(f"queue:{hall}") as session:
        terms = QueueTerms(visit.now, visit.house.queue_rules)
        if await resume_group(session, hall=hall, group=group, terms=terms):
            visit.record(session, "queue_resumed", f"group:{hall}:{group}")
    return visit.go(HOME, f"{group_name(visit.house.library.view, hall, group)} 恢复发号。")


def _place(visit: Visit) -> tuple[str, str]:
    """The hall and group of the form: those that were on the page, whatever is looked at elsewhere since."""
    hall, group = visit.form.get("hall", ""), visit.form.get("group", "")
    visit.must_reach(hall, Role.SUPERVISOR)
    if counter_of(visit.house.library.view, hall, group) is None:
        raise not_found()
    visit.choose_hall(hall)
    return hall, group


def _terms(visit: Visit) -> Terms:
    return Terms(visit.now, visit.house.booking_rules)
