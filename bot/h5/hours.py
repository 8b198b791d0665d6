"""Whether a hall or counter is open now, in the words of the chat. Pure; local time is Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hall.centres.opening import Schedule, opening
from hall.wording import dates
from hall.wording.openings import UNPUBLISHED, because, next_opening, until


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
        return Today("open", "现在开着", until(found, now))
    if found.state == "unknown":
        usual = dates.spans(found.today.spans)
        return Today("unknown", f"今天的{UNPUBLISHED}", f"平常 {usual},来前请打电话问")
    if found.state in ("before", "break"):
        left = [span for span in found.today.spans if span[1] > now.time()]
        word = "现在午休" if found.state == "break" else "还没开门"
        return Today("closed", word, f"今天 {dates.spans(left)} 开{because(found.today)}")
    word = "今天下班了" if found.state == "after" else f"今天不开{because(found.today)}"
    return Today("closed", word, next_opening(found, now))


def usual_week(schedule: Schedule) -> str:
    """The usual week in words; "" where nothing is known of it."""
    days = [schedule.weekly.on(number) for number in range(7)]
    return dates.week(days) if any(days) else ""


def _known(schedule: Schedule, day: date) -> bool:
    """A week without a single hour is one that nobody filled in, not a hall that never opens."""
    weekly = any(schedule.weekly.on(number) for number in range(7))
    return weekly or any(special.hours or special.date == day for special in schedule.special_days)
