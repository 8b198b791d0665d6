"""Times so far from now: 半小时后, 三天后, 两周后的周三, 三天内, 5个工作日后, 之前3小时, 未来两天."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from nlu.times.numerals import ANY, WEEKDAY, number, weekday
from nlu.times.occurrences import DAY, Dates, days_away, months_away, workdays_away
from nlu.times.occurrences import weekday as weekdays
from nlu.times.rules import Found
from nlu.times.workdays import Workdays

Relation = Literal["after", "before", "within", "next", "last"]

_UNIT = r"秒钟?|分钟|刻钟|小时|钟头|天|日|周|星期|礼拜|月|年|工作日"


def _pattern(place: int) -> str:
    return (
        rf"(?:(?P<n{place}>\d{{1,4}}(?:\.\d)?|半|{ANY})(?P<more{place}>个半)?(?P<piece{place}>个)?多?"
        rf"(?P<unit{place}>{_UNIT})(?P<half{place}>半)?)"
    )


_DURATION = _pattern(1) + rf"(?:[零又]?{_pattern(2)})?"
_AFTER = r"(?:之后|以后|过后|后面?(?!天|台|年|半))"
_BEFORE = r"(?:之前|以前|前面?(?!天|台|往|年|半))"
_WITHIN = r"(?:之内|以内|内(?![容部科在]))"
_SAID_AFTER = re.compile(
    rf"{_DURATION}的?(?:(?P<after>{_AFTER})|(?P<before>{_BEFORE})|(?P<within>{_WITHIN}))"
)
_SAID_BEFORE = re.compile(
    r"(?:(?P<after>再过|过(?![了去]|一(?:会|下|段|阵|些|点)))|(?P<next>(?:未来|接下来的?|今后|往后|下|后)的?)|(?P<last>过去的?|之前的?|前|上))"
    rf"{_DURATION}(?:{_AFTER})?(?P<within>{_WITHIN})?(?!前|后|次|级)"
)
_ONE_HOUR = re.compile(r"(?:(?P<next>下)|(?P<last>上))一?个(?P<unit>小时|钟头)")
_MID_CLAUSE = re.compile(r"[^ ,。!?;:、我你您就想要得能在约从再等那]$")
"""Before a lone 过, 前, 后, 上, 下 that tells no time: 断过两年, 到期前三个月, 马上六年."""
_WEEKDAY_THEN = re.compile(rf"的?(?:周|星期|礼拜)(?P<day>{WEEKDAY})")
_CONDITION = re.compile(r"[违无未的犯数正免照]|[一二两]寸|[没有](?!有?[空时])")
"""What follows 五年内, 6个月内 where that is no time to come: 违章, 无犯罪记录, 免冠照片."""
_SECONDS = {"秒": 1, "秒钟": 1, "分钟": 60, "刻钟": 900, "小时": 3600, "钟头": 3600}
_WEEKS = ("周", "星期", "礼拜")
FIRST = "0123456789零〇一二两三四五六七八九十百廿卅半再过未接今往下后之前上"


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: by the calendar (months, days, working days), or by the clock (seconds)."""

    months: int = 0
    days: int = 0
    workdays: int = 0
    seconds: int = 0

    @property
    def by_clock(self) -> bool:
        """Is it measured in hours and less?"""
        return self.seconds > 0

    def away(self, direction: int) -> Dates:
        """The day so far from today; `direction` is 1 or -1."""
        if self.workdays:
            return workdays_away(direction * self.workdays)
        if self.months and not self.days:
            return months_away(direction * self.months)
        if self.months:
            return days_away(direction * (30 * self.months + self.days))
        return days_away(direction * self.days)


@dataclass(frozen=True, slots=True)
class Relative:
    """A time told by its distance from now."""

    length: Length
    relation: Relation
    seconds_named: bool = False


def relative_at(text: str, position: int) -> Found[Relative | Dates] | None:
    """What is told by its distance from now at this place: a day (三天后), or a time or stretch."""
    if match := _ONE_HOUR.match(text, position):
        return Found(Relative(Length(seconds=3600), "next" if match["next"] else "last"), match.end())
    if match := _SAID_AFTER.match(text, position):
        return _said_after(match)
    if match := _SAID_BEFORE.match(text, position):
        return _said_before(match)
    return None


