"""Whether a hall or counter is open now, in the words of the chat. Pure; local time is Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hall.centres.opening import DayHours, Opening, Schedule, opening
from hall.wording import dates


@dataclass(frozen=True, slots=True)
class Today:
    """The state now: a word for it, and what comes next. `state` decides the sign beside the word."""

    state: Literal["open", "closed", "unknown"]
    word: str
    rest: str


def today(schedule: Schedule, now: datetime) -> Today:
    """The state at `now` (local time)."""
    if not _known(schedule, now.date()):
        return Today("unknown", "开放时间没有登记", "来前请打电话问")
    found = opening(schedule, now)
    if found.state == "open":
        return Today("open", "现在开着", _until(found, now))
    if found.state == "unknown":
        usual = dates.spans(found.today.spans)
        return Today("unknown", "今天的放假安排还没公布", f"平常 {usual},来前请打电话问")
    if found.state in ("before", "break"):
        left = [span for span in found.today.spans if span[1] > now.time()]
        word = "现在午休" if found.state == "break" else "还没开门"
        return Today("closed", word, f"今天 {dates.spans(left)} 开{_because(found.today)}")
    word = "今天下班了" if found.state == "after" else f"今天不开{_because(found.today)}"
    return Today("closed", word, _next(found, now))


def usual_week(schedule: Schedule) -> str:
    """The usual week in words; "" where nothing is known of it."""
    days = [schedule.weekly.on(number) for number in range(7)]
    return dates.week(days) if any(days) else ""


def _known(schedule: Schedule, day: date) -> bool:
    """A week without a single hour is one that nobody filled in, not a hall that never opens."""
    weekly = any(schedule.weekly.on(number) for number in range(7))
    return weekly or any(special.hours or special.date == day for special in schedule.special_days)


def _until(found: Opening, now: datetime) -> str:
    spans = found.today.spans
    later = [span for span in spans if span[0] > now.time()]
    current = next(span for span in spans if span[0] <= now.time() < span[1])
    pause = f"{dates.clock(current[1])}–{dates.clock(later[0][0])} 午休," if later else ""
    return f"{pause}今天开到 {dates.clock(spans[-1][1])}{_because(found.today)}"


def _next(found: Opening, now: datetime) -> str:
    if found.opens is None:
        return "什么时候开请打电话问"
    day = dates.near_day(found.opens.date(), now.date())
    sure = "" if found.opens_certain else "(放假安排还没公布,来前请打电话问)"
    return f"{day} {dates.clock(found.opens.time())} 开{sure}"


def _because(hours: DayHours) -> str:
    return f"({hours.reason})" if hours.reason else ""
