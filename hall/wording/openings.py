"""What an opening means for who is standing there, in Chinese: until when, and when next. Pure."""

from __future__ import annotations

from datetime import datetime

from hall.centres.opening import SHANGHAI, DayHours, Opening
from hall.wording.dates import clock, near_day

UNPUBLISHED = "放假安排还没公布"


def until(found: Opening, now: datetime) -> str:
    """Until when it is open, with the break before: 12:00–13:30 午休,今天开到 17:00. For an open one only."""
    here = now.astimezone(SHANGHAI).time()
    opened = found.today.spans
    later = [span for span in opened if span[0] > here]
    current = next(span for span in opened if span[0] <= here < span[1])
    pause = f"{clock(current[1])}–{clock(later[0][0])} 午休," if later else ""
    return f"{pause}今天开到 {clock(opened[-1][1])}{because(found.today)}"


def next_opening(found: Opening, now: datetime) -> str:
    """When it opens next: 明天(周一) 9:00 开."""
    if found.opens is None:
        return "什么时候开请打电话问"
    day = near_day(found.opens.date(), now.astimezone(SHANGHAI).date())
    sure = "" if found.opens_certain else f"({UNPUBLISHED},来前请打电话问)"
    return f"{day} {clock(found.opens.time())} 开{sure}"


def because(hours: DayHours) -> str:
    """Why a day is not the usual one, in brackets; "" where it is."""
    return f"({hours.reason})" if hours.reason else ""