def _said_after(match: re.Match[str]) -> Found[Relative | Dates] | None:
    length = _length(match)
    if length is None:
        return None
    if match["within"]:
        long = match["unit1"] in ("年", "月")
        return (
            None
            if long and _CONDITION.match(match.string, match.end())
            else Found(Relative(length, "within"), match.end())
        )
    direction = 1 if match["after"] else -1
    if direction < 0 and match["unit1"] == "日":  # 5日前 is before the fifth
        return None
    if length.by_clock:
        relation: Relation = "after" if match["after"] else "before"
        return Found(Relative(length, relation, match["unit1"].startswith("秒")), match.end())
    if match["unit1"] in _WEEKS and (day := _WEEKDAY_THEN.match(match.string, match.end())):
        weeks = direction * (length.days // 7)
        return Found(weekdays(weekday(day["day"]), None, weeks), day.end())
    return Found(length.away(direction), match.end())


def _said_before(match: re.Match[str]) -> Found[Relative | Dates] | None:
    length = _length(match)
    if length is None or (match["unit1"] == "日" and not match["within"]):
        return None
    lone = match.start("n1") - match.start() == 1
    if lone and _MID_CLAUSE.search(match.string[max(0, match.start() - 1) : match.start()]):
        return None
    if match["after"]:
        return Found(Relative(length, "after") if length.by_clock else length.away(1), match.end())
    if match["n1"] in ("半", "一", "1") and len(match.string[match.start() : match.start("n1")]) == 1:
        return None  # 下半年, 上一年, 前半天: named otherwise, if at all
    relation: Relation = "next" if match["next"] else "last"
    return Found(Relative(length, relation, match["unit1"].startswith("秒")), match.end())


def _length(match: re.Match[str]) -> Length | None:
    if not _is_length(match):
        return None
    first = _one_length(match["n1"], match["unit1"], bool(match["more1"] or match["half1"]))
    if match["n2"] is None:
        return first if first != Length() else None
    second = _one_length(match["n2"], match["unit2"], bool(match["more2"] or match["half2"]))
    if second.by_clock:
        return (
            Length(seconds=first.seconds + first.days * 86400 + second.seconds) if not first.months else None
        )
    return Length(first.months + second.months, first.days + second.days, first.workdays + second.workdays)


def _is_length(match: re.Match[str]) -> bool:
    """3月后 is after March, 2026年后 and 25日后 after that date; 三个月后, 两年后, 三日后 are lengths."""
    if match["unit1"] == "月":
        return bool(match["piece1"] or match["more1"])
    if match["n1"] == "半" or "." in match["n1"]:
        return True
    if match["unit1"] == "年":
        return number(match["n1"]) < 100
    return match["unit1"] != "日" or number(match["n1"]) <= 15 or match["within"] is not None


def _one_length(numeral: str, unit: str, and_a_half: bool) -> Length:
    if "." in numeral:
        halves = round(2 * float(numeral))
    else:
        halves = 1 if numeral == "半" else 2 * number(numeral) + and_a_half
    if unit in _SECONDS:
        return Length(seconds=halves * _SECONDS[unit] // 2)
    if unit == "工作日":
        return Length(workdays=(halves + 1) // 2)
    if unit in ("月", "年"):
        months = halves * (12 if unit == "年" else 1)
        return Length(months=months // 2, days=15 * (months % 2))
    days = halves * (7 if unit in _WEEKS else 1)
    return Length(seconds=days * 43200) if days % 2 else Length(days=days // 2)


def stretch(told: Relative, now: datetime, workdays: Workdays) -> tuple[datetime, datetime]:
    """From when to when a relative time lasts.

    N后 and N前 are a point, a minute long. Within and next by the calendar end with a whole day; 未来三天
    begins tomorrow.

    Raises:
        UnpublishedYearError: it is told in working days that nobody knows yet.
    """
    step = timedelta(seconds=told.length.seconds)
    if told.relation in ("after", "before"):
        start = now + step if told.relation == "after" else now - step
        return start, start + timedelta(seconds=1 if told.seconds_named else 60)
    if told.length.by_clock:
        return (now - step, now) if told.relation == "last" else (now, now + step)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    away = told.length.away(-1 if told.relation == "last" else 1)
    period = next(away.occurrences(now.date(), workdays))
    if told.relation == "last":
        return datetime.combine(period.first, time()), midnight
    return now if told.relation == "within" else midnight + DAY, datetime.combine(period.beyond, time())
