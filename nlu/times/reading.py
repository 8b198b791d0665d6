"""Finds the times in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from nlu.times import clocks, dates, durations
from nlu.times.durations import Relative
from nlu.times.folding import fold
from nlu.times.moments import Moment, moment_at
from nlu.times.numerals import NUMERALS
from nlu.times.placing import Calendar, Limit, Placed
from nlu.times.span import Reading, Span, Unknown, UnpublishedYearError
from nlu.times.workdays import Workdays, published

LONGEST = 1000
"""Characters of a text that are read."""

_PREFIXES: dict[str, Limit] = {
    "最晚|最迟|至迟|不晚于|截至|截止到?": "by",
    "最早|不早于": "from",
    "过了|过完|等过了": "after",
}
_PREFIX = re.compile("|".join(f"({words})" for words in _PREFIXES))
_SUFFIXES: dict[str, Limit] = {
    r"之前|以前|前(?![天台往面半几来后言])": "before",
    r"之后|以后|过后|后(?![天台面续门来半悔期])": "after",
    r"开始|起(?![来诉草])|往后": "from",
    r"之内|以内|内(?![容部科在网蒙])": "within",
    r"为止|截止": "by",
}
_SUFFIX = re.compile("|".join(f"({words})" for words in _SUFFIXES))
_TO = re.compile(r"\s*(?:,?一直)?(?:到|至|-+|~|直到)\s*")
_AND = re.compile(r"\s*(?:和|与|跟)\s*")
_LISTED = re.compile(r"\s*[,、]?\s*(?:或者?是?|还是|和|跟|与|要么)?\s*")
_OVER = re.compile(
    r"(?:的?时候|那天|那会儿)?[^,。?!;、]{0,6}?(?:[来去办交取问打跑排领寄传报签拍到]过(?![来去年期节程户渡后])|发生了)"
)
_BETWEEN = re.compile(r"之间|中间")
_TITLE = re.compile(r"《[^》]*》?")
_START = re.compile(
    f"[{re.escape(''.join(sorted(set(dates.FIRST + clocks.FIRST + durations.FIRST + '最至不截等过'))))}《]"
)
_SENTENCE_ENDS = re.compile(r"[。!?;\n]")
_TOGETHER = 15
"""Characters that may stand between a date and its clock: 下周三我想去办护照,上午十点."""
_CONTINUED = frozenset(NUMERALS)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of text that names a time, and what it names."""

    begin: int
    stop: int
    first: Moment | Relative
    last: Moment | None = None
    limit: Limit = ""
    told: bool = False
    """What is said of it is over: 周三来过."""


def read(text: str, now: datetime, workdays: Workdays = published) -> Reading:
    """The times named in a text, as of `now`, in the zone of `now` (hand in local time: 明天 is that zone's).

    What can only be told by knowing the working days of an unpublished year comes back as unknown.
    """
    folded = fold(text[:LONGEST])
    local = now.replace(tzinfo=None, microsecond=0)
    calendar = Calendar(local, workdays)
    spans: list[Span] = []
    unknown: list[Unknown] = []
    before: tuple[int, Placed] | None = None
    for phrase in _joined(_phrases(folded), folded):
        said = text[phrase.begin : phrase.stop]
        listed = before is not None and _LISTED.fullmatch(folded, before[0], phrase.begin)
        try:
            placed = _place(phrase, calendar, before[1].start.date() if before and listed else None)
        except UnpublishedYearError as error:
            unknown.append(Unknown(error.day.year, phrase.begin, phrase.stop, said))
            continue
        except (OverflowError, ValueError):  # 99999年后 is on no calendar
            continue
        if placed is not None and all(_differs(span, placed, now) for span in spans):
            before = phrase.stop, placed
            spans.append(_span(placed, phrase, said, now, local))
    return Reading(tuple(spans), tuple(unknown))


def _place(phrase: Phrase, calendar: Calendar, listed_after: date | None) -> Placed | None:
    if isinstance(phrase.first, Relative):
        return calendar.relative(phrase.first)
    if phrase.last is not None:
        return calendar.between(phrase.first, phrase.last)
    if phrase.limit:
        return calendar.limited(phrase.first, phrase.limit)
    if phrase.told:
        return calendar.last(phrase.first)
    return calendar.moment(phrase.first, listed_after)


def _differs(span: Span, placed: Placed, now: datetime) -> bool:
    """A time named twice (明天,对,明天上午) is one."""
    start, end = placed.start.replace(tzinfo=now.tzinfo), placed.end and placed.end.replace(tzinfo=now.tzinfo)
    return (span.start, span.end, span.grain) != (start, end, placed.grain)


