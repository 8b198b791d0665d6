"""Days with other hours than usual (停业与延时): of everywhere, a centre, a hall, a counter group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import web

from console.affected import ask, became_words, settled
from console.fields import Wrong, read_day, read_reason
from console.naming import group_name, hall_name, local_day, whole_day
from console.pages.rooms import HOME, TABS
from console.permissions import Entry, get, post
from console.refusals import not_allowed
from console.visit import Visit
from hall.appointments.changed_hours import clear_days_with_bookings
from hall.appointments.closures import Became, Closed, Decision
from hall.appointments.errors import BookingsAffected
from hall.appointments.service import Terms, set_days_with_bookings
from hall.calendar.service import FileRefused, days_of, special_days
from hall.centres.schema import SpecialDay
from hall.staff.service import Role
from hall.wording.dates import spans

ENTRIES: tuple[Entry, ...] = ()
DAYS: Final = f"{HOME}/days"
_LONGEST: Final = 60
_KINDS: Final = {"closed": "停业", "workday": "按工作日开放", "hours": "另定时段(延时、缩短)"}


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/calendar/days", Role.SUPERVISOR, show),
        post("/calendar/days", Role.SUPERVISOR, add),
        post("/calendar/days/clear", Role.SUPERVISOR, clear),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A special day in the list; `fields` name it in a form, where it may be taken back."""

    day: str
    where: str
    what: str
    note: str
    fields: dict[str, str] | None


async def show(visit: Visit) -> web.StreamResponse:
    """The special days to come."""
    return await _page(visit)


async def _page(visit: Visit, status: int = 200, *, wrong: Sequence[str] = ()) -> web.Response:
    async with visit.reading() as session:
        found = await special_days(session, first=local_day(visit.now))
    rows = [_row(visit, day) for day in found if _concerns(visit, day)]
    return visit.page(
        "days.html",
        status,
        tabs=TABS,
        rows=rows,
        scopes=_scopes(visit),
        kinds=_KINDS,
        given=visit.form,
        today=local_day(visit.now).isoformat(),
        wrong=wrong,
    )


def _concerns(visit: Visit, day: SpecialDay) -> bool:
    halls = {hall.code for hall in visit.halls}
    centres = {hall.centre for hall in visit.halls}
    return day.hall in halls if day.hall else day.centre in {"", *centres}


def _row(visit: Visit, day: SpecialDay) -> Row:
    what = "停业" if not day.open else spans(day.hours) if day.hours else "按工作日开放"
    fields = {"date": day.date.isoformat(), "scope": _scope_of(day)}
    return Row(
        whole_day(day.date),
        _where(visit, day.centre, day.hall, day.group),
        what,
        day.note,
        fields if _may(visit, day.hall) else None,
    )


def _where(visit: Visit, centre: str, hall: str, group: str) -> str:
    view = visit.house.library.view
    if group:
        return f"{hall_name(view, hall)} {group_name(view, hall, group)}"
    if hall:
        return hall_name(view, hall)
    found = view.centre(centre)
    return (found.name if found is not None else centre) if centre else "全部大厅"


def _scope_of(day: SpecialDay) -> str:
    return "|".join((day.centre, day.hall, day.group))


def _scopes(visit: Visit) -> list[tuple[str, str]]:
    """What may be chosen, the narrowest that is looked at first."""
    view = visit.house.library.view
    found = [(f"|{visit.hall}|", _where(visit, "", visit.hall, ""))]
    found += [
        (f"|{visit.hall}|{counter.group}", _where(visit, "", visit.hall, counter.group))
        for counter in view.counters_of(visit.hall)
    ]
    if _may(visit, ""):
        found += [(f"{centre.code}||", f"{centre.name}(全部大厅)") for centre in view.centres.values()]
        found.append(("||", "全部大厅(按国家安排放假、调休)"))
    return found


def _may(visit: Visit, hall: str) -> bool:
    """What concerns more than one hall is for an admin of all of them."""
    account = visit.account
    return account.may(Role.SUPERVISOR, hall=hall) if hall else account.may(Role.ADMIN) and not account.hall


