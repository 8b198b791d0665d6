"""Puts together what stands apart in a sentence and is one time: 下周三我想去办护照,上午十点."""

from __future__ import annotations

import re
from dataclasses import replace

from nlu.times.durations import Relative
from nlu.times.moments import Moment
from nlu.times.occurrences import Dates
from nlu.times.phrases import Phrase
from nlu.times.picking import days_from

_SENTENCE_ENDS = re.compile(r"[。!?;\n]")
_TOGETHER = 15
"""Characters that may stand between a date and its clock: 下周三我想去办护照,上午十点."""


def joined(phrases: list[Phrase], text: str) -> list[Phrase]:
    """Dates and clocks of one sentence that stand apart belong together: 下周三我想去,上午十点吧."""
    joined: list[Phrase] = []
    for phrase in phrases:
        before = joined[-1] if joined else None
        if before is None or _apart(before, phrase, text):
            joined.append(phrase)
            continue
        joined.pop()
        joined += _together(before, phrase)
    return joined


def _apart(before: Phrase, phrase: Phrase, text: str) -> bool:
    between = text[before.stop : phrase.begin]
    return len(between) > _TOGETHER or _SENTENCE_ENDS.search(between) is not None


def _together(before: Phrase, phrase: Phrase) -> list[Phrase]:
    first, then = before.first, phrase.first
    if isinstance(first, Relative) or isinstance(then, Relative):
        return _from_then_on(before, phrase)
    if before.unwanted or phrase.unwanted:
        return [before, _contrasted(before, first, phrase, then)]
    if _names_its_day(before, first, phrase, then):
        part = first.part or then.part
        whole = replace(first, dates=then.dates, weekday=then.weekday, part=part)
        return [replace(before, first=whole, stop=phrase.stop)] if phrase.last is None else [before, phrase]
    after = before.limit in ("after", "from") and phrase.limit == "before"
    if after and not first.by_days and not then.by_days:
        return [replace(before, last=then, limit="", stop=phrase.stop)]  # 两点以后四点以前
    if first.dates is None or then.dates is not None or before.last is not None or before.limit:
        return [before, phrase]
    return _of_its_day(before, first, phrase, then, first.dates)


def _names_its_day(before: Phrase, first: Moment, phrase: Phrase, then: Moment) -> bool:
    """上午十点,明天; 八点半明天早上."""
    if first.dates is not None or before.limit or phrase.limit or before.stop + 3 < phrase.begin:
        return False
    return then.by_days or (first.part is None and then.dates is not None and then.clock is None)


def _of_its_day(before: Phrase, first: Moment, phrase: Phrase, then: Moment, day: Dates) -> list[Phrase]:
    if day.grain != "day":
        return [before]  # 下周…上午: no day is named that the morning could be of
    part = then.part or (first.part if then.clock is not None else None)
    with_date = replace(then, dates=day, weekday=first.weekday, part=part)
    if first.by_days or (first.clock is None and then.part in (None, first.part)):
        return [replace(phrase, begin=before.begin, first=with_date)]
    return [before, replace(phrase, first=with_date)]


def _from_then_on(before: Phrase, phrase: Phrase) -> list[Phrase]:
    """明天起三天内."""
    first, told = before.first, phrase.first
    if (
        before.limit != "from"
        or before.stop != phrase.begin
        or not (isinstance(first, Moment) and isinstance(told, Relative))
        or not (first.dates and first.by_days and told.relation == "within" and told.length.days)
    ):
        return [before, phrase]
    named = Moment(days_from(first.dates, told.length.days))
    return [replace(before, first=named, limit="", stop=phrase.stop)]


def _contrasted(before: Phrase, first: Moment, phrase: Phrase, then: Moment) -> Phrase:
    """What one of two is named to rule out is of one day with the other: 周三上午不行,下午呢."""
    ruled_out = before.unwanted and first.by_days
    if first.dates is None or then.dates is not None or ruled_out or first.dates.grain != "day":
        return phrase
    part = then.part or (first.part if then.clock is not None else None)
    return replace(phrase, first=replace(then, dates=first.dates, weekday=first.weekday, part=part))
