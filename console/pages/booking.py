"""One booking: what is known of it, opening its personal data, cancelling and moving it for the centre."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from aiohttp import web

from console.booking_words import BOOKINGS, day_address, lines_of, not_to_be_had, person_of, state_tag
from console.fields import Wrong, day_in, number_in, read_moment, read_reason
from console.naming import group_name, hall_name, item_name, local_day, time_of, when, whole_day
from console.permissions import Entry, get, post
from console.refusals import not_found
from console.visit import Visit
from hall.appointments.day_sheet import by_id, history
from hall.appointments.errors import (
    AlreadyBooked,
    NoSuchCounter,
    NotOpen,
    NotToBeHad,
    TooLateToChange,
    UnknownBooking,
)
from hall.appointments.service import Appointment, Terms, cancel, free_slots, reschedule
from hall.appointments.slots import bookable_until
from hall.people.access import FIELDS, Field
from hall.people.errors import UnknownPerson
from hall.people.naming import masked_names
from hall.people.service import Revealed, reveal
from hall.staff.service import Role

ENTRIES: tuple[Entry, ...] = ()
_OPEN: Final = frozenset({"held", "confirmed"})
_SHOWN_FIELDS: Final[dict[str, str]] = {"name": "姓名", "phone": "手机号", "id_number": "身份证号"}


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get(r"/bookings/{id:\d+}", Role.CLERK, show_one),
        post(r"/bookings/{id:\d+}/reveal", Role.CLERK, open_data),
        post(r"/bookings/{id:\d+}/cancel", Role.CLERK, cancel_one),
        post(r"/bookings/{id:\d+}/move", Role.CLERK, move_one),
    ]


async def show_one(visit: Visit) -> web.StreamResponse:
    """One booking: what is known of it, what can be done, what happened."""
    return await _one_page(visit, await _wanted(visit))


async def open_data(visit: Visit) -> web.StreamResponse:
    """Show personal data in the open, once, for a reason that is kept."""
    found = await _wanted(visit)
    fields: list[Field] = [name for name in FIELDS if name in visit.form.get("fields", "").split("\n")]
    fields = [name for name in fields if name in _SHOWN_FIELDS]
    try:
        why = read_reason(visit.form, what="为什么要看")
    except Wrong as wrong:
        return await _one_page(visit, found, 400, wrong=wrong.words)
    if not fields:
        return await _one_page(visit, found, 400, wrong="请勾选要看的内容。")
    if found.person_id is None:
        return await _one_page(visit, found, 409, wrong="这个预约没有留下个人信息。")
    try:
        async with visit.writing() as session:
            opened = await reveal(
                session,
                visit.house.vault,
                found.person_id,
                fields=fields,
                who=visit.account.login,
                why=why,
                now=visit.now,
            )
            visit.record(session, "person_revealed", f"booking:{found.id}", f"{','.join(fields)} {why}")
    except UnknownPerson:
        return await _one_page(visit, found, 409, wrong="本人已经删除了这些信息。")
    return await _one_page(visit, found, revealed=_in_words(opened, fields))


def _in_words(opened: Revealed, fields: Sequence[Field]) -> list[tuple[str, str]]:
    return [(_SHOWN_FIELDS[name], getattr(opened, name) or "没有留") for name in fields]


async def cancel_one(visit: Visit) -> web.StreamResponse:
    """Cancel for the centre; the citizen is told why. Again is harmless."""
    found = await _wanted(visit)
    try:
        why = read_reason(visit.form)
    except Wrong as wrong:
        return await _one_page(visit, found, 400, wrong=wrong.words)
    if found.state == "cancelled":
        return visit.go(f"{BOOKINGS}/{found.id}", "这个预约早先已经取消,没有再做什么。")
    try:
        async with visit.writing("notices") as session:
            await cancel(
                session, found.citizen_id, found.id, terms=_terms(visit), by=visit.account.login, why=why
            )
            visit.record(session, "booking_cancelled", f"booking:{found.id}", why)
    except (NotOpen, TooLateToChange) as closed:
        return await _one_page(visit, found, 409, wrong=_cannot(closed), reason=why)
    return visit.go(f"{BOOKINGS}/{found.id}", "预约已取消,会告诉本人。")


async def move_one(visit: Visit) -> web.StreamResponse:
    """Move for the centre to a time that is free; the citizen is told why."""
    found = await _wanted(visit)
    why = visit.form.get("reason", "")
    try:
        starts, why = read_moment(visit.form.get("starts", "")), read_reason(visit.form)
        async with visit.writing("notices") as session:
            moved = await reschedule(
                session,
                found.citizen_id,
                found.id,
                starts=starts,
                key=visit.form.get("key", "")[:64] or f"desk-{found.id}-{secrets.token_hex(8)}",
                terms=_terms(visit),
                by=visit.account.login,
                why=why,
            )
            visit.record(session, "booking_moved", f"booking:{found.id}", f"{when(moved.starts)} {why}")
    except Wrong as wrong:
        return await _one_page(visit, found, 400, wrong=wrong.words, reason=why)
    except NotToBeHad as gone:
        return await _one_page(visit, found, 409, wrong=not_to_be_had(gone), reason=why)
    except (NotOpen, TooLateToChange, AlreadyBooked, NoSuchCounter) as closed:
        return await _one_page(visit, found, 409, wrong=_cannot(closed), reason=why)
    return visit.go(f"{BOOKINGS}/{found.id}", f"预约已改到 {when(moved.starts)},会告诉本人。")


def _cannot(error: Exception) -> str:
    if isinstance(error, TooLateToChange):
        return "预约的时间已经到了,不能再取消或改期。"
    if isinstance(error, AlreadyBooked):
        return f"本人在那个时间已经有一个预约({when(error.booking.starts)})。"
    if isinstance(error, NoSuchCounter):
        return "这组窗口已经撤了,请取消后让本人另约。"
    return "这个预约现在的状态不能这样改,请看下面的经过。"


async def _one_page(
    visit: Visit,
    found: Appointment,
    status: int = 200,
    *,
    wrong: str = "",
    reason: str = "",
    revealed: Sequence[tuple[str, str]] = (),
) -> web.Response:
    view = visit.house.library.view
    async with visit.reading() as session:
        found = await by_id(session, found.id)
        happened = await history(session, found.id)
        ids = [found.person_id] if found.person_id is not None else []
        names = await masked_names(session, visit.house.vault, ids)
    can_change = found.state in _OPEN and found.starts > visit.now
    state, tone = state_tag(found)
    shown: dict[str, Any] = {
        "one": found,
        "item": item_name(view, found.item_code),
        "place": f"{hall_name(view, found.hall)} {group_name(view, found.hall, found.group)}",
        "when": when(found.starts),
        "person": person_of(found, names),
        "has_person": bool(names) or found.person_id is not None,
        "state": state,
        "tone": tone,
        "history": lines_of(happened),
        "can_change": can_change,
        "can_check_in": found.state == "confirmed"
        and local_day(found.starts) == local_day(visit.now)
        and found.hall == visit.hall,
        "day_address": day_address(local_day(found.starts), ""),
    }
    moving = await _moving(visit, found) if can_change else {}
    return visit.page(
        "booking.html",
        status,
        wrong=wrong,
        reason=reason,
        revealed=revealed,
        fields=_SHOWN_FIELDS,
        **shown,
        **moving,
    )


async def _moving(visit: Visit, found: Appointment) -> dict[str, Any]:
    """The day to move to that is looked at, and its free times."""
    terms = _terms(visit)
    today, last = local_day(visit.now), bookable_until(visit.now, terms.rules)
    day = min(max(day_in(visit.request.query.get("to", ""), local_day(found.starts)), today), last)
    async with visit.reading() as session:
        try:
            free = await free_slots(session, found.hall, found.group, day, terms=terms)
        except NoSuchCounter:
            return {
                "to": day,
                "to_words": whole_day(day),
                "times": [],
                "first": today,
                "last": last,
                "key": "",
            }
    times = [
        (slot.starts.isoformat(), time_of(slot.starts), slot.free)
        for slot in free.slots
        if slot.free >= found.places and slot.starts != found.starts
    ]
    return {
        "to": day,
        "to_words": whole_day(day),
        "times": times,
        "first": today,
        "last": last,
        # Of this page alone: a booking moved away and back may be moved again.
        "key": f"desk-{found.id}-{secrets.token_hex(8)}",
    }


async def _wanted(visit: Visit) -> Appointment:
    async with visit.reading() as session:
        try:
            found = await by_id(session, number_in(visit.request.match_info["id"]))
        except UnknownBooking:
            raise not_found() from None
    visit.must_reach(found.hall)
    return found


def _terms(visit: Visit) -> Terms:
    return Terms(visit.now, visit.house.booking_rules)