async def add(visit: Visit) -> web.StreamResponse:
    """Set days; where citizens are booked, ask first what becomes of them."""
    form = visit.form
    try:
        days, why = _days(visit), read_reason(form, "note", what="说明(会告诉约了号的人)")
    except Wrong as wrong:
        return await _page(visit, 400, wrong=[wrong.words])
    except FileRefused as refused:
        return await _page(visit, 400, wrong=list(dict.fromkeys(error.message for error in refused.errors)))
    where = _where(visit, days[0].centre, days[0].hall, days[0].group)
    heading = f"{where} {_span(days)} {_KINDS[form['kind']]}"
    try:
        async with visit.writing("notices") as session:

            async def change(decision: Decision | None) -> Closed:
                return await set_days_with_bookings(
                    session, days, decision=decision, by=visit.account.login, why=why, terms=_terms(visit)
                )

            closed = await settled(visit, change)
            detail = f"{_span(days)} {form.get('kind')} {form.get('hours', '')} {why} {_counts(closed)}"
            visit.record(session, "days_set", f"days:{_scope_of(days[0])}", detail)
    except BookingsAffected as asked:
        kept = {name: form.get(name, "") for name in ("scope", "first", "last", "kind", "hours", "note")}
        return await ask(visit, asked.affected, action=DAYS, back=DAYS, heading=heading, fields=kept)
    except FileRefused as refused:
        return await _page(visit, 409, wrong=[error.message for error in refused.errors])
    return visit.go(DAYS, f"设好了:{heading}。{became_words(closed)}")


def _days(visit: Visit) -> tuple[SpecialDay, ...]:
    """The days of the form. Raises Wrong, FileRefused."""
    form = visit.form
    centre, hall, group = _scope(visit)
    first = read_day(form.get("first", ""))
    last = read_day(form["last"]) if form.get("last", "").strip() else first
    if first < local_day(visit.now):
        raise Wrong("开始的日子已经过去了。")
    if not first <= last < first + timedelta(days=_LONGEST):
        raise Wrong(f"结束的日子要在开始之后,最多 {_LONGEST} 天。")
    kind = form.get("kind", "")
    if kind not in _KINDS:
        raise Wrong("请选停业、按工作日开放,还是另定时段。")
    if kind == "hours" and not form.get("hours", "").strip():
        raise Wrong("另定时段要写时段,例如 09:00-12:00,13:30-19:00。")
    data = {"open": "否" if kind == "closed" else "是", "note": form.get("note", "").strip()}
    data |= {"hours": form["hours"]} if kind == "hours" else {}
    data |= {name: code for name, code in (("centre", centre), ("hall", hall), ("group", group)) if code}
    numbers = range((last - first).days + 1)
    return days_of([data | {"date": (first + timedelta(days=ahead)).isoformat()} for ahead in numbers])


def _scope(visit: Visit) -> tuple[str, str, str]:
    """Centre, hall and group of the form, none of them more than the visitor may. Raises Wrong, Refused."""
    parts = visit.form.get("scope", "").split("|")
    if len(parts) != 3:
        raise Wrong("请选范围。")
    if not _may(visit, parts[1]):
        raise not_allowed()
    return parts[0], parts[1], parts[2]


async def clear(visit: Visit) -> web.StreamResponse:
    """Take a special day back; where that takes citizens their time, ask first. Again is harmless."""
    form = visit.form
    try:
        (centre, hall, group), day = _scope(visit), read_day(form.get("date", ""))
    except Wrong as wrong:
        return await _page(visit, 400, wrong=[wrong.words])
    special = SpecialDay.model_validate(
        {"date": day, "open": True, "centre": centre, "hall": hall, "group": group}
    )
    where = f"{_where(visit, centre, hall, group)} {whole_day(day)}"
    why = form.get("why", "").strip()[:200] or "开放时间有变"
    try:
        async with visit.writing("notices") as session:

            async def change(decision: Decision | None) -> tuple[int, Became]:
                return await clear_days_with_bookings(
                    session,
                    [special],
                    decision=decision,
                    by=visit.account.login,
                    why=why,
                    terms=_terms(visit),
                )

            known, became = await settled(visit, change)
            if known:
                visit.record(session, "days_cleared", f"days:{_scope_of(special)}", day.isoformat())
    except BookingsAffected as asked:
        fields = {"date": day.isoformat(), "scope": form.get("scope", ""), "why": why}
        action = f"{DAYS}/clear"
        heading = f"撤销 {where} 的安排"
        return await ask(visit, asked.affected, action=action, back=DAYS, heading=heading, fields=fields)
    if not known:
        return visit.go(DAYS, "这一天的安排早先已经撤销。")
    return visit.go(DAYS, f"撤销了 {where} 的安排,按平常时间开放。{became_words(became)}")


def _span(days: Sequence[SpecialDay]) -> str:
    first, last = days[0].date, days[-1].date
    return whole_day(first) if first == last else f"{whole_day(first)}至{whole_day(last)}"


def _counts(closed: Closed) -> str:
    gone = len(closed.cancelled) + len(closed.without_place)
    return f"moved {len(closed.moved)}, cancelled {gone}"


def _terms(visit: Visit) -> Terms:
    return Terms(visit.now, visit.house.booking_rules)
