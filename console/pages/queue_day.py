"""The queue in figures (排队数据): a day by counter group, how true the told waits were, when it is quiet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bot.clock import SHANGHAI
from console.fields import day_in
from console.naming import group_name, hall_name, local_day, whole_day
from console.permissions import Entry, get
from console.visit import Visit
from hall.queue.accuracy import Accuracy, accuracy
from hall.queue.day_figures import GroupFigures, day_figures
from hall.queue.outlook import UsualHour, usual_hours
from hall.queue.service import QueueTerms
from hall.staff.service import Role

ENTRIES: tuple[Entry, ...] = (Entry("/console/queue-day", "数据", Role.SUPERVISOR, 55),)
HOME: Final = "/console/queue-day"
_WEEKDAYS: Final = "一二三四五六日"
_ACCURACY_DAYS: Final = 7


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [get("/queue-day", Role.SUPERVISOR, show)]


@dataclass(frozen=True, slots=True)
class Row:
    """A counter group's day."""

    name: str
    figures: GroupFigures
    wait: str
    longest: str
    visit: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of a week at a counter group: a row an hour, a cell a weekday."""

    weekdays: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


async def show(visit: Visit) -> web.StreamResponse:
    """The figures of a day, and of the week as a rule for one counter group."""
    view, query = visit.house.library.view, visit.request.query
    today = local_day(visit.now)
    day = min(day_in(query.get("day", ""), today), today)
    groups = [(one.group, group_name(view, visit.hall, one.group)) for one in view.counters_of(visit.hall)]
    group = (
        query.get("group", "") if query.get("group", "") in dict(groups) else (groups[0][0] if groups else "")
    )
    terms = QueueTerms(visit.now, visit.house.queue_rules)
    async with visit.reading() as session:
        figures = await day_figures(session, visit.hall, day)
        truth = await accuracy(session, visit.hall, _midnight(today - timedelta(days=_ACCURACY_DAYS - 1)))
        usual = await usual_hours(session, visit.hall, group, terms) if group else ()
    return visit.page(
        "queue_day.html",
        hall=hall_name(view, visit.hall),
        day=day,
        heading=whole_day(day),
        is_today=day == today,
        today=today,
        earlier=_address(day - timedelta(days=1), group),
        later=_address(day + timedelta(days=1), group) if day < today else "",
        rows=[_row(name, figures[code]) for code, name in groups if code in figures],
        truth=_truth(truth),
        truth_days=_ACCURACY_DAYS,
        groups=groups,
        group=group,
        quiet=quiet_times(usual),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _address(day: date, group: str) -> str:
    return f"{HOME}?{urlencode({'day': day.isoformat(), 'group': group})}"


def _row(name: str, found: GroupFigures) -> Row:
    return Row(
        name, found, _minutes(found.wait_minutes), _minutes(found.longest_wait), _minutes(found.visit_minutes)
    )


def _minutes(number: float | None) -> str:
    if number is None:
        return "—"
    return "不到 1 分钟" if number < 1 else f"{number:.0f} 分钟"


def _truth(found: Accuracy | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    return [
        ("告诉过等多久又叫到的", f"{found.tickets} 个号"),
        ("真正等的时间在告诉的范围里", f"{found.covered:.0%}"),
        ("比告诉的等得久", f"{found.late_share:.0%}"),
        ("误差中位数", f"{found.error_minutes:.1f} 分钟(占等候的 {found.error_share:.0%})"),
        ("等候中位数", f"{found.median_wait:.0f} 分钟"),
    ]


def quiet_times(hours: Sequence[UsualHour]) -> Quiet | None:
    """The table of the week; None where there is no history yet."""
    if not hours:
        return None
    by_place = {(one.weekday, one.hour): one for one in hours}
    weekdays = sorted({one.weekday for one in hours})
    rows = [
        (
            f"{hour}–{hour + 1} 点",
            tuple(_usual(by_place.get((weekday, hour))) for weekday in weekdays),
        )
        for hour in sorted({one.hour for one in hours})
    ]
    return Quiet(tuple(f"周{_WEEKDAYS[weekday]}" for weekday in weekdays), tuple(rows))


def _usual(one: UsualHour | None) -> str:
    return f"{one.people:.0f} 人,等 {one.minutes:.0f} 分" if one is not None else "没有人"
