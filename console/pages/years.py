"""Whose holidays and shifted working days are known (年度日历); an admin pastes those of a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from aiohttp import web

from console.affected import ask, became_words, settled
from console.fields import Wrong, read_reason
from console.naming import local_day, when
from console.pages.rooms import HOME, TABS
from console.permissions import Entry, get, post
from console.refusals import not_allowed
from console.visit import Visit
from hall.appointments.changed_hours import withdraw_year_with_bookings
from hall.appointments.closures import Became, Closed, Decision
from hall.appointments.errors import BookingsAffected
from hall.appointments.service import Terms, set_days_with_bookings
from hall.calendar.service import FileRefused, days_of, publish_year, read_file
from hall.calendar.years import years_known
from hall.centres.schema import SpecialDay
from hall.staff.service import Role

ENTRIES: tuple[Entry, ...] = ()
YEARS: Final = f"{HOME}/years"
_AHEAD: Final = 2
EXAMPLE: Final = "date,open,hours,note\n2027-02-05,否,,春节\n2027-02-06,否,,春节\n2027-02-20,是,,春节调休上班"


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/calendar/years", Role.SUPERVISOR, show),
        post("/calendar/years", Role.ADMIN, publish),
        post("/calendar/years/withdraw", Role.ADMIN, withdraw),
    ]


async def show(visit: Visit) -> web.StreamResponse:
    """This year and those to come, and how they are known."""
    return await _page(visit)


async def _page(visit: Visit, status: int = 200, *, wrong: Sequence[str] = ()) -> web.Response:
    async with visit.reading() as session:
        found = await years_known(session, _years(visit))
    rows = [(year, when(year.set_at) if year.set_at is not None else "") for year in found]
    unknown = [year.year for year in found if year.how == "unknown"]
    return visit.page(
        "years.html",
        status,
        tabs=TABS,
        rows=rows,
        unknown=unknown,
        may_publish=_may(visit),
        example=EXAMPLE,
        given=visit.form,
        wrong=wrong,
    )


def _years(visit: Visit) -> range:
    this = local_day(visit.now).year
    return range(this, this + _AHEAD + 1)


def _may(visit: Visit) -> bool:
    return visit.account.may(Role.ADMIN) and not visit.account.hall


async def publish(visit: Visit) -> web.StreamResponse:
    """Enter a year's days and say that it is known now; all or nothing, every wrong line is told."""
    if not _may(visit):
        raise not_allowed()
    form = visit.form
    try:
        year, source = _year(visit), read_reason(form, "source", what="依据(文件名和文号)")
        days = _days(year, form.get("content", ""))
    except Wrong as wrong:
        return await _page(visit, 400, wrong=[wrong.words])
    except FileRefused as refused:
        return await _page(visit, 400, wrong=[str(error) for error in refused.errors])
    try:
        async with visit.writing("notices") as session:

            async def change(decision: Decision | None) -> Closed:
                return await set_days_with_bookings(
                    session, days, decision=decision, by=visit.account.login, why=source, terms=_terms(visit)
                )

            closed = await settled(visit, change)
            await publish_year(session, year, now=visit.now, by=visit.account.login, source=source)
            visit.record(session, "year_published", f"year:{year}", f"{len(days)} days, {source}")
    except BookingsAffected as asked:
        kept = {name: form.get(name, "") for name in ("year", "source", "content")}
        heading = f"公布 {year} 年的放假安排"
        return await ask(visit, asked.affected, action=YEARS, back=YEARS, heading=heading, fields=kept)
    except FileRefused as refused:
        return await _page(visit, 400, wrong=[str(error) for error in refused.errors])
    said = f"{year} 年已经公布:写入 {len(days)} 天,其余的日子按平常。{became_words(closed)}"
    return visit.go(YEARS, said)


def _year(visit: Visit) -> int:
    written = visit.form.get("year", "")
    years = [str(year) for year in _years(visit)]
    if written not in years:
        raise Wrong(f"年份请写 {years[0]} 到 {years[-1]}。")
    return int(written)


def _days(year: int, content: str) -> tuple[SpecialDay, ...]:
    """The days that were pasted, CSV or JSON. Raises Wrong, FileRefused."""
    kind: Literal["csv", "json"] = "json" if content.lstrip()[:1] in {"[", "{"} else "csv"
    days = days_of(read_file(content.encode(), kind))
    if not days:
        raise Wrong("没有读到日子。放假和调休上班的日子,一天一行。")
    foreign = [day.date.isoformat() for day in days if day.date.year != year]
    if foreign:
        raise Wrong(f"有 {len(foreign)} 天不是 {year} 年的:{'、'.join(foreign[:5])}。一次只公布一年。")
    if not any(not day.open for day in days if not (day.centre or day.hall or day.group)):
        raise Wrong("没有一天是全部大厅放假的,不像一年的放假安排。请核对。")
    return days


async def withdraw(visit: Visit) -> web.StreamResponse:
    """Take back that a year is published; its days stay. Again is harmless."""
    if not _may(visit):
        raise not_allowed()
    try:
        year, why = _year(visit), read_reason(visit.form)
    except Wrong as wrong:
        return await _page(visit, 400, wrong=[wrong.words])
    try:
        async with visit.writing("notices") as session:

            async def change(decision: Decision | None) -> tuple[bool, Became]:
                return await withdraw_year_with_bookings(
                    session, year, decision=decision, by=visit.account.login, why=why, terms=_terms(visit)
                )

            known, became = await settled(visit, change)
            if known:
                visit.record(session, "year_withdrawn", f"year:{year}", why)
    except BookingsAffected as asked:
        action, heading = f"{YEARS}/withdraw", f"撤回 {year} 年的公布"
        kept = {"year": str(year), "reason": why}
        return await ask(visit, asked.affected, action=action, back=YEARS, heading=heading, fields=kept)
    said = f"撤回了 {year} 年的公布,那一年暂时不能约号。" if known else f"{year} 年没有公布过。"
    return visit.go(YEARS, said + became_words(became))


def _terms(visit: Visit) -> Terms:
    return Terms(visit.now, visit.house.booking_rules)
