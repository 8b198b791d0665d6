"""When a hall or an item's counter is open, in words: now, today, or on the day that was asked for. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.wording import places
from actions.wording.days import Asked, asked_days, holiday_days
from actions.wording.texts import sentence
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.opening import SHANGHAI, DayHours, Schedule, hours_on, opening
from hall.centres.schema import Hall
from hall.wording.dates import clock, dated, near_day, spans, week
from hall.wording.openings import UNPUBLISHED, because, next_opening, until

_SILENT = "目录里没有写办理时间"


def today_in_line(item: Item, view: CatalogueView, now: datetime, text: str = "") -> str:
    """When the item's counter is open today, or on the days that the text asks for, in one line."""
    schedule = _schedule(item, view)
    if schedule is None:
        return f"办理时间:{item.hours}" if item.hours else ""
    if days := on_days(schedule, now, text):
        return days
    return f"{state(schedule, now)}{_saturday(schedule, now)}"


def of_item(item: Item, view: CatalogueView, now: datetime, text: str = "") -> str:
    """When the item is done: the day asked for or today, the usual week, the other halls."""
    there = places.halls(item, view)
    schedule = _schedule(item, view)
    if schedule is None:
        return sentence(item.hours) if item.hours else f"{_SILENT}。"
    parts = [sentence(on_days(schedule, now, text) or state(schedule, now))]
    parts.append(sentence(f"{there[0].hall.name}{_counter_of(there[0])}:{usual_week(schedule)}"))
    for place in there[1 : places.MOST_PLACES]:
        other = view.schedule(place.hall, place.group)
        said = on_days(other, now, text) or state(other, now)
        parts.append(f"· {place.hall.name}:{said}")
    return "\n".join(parts)


def of_hall(hall: Hall, view: CatalogueView, now: datetime, text: str = "") -> str:
    """When a hall is open: the day asked for or today, in one line."""
    schedule = view.schedule(hall)
    return on_days(schedule, now, text) or state(schedule, now)


def at_place(place: Place, view: CatalogueView, now: datetime, text: str = "") -> str:
    """When the counter of a place is open: the day asked for or today, in one line."""
    schedule = view.schedule(place.hall, place.group)
    return on_days(schedule, now, text) or state(schedule, now)


def on_days(schedule: Schedule, now: datetime, text: str) -> str:
    """The hours of the days that the text asks for; "" where it asks for none, or for now."""
    today = now.astimezone(SHANGHAI).date()
    asked = asked_days(text, today)
    if asked is Asked.NOON:
        return _noon(hours_on(schedule, today))
    if isinstance(asked, str):
        return _holiday(schedule, now, asked)
    if isinstance(asked, Asked) or list(asked) == [today]:
        return ""
    return ";".join(_day(hours_on(schedule, day), now) for day in asked)


def about_saturday(schedule: Schedule, now: datetime, text: str) -> bool:
    """Whether a usual Saturday on which not every counter is open is asked for, or is today."""
    today = now.astimezone(SHANGHAI).date()
    asked = asked_days(text, today)
    days = [today] if isinstance(asked, str | Asked) else asked
    named = isinstance(asked, str)
    usual = schedule.weekly.on(5)
    return not named and any(day.weekday() == 5 and hours_on(schedule, day).spans == usual for day in days)


def state(schedule: Schedule, now: datetime) -> str:
    """The state at this moment and what comes next: 今天开到 17:00."""
    found = opening(schedule, now)
    today = found.today
    if found.state == "open":
        return f"现在开着,{until(found, now)}"
    if found.state == "unknown":
        return f"今天{UNPUBLISHED},平常 {spans(today.spans)},来前请打电话问"
    if found.state in ("before", "break"):
        left = [span for span in today.spans if span[1] > now.astimezone(SHANGHAI).time()]
        why = "现在午休," if found.state == "break" else ""
        return f"{why}今天 {spans(left)} 开{because(today)}"
    why = "今天已经下班" if found.state == "after" else f"今天不开{because(today)}"
    return f"{why},{next_opening(found, now)}"


def usual_week(schedule: Schedule) -> str:
    """The usual week in words."""
    return week([schedule.weekly.on(number) for number in range(7)])


def _day(hours: DayHours, now: datetime) -> str:
    day = near_day(hours.day, now.astimezone(SHANGHAI).date())
    if hours.state == "unknown":
        return f"{day}{UNPUBLISHED},平常{f' {spans(hours.spans)}' if hours.spans else '也休息'}"
    if hours.state == "closed":
        return f"{day}不开{because(hours)}"
    return f"{day} {spans(hours.spans)} 开{because(hours)}"


def _noon(today: DayHours) -> str:
    if len(today.spans) < 2:
        return _day_only(today)
    ends, starts = clock(today.spans[0][1]), clock(today.spans[1][0])
    return f"中午 {ends}–{starts} 休息,下午 {starts} 开"


def _day_only(today: DayHours) -> str:
    return f"今天 {spans(today.spans)} 开" if today.spans else f"今天不开{because(today)}"


def _holiday(schedule: Schedule, now: datetime, name: str) -> str:
    today = now.astimezone(SHANGHAI).date()
    found = holiday_days(schedule, today, name)
    if not found:
        return f"{name}的{UNPUBLISHED},到时请再问"
    first, last = found[0], found[-1]
    after = hours_on(schedule, last + timedelta(days=1))
    until = f"到 {dated(last)}" if last != first else ""
    told = f"{name} {dated(first)}{until}不开"
    return f"{told},{_day(after, now)}" if after.spans else told


def _saturday(schedule: Schedule, now: datetime) -> str:
    saturday, weekday = schedule.weekly.on(5), now.astimezone(SHANGHAI).weekday()
    return f"(周六 {spans(saturday)} 也办)" if saturday and weekday < 5 else ""


def _schedule(item: Item, view: CatalogueView) -> Schedule | None:
    there = places.halls(item, view)
    return view.schedule(there[0].hall, there[0].group) if there else None


def _counter_of(place: Place) -> str:
    return f" {place.counter}" if place.counter else ""
