"""Missed appointments (爽约), who may not book because of them, and their appeals (申诉)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.fields import Wrong, number_in, read_reason
from console.naming import group_name, item_name, when
from console.permissions import Entry, get, post
from console.refusals import not_found
from console.visit import Visit
from hall.appointments.barring import Barred, Missed, barred, missed_by, missed_since
from hall.appointments.day_sheet import by_id
from hall.appointments.errors import UnknownBooking
from hall.appointments.service import (
    AppealView,
    Standing,
    Terms,
    appeals,
    decide_appeal,
    excuse,
    lift,
    standing_of,
)
from hall.people.citizens import lock_citizens
from hall.people.errors import UnknownCitizen
from hall.people.naming import masked_names
from hall.staff.service import Role

ENTRIES: tuple[Entry, ...] = (Entry("/console/penalties", "爽约", Role.SUPERVISOR, 35),)
HOME: Final = "/console/penalties"
_SHOWN_DAYS: Final = 30
_SHOWN_APPEALS: Final = 20


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/penalties", Role.SUPERVISOR, show),
        post("/penalties/lift", Role.SUPERVISOR, lift_one),
        post("/penalties/excuse", Role.SUPERVISOR, excuse_one),
        post("/penalties/appeal", Role.SUPERVISOR, decide),
    ]


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal, what stands against its citizen, and what they missed."""

    id: int
    at: str
    text: str
    standing: str
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarredRow:
    """A citizen who may not book."""

    citizen_id: int
    person: str
    standing: str
    blacklisted: bool
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A missed appointment."""

    id: int
    when: str
    counter: str
    item: str
    person: str
    state: str
    counts: bool


async def show(visit: Visit) -> web.StreamResponse:
    """Open appeals first, then who may not book, then what was missed of late."""
    return await _page(visit)


async def _page(visit: Visit, status: int = 200, *, wrong: str = "") -> web.Response:
    terms = _terms(visit)
    async with visit.reading() as session:
        every = await appeals(session, visit.house.vault.seal)
        opened = [await _appeal_row(session, one, terms) for one in every if one.state == "open"]
        against = await barred(session, terms=terms)
        missed = await missed_since(session, visit.hall, visit.now - timedelta(days=_SHOWN_DAYS))
        names = await masked_names(session, visit.house.vault, _people(against, missed))
    closed = [one for one in reversed(every) if one.state != "open"][:_SHOWN_APPEALS]
    return visit.page(
        "penalties.html",
        status,
        appeals=opened,
        decided=[_decided(one) for one in closed],
        barred=[_barred_row(one, names) for one in against],
        missed=[_missed_row(visit, one, names) for one in missed],
        days=_SHOWN_DAYS,
        rules=visit.house.booking_rules,
        given=visit.form,
        wrong=wrong,
    )


def _people(against: Sequence[Barred], missed: Sequence[Missed]) -> set[int]:
    found = {one.person_id for one in against} | {one.booking.person_id for one in missed}
    return {person for person in found if person is not None}


async def _appeal_row(session: AsyncSession, one: AppealView, terms: Terms) -> AppealRow:
    against = await standing_of(session, one.citizen_id, terms=terms)
    missed = await missed_by(session, one.citizen_id)
    return AppealRow(
        one.id,
        when(one.created),
        one.text,
        _standing(against),
        tuple(when(each.booking.starts) for each in missed[:5]),
    )


def _standing(against: Standing) -> str:
    if against.clear:
        return "现在没有限制"
    if against.until is None:
        return "黑名单,解除前不能预约"
    return f"{when(against.until)} 前不能预约"


def _barred_row(one: Barred, names: dict[int, str]) -> BarredRow:
    name = names.get(one.person_id, "") if one.person_id is not None else ""
    return BarredRow(
        one.citizen_id,
        name or "未留姓名",
        _standing(one.standing),
        one.standing.until is None,
        tuple(when(at) for at in one.standing.counted),
    )


def _missed_row(visit: Visit, one: Missed, names: dict[int, str]) -> MissedRow:
    view, booking = visit.house.library.view, one.booking
    name = names.get(booking.person_id, "") if booking.person_id is not None else ""
    state = "已免除" if one.excused else "提醒没送到,不计" if one.reminder_failed else "计入"
    return MissedRow(
        booking.id,
        when(booking.starts),
        group_name(view, booking.hall, booking.group),
        item_name(view, booking.item_code),
        name or "未留姓名",
        state,
        one.counts,
    )


def _decided(one: AppealView) -> dict[str, Any]:
    return {
        "at": when(one.decided) if one.decided is not None else "",
        "granted": one.state == "granted",
        "by": one.decided_by,
        "reason": one.reason,
    }


async def lift_one(visit: Visit) -> web.StreamResponse:
    """Lift what stands against a citizen; they are told. Where nothing does, nothing happens."""
    citizen_id = number_in(visit.form.get("citizen", ""))
    try:
        why = read_reason(visit.form)
    except Wrong as wrong:
        return await _page(visit, 400, wrong=wrong.words)
    try:
        async with visit.writing("notices") as session:
            # Held first, so that of two who press at once one finds nothing left to lift.
            await lock_citizens(session, [citizen_id])
            stands = citizen_id in {one.citizen_id for one in await barred(session, terms=_terms(visit))}
            if stands:
                await lift(session, citizen_id, by=visit.account.login, reason=why, now=visit.now)
                visit.record(session, "penalty_lifted", f"citizen:{citizen_id}", why)
    except UnknownCitizen:
        raise not_found() from None
    return visit.go(HOME, "解除了,会告诉本人可以再预约。" if stands else "现在没有限制,不用解除。")


async def excuse_one(visit: Visit) -> web.StreamResponse:
    """Let one missed appointment count for nothing; the citizen is told where they may book again."""
    booking_id = number_in(visit.form.get("booking", ""))
    try:
        why = read_reason(visit.form)
    except Wrong as wrong:
        return await _page(visit, 400, wrong=wrong.words)
    rules = visit.house.booking_rules
    try:
        async with visit.reading() as session:
            found = await by_id(session, booking_id)
        visit.must_reach(found.hall, Role.SUPERVISOR)
        async with visit.writing("notices") as session:
            mine = {one.booking.id: one for one in await missed_by(session, found.citizen_id)}
            counts = booking_id in mine and mine[booking_id].counts
            if counts:
                by = visit.account.login
                await excuse(session, booking_id, by=by, reason=why, now=visit.now, rules=rules)
                visit.record(session, "no_show_excused", f"booking:{booking_id}", why)
    except UnknownBooking:
        raise not_found() from None
    return visit.go(HOME, "免除了这次爽约。" if counts else "这次早先已经不计爽约,没有再做什么。")


async def decide(visit: Visit) -> web.StreamResponse:
    """Grant or refuse an appeal in words that the citizen reads. It is decided once."""
    form = visit.form
    try:
        why = read_reason(form, what="给本人的答复")
    except Wrong as wrong:
        return await _page(visit, 400, wrong=wrong.words)
    if form.get("verdict") not in ("grant", "refuse"):
        return await _page(visit, 400, wrong="请点“成立并解除”或者“不成立”。")
    granted, appeal_id = form["verdict"] == "grant", number_in(form.get("appeal", ""))
    try:
        async with visit.writing("notices") as session:
            await decide_appeal(
                session,
                appeal_id,
                granted=granted,
                by=visit.account.login,
                reason=why,
                now=visit.now,
                rules=visit.house.booking_rules,
            )
            action = "appeal_granted" if granted else "appeal_refused"
            visit.record(session, action, f"appeal:{appeal_id}", why)
    except UnknownBooking:
        return visit.go(HOME, "这件申诉已经处理过了,没有再做什么。", wrong=True)
    return visit.go(HOME, f"申诉{'成立,限制已解除' if granted else '不成立'},答复会告诉本人。")


def _terms(visit: Visit) -> Terms:
    return Terms(visit.now, visit.house.booking_rules)