def _span(placed: Placed, phrase: Phrase, said: str, now: datetime, local: datetime) -> Span:
    return Span(
        start=placed.start.replace(tzinfo=now.tzinfo),
        end=placed.end and placed.end.replace(tzinfo=now.tzinfo),
        grain=placed.grain,
        begin=phrase.begin,
        stop=phrase.stop,
        text=said,
        dated=isinstance(phrase.first, Relative) or phrase.first.dates is not None,
        past=placed.over(local),
        doubtful=placed.doubtful,
    )


def _phrases(text: str) -> list[Phrase]:
    found: list[Phrase] = []
    position = 0
    while match := _START.search(text, position):
        position = match.start()
        if text[position] == "《":  # a law's or a form's title: 《2026年度…通知》
            title = _TITLE.match(text, position)
            position = title.end() if title else position + 1
            continue
        phrase = None if _continues(text, position, found) else _phrase_at(text, position)
        if phrase is None or _a_while(text, phrase):
            position += 1
            continue
        found.append(phrase)
        position = phrase.stop
    return found


def _continues(text: str, position: int, found: list[Phrase]) -> bool:
    """Is this within a longer number (三|十点, 135|12月), or an ordinal (第三天)?"""
    if position == 0 or (found and found[-1].stop == position):
        return False
    before, character = text[position - 1], text[position]
    if before in "第几":
        return True
    if character.isdecimal() and (before.isascii() and (before.isalnum() or before in ".#")):
        return True
    return character in NUMERALS and before in _CONTINUED


def _a_while(text: str, phrase: Phrase) -> bool:
    """等了一下午, 一整天上午: a part of the day that is a length, not a time."""
    named = phrase.first
    if not isinstance(named, Moment) or named.dates is not None or named.clock is not None:
        return False
    return phrase.begin > 0 and text[phrase.begin - 1] in "一整每"


def _phrase_at(text: str, position: int) -> Phrase | None:
    limit: Limit = ""
    begin = position
    if match := _PREFIX.match(text, position):
        limit, position = list(_PREFIXES.values())[(match.lastindex or 1) - 1], match.end()
        if position >= len(text):
            return None
    try:
        found = moment_at(text, position)
        if found is None:
            return None
        if isinstance(found.meaning, Relative):
            return Phrase(begin, found.stop, found.meaning)
        told = _OVER.match(text, found.stop) is not None
        return _extended(text, Phrase(begin, found.stop, found.meaning, limit=limit, told=told))
    except ValueError:  # a row of numerals that is no number (十十天后)
        return None


def _extended(text: str, phrase: Phrase) -> Phrase:
    """With what follows: another end (到十一点), or a limit (之前)."""
    phrase = _to_another(text, phrase)
    if phrase.last is not None or phrase.limit:
        between = _BETWEEN.match(text, phrase.stop)
        return replace(phrase, stop=between.end()) if between else phrase
    if match := _SUFFIX.match(text, phrase.stop):
        return replace(phrase, limit=list(_SUFFIXES.values())[(match.lastindex or 1) - 1], stop=match.end())
    return phrase


def _to_another(text: str, phrase: Phrase) -> Phrase:
    to = _TO.match(text, phrase.stop)
    joined = to or _AND.match(text, phrase.stop)
    if joined is None or joined.end() >= len(text) or phrase.limit in ("by", "after"):
        return phrase
    other = moment_at(text, joined.end())
    if other is None or isinstance(other.meaning, Relative):
        return phrase
    if to is None and not _BETWEEN.match(text, other.stop):
        return phrase
    return replace(phrase, last=other.meaning, limit="", stop=other.stop)


def _joined(phrases: list[Phrase], text: str) -> list[Phrase]:
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
        return [before, phrase]
    if (
        first.dates is None
        and then.by_days
        and before.stop + 3 >= phrase.begin
        and not (before.limit or phrase.limit)
    ):
        whole = replace(
            before, first=replace(first, dates=then.dates, weekday=then.weekday), stop=phrase.stop
        )
        return [whole] if phrase.last is None else [before, phrase]
    if (
        before.limit in ("after", "from")
        and phrase.limit == "before"
        and not first.by_days
        and not then.by_days
    ):
        return [replace(before, last=then, limit="", stop=phrase.stop)]  # 两点以后四点以前
    if first.dates is None or then.dates is not None or before.last is not None or before.limit:
        return [before, phrase]
    if first.dates.grain != "day":
        return [before]  # 下周…上午: no day is named that the morning could be of
    part = then.part or (first.part if then.clock is not None else None)
    with_date = replace(then, dates=first.dates, weekday=first.weekday, part=part)
    if first.by_days or (first.clock is None and then.part in (None, first.part)):
        return [replace(phrase, begin=before.begin, first=with_date)]
    return [before, replace(phrase, first=with_date)]
