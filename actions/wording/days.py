"""Which days a question about opening hours means: 周末, 明天, 下周六, 国庆. Pure; days in Asia/Shanghai."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from hall.centres.opening import Schedule, hours_on

_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKDAY = re.compile(r"(?P<next>下个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
_NEAR = {"大后天": 3, "后天": 2, "明天": 1, "今天": 0, "明早": 1, "今晚": 0}
_HOLIDAYS = {
    "元旦": "元旦",
    "春节": "春节",
    "过年": "春节",
    "清明": "清明节",
    "五一": "劳动节",
    "劳动节": "劳动节",
    "端午": "端午节",
    "中秋": "中秋节",
    "国庆": "国庆节",
    "十一": "国庆节",
}
_ELEVEN = re.compile(r"十一(?:点|号|楼|月|个|岁)")
_MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")


class Asked(Enum):
    """What is asked for where it is no day."""

    NOTHING = "nothing"
    NOON = "noon"


def asked_days(text: str, today: date) -> Sequence[date] | str | Asked:
    """The days that the text asks for, in order; the name of a holiday; or what else."""
    for word, name in _HOLIDAYS.items():
        if word in text and not (word == "十一" and _ELEVEN.search(text)):
            return name
    days = _named_days(text, today)
    if days:
        return sorted(set(days))
    if "中午" in text or "午休" in text:
        return Asked.NOON
    return Asked.NOTHING


def _named_days(text: str, today: date) -> list[date]:
    days: list[date] = []
    for word, ahead in _NEAR.items():
        if word in text:
            days.append(today + timedelta(days=ahead))
            text = text.replace(word, "")
    if "双休" in text:
        text += "周末"
    for found in _WEEKDAY.finditer(text):
        day = _weekday(today, _WEEKDAYS[found["day"]], following=bool(found["next"]))
        days += [day, day + timedelta(days=1)] if found["day"] == "末" else [day]
    for found in _MONTH_DAY.finditer(text):
        if (day_named := _in_year(today, int(found[1]), int(found[2]))) is not None:
            days.append(day_named)
    return days


def _weekday(today: date, weekday: int, *, following: bool) -> date:
    """The coming such weekday, today included; with 下 that of next week (weeks begin on Monday)."""
    if following:
        return today + timedelta(days=7 - today.weekday() + weekday)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _in_year(today: date, month: int, day: int) -> date | None:
    """The next such day of a year."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


@lru_cache(maxsize=256)
def holiday_days(schedule: Schedule, today: date, name: str) -> tuple[date, ...]:
    """The days in a row on which the next holiday of this name closes; empty where it is not yet known."""
    days: list[date] = []
    for ahead in range(366):
        hours = hours_on(schedule, today + timedelta(days=ahead))
        if hours.state == "closed" and name in hours.reason:
            days.append(hours.day)
        elif days:
            break
    return tuple(days)
