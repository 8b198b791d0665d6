"""Finds the times in a text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from nlu.times.durations import Relative
from nlu.times.folding import fold
from nlu.times.joining import joined
from nlu.times.phrases import Phrase, phrases_of
from nlu.times.placing import Calendar, Placed
from nlu.times.refusing import with_refusals
from nlu.times.span import Reading, Span, Unknown, UnpublishedYearError
from nlu.times.workdays import Workdays, published

LONGEST = 1000
"""Characters of a text that are read."""

_LISTED = re.compile(r"\s*[,、/]?\s*(?:或者?是?|还是|和|跟|与|要么)?\s*")


def read(text: str, now: datetime, workdays: Workdays = published) -> Reading:
    """The times named in a text, as of `now`, in the zone of `now` (hand in local time: 明天 is that zone's).

    What can only be told by knowing the working days of an unpublished year comes back as unknown.
    """
    folded = fold(text[:LONGEST])
    local = now.replace(tzinfo=None, microsecond=0)
    calendar = Calendar(local, workdays)
    spans: list[Span] = []
    unknown: list[Unknown] = []
    before: tuple[int, date, bool] | None = None
    for phrase in joined(with_refusals(phrases_of(folded), folded), folded):
        listed = before is not None and _goes_on(before, phrase, folded)
        try:
            times = _place(phrase, calendar, before[1] if before and listed else None)
        except UnpublishedYearError as error:
            said = text[phrase.begin : phrase.stop]
            unknown.append(Unknown(error.day.year, phrase.begin, phrase.stop, said))
            continue
        except (OverflowError, ValueError):  # 99999年后 is on no calendar
            continue
        for placed, (begin, stop) in zip(times, _shared(phrase.begin, phrase.stop, len(times)), strict=True):
            span = _span(placed, phrase, now, local)
            if all(_differs(span, other) for other in spans):
                before = phrase.stop, placed.start.date(), phrase.unwanted
                spans.append(replace(span, begin=begin, stop=stop, text=text[begin:stop]))
    return Reading(tuple(spans), tuple(unknown))


def _goes_on(before: tuple[int, date, bool], phrase: Phrase, text: str) -> bool:
    stop, _, unwanted = before
    return unwanted is phrase.unwanted and _LISTED.fullmatch(text, stop, phrase.begin) is not None


def _place(phrase: Phrase, calendar: Calendar, listed_after: date | None) -> list[Placed]:
    if isinstance(phrase.first, Relative):
        return [calendar.relative(phrase.first)]
    if phrase.last is not None:
        return calendar.from_to(phrase.first, phrase.last)
    if not phrase.limit and not phrase.told:
        return calendar.each(phrase.first, listed_after)
    placed = calendar.limited(phrase.first, phrase.limit) if phrase.limit else calendar.last(phrase.first)
    return [] if placed is None else [placed]


def _shared(begin: int, stop: int, times: int) -> list[tuple[int, int]]:
    """The words of a phrase, shared out among the times it names: no two spans overlap."""
    starts = range(begin, begin + times)
    return [(start, start + 1) for start in starts[:-1]] + [(start, stop) for start in starts[-1:]]


def _differs(span: Span, other: Span) -> bool:
    """A time named twice (明天,对,明天) is one."""
    return (span.start, span.end, span.grain, span.unwanted) != (
        other.start,
        other.end,
        other.grain,
        other.unwanted,
    )


def _span(placed: Placed, phrase: Phrase, now: datetime, local: datetime) -> Span:
    return Span(
        start=placed.start.replace(tzinfo=now.tzinfo),
        end=placed.end and placed.end.replace(tzinfo=now.tzinfo),
        grain=placed.grain,
        dated=isinstance(phrase.first, Relative) or phrase.first.dates is not None,
        past=placed.over(local),
        doubtful=placed.doubtful,
        unwanted=phrase.unwanted,
    )
