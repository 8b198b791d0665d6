"""A date, a part of the day and a clock, said together: 下周三上午九点半, 12月2日(周三)上午."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlu.times import durations
from nlu.times.clocks import Clock, Part, clock_at, counts_points, part_at
from nlu.times.dates import date_at, narrowed
from nlu.times.durations import Relative, relative_at
from nlu.times.numerals import WEEKDAY, weekday
from nlu.times.occurrences import Dates
from nlu.times.rules import Found

_GAP = re.compile(r"t(?=\d)|[ ,、]*(?:的话?)?[ ,]*(?:大约|大概|差不多|约|是|在|就|左右)?[ ]*(?:是|在)?")
_ABOUT = re.compile(r"多?左右|前后|来钟|多(?=$|[,。?! 到去来吧行])|上下(?!午|楼|周|个)")
_SAME_TIME = re.compile(r"的?(?:(?:现在)?这个?(?:时候|时间(?!段)|点(?!钟)|会儿)|此时|现在这会儿?)")
_OPENING, _CLOSING = re.compile(r"[ (]*"), re.compile(r"\s?\)?")
_ANNOTATED = re.compile(rf"\s*,?\s*\(?(?:周|星期|礼拜)(?P<day>{WEEKDAY}|[1-7](?![\d:点]))\s?\)?(?!次|回|趟)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it was named, not yet on the calendar. `weekday`: what a numbered date is said to be."""

    dates: Dates | None = None
    part: Part | None = None
    clock: Clock | None = None
    weekday: int | None = None
    same_time: bool = False
    """At the time of day it is now: 明天这个时候."""

    @property
    def by_days(self) -> bool:
        """Is only a date named?"""
        return self.part is None and self.clock is None and not self.same_time


def moment_at(text: str, position: int) -> Found[Moment] | Found[Relative] | None:
    """The time that begins at this place of a folded text: as much of it as is said together."""
    told: Found[Dates] | None = None
    if text[position] in durations.FIRST and (distance := relative_at(text, position)):
        if isinstance(distance.meaning, Relative):
            return Found(distance.meaning, distance.stop)
        told = Found(distance.meaning, distance.stop)
    told = told or date_at(text, position)
    if told is None:
        return _of_the_day(text, position, Moment())
    day = _annotated(told, text)
    if (now := _SAME_TIME.match(text, day.stop)) and day.meaning.dates and not day.meaning.dates.each:
        return Found(replace(day.meaning, same_time=True), now.end())
    return _of_the_day(text, _past(_GAP, text, day.stop), day.meaning) or day


def _annotated(told: Found[Dates], text: str) -> Found[Moment]:
    """12月2日(周三) and 周三25号: the number is the date, the weekday what it is said to be."""
    if told.meaning.weekday is not None:
        after = _past(_OPENING, text, told.stop)
        numbered = date_at(text, after) if text[after : after + 1].isnumeric() else None
        if numbered is not None and numbered.meaning.grain == "day":
            named = Moment(numbered.meaning, weekday=told.meaning.weekday)
            return Found(named, _past(_CLOSING, text, numbered.stop) if after > told.stop else numbered.stop)
    elif told.meaning.grain == "day" and (match := _ANNOTATED.match(text, told.stop)):
        whole = narrowed(Found(told.meaning, match.end()), text)  # 11月23日(周一)那一周
        return Found(Moment(whole.meaning, weekday=weekday(match["day"])), whole.stop)
    return Found(Moment(told.meaning), told.stop)


def _past(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _of_the_day(text: str, position: int, day: Moment) -> Found[Moment] | None:
    beside = day.dates is not None
    part = part_at(text, position, beside=beside)
    after = _past(_GAP, text, part.stop) if part else position
    clock = clock_at(text, after, after_part=part is not None)
    if clock is not None and (beside or part is not None or not counts_points(text, after, clock)):
        named = replace(day, part=part.meaning if part else None, clock=clock.meaning)
        return Found(named, _past(_ABOUT, text, clock.stop))
    return Found(replace(day, part=part.meaning), part.stop) if part else None
