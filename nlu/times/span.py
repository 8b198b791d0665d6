"""What a reading of a text gives: spans of time, and what could not be read without guessing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Grain = Literal["year", "month", "week", "day", "hour", "minute", "second"]
"""How exactly a time was named. A part of the day (上午) is of grain hour; a range or limit by the clock of
grain minute; one by dates of grain day."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time named in a text, in the zone of the `now` it was read with (naive if that was).

    `end` is exclusive; None means open: 9点半以后, 12月1日起. `begin` and `stop` are the offsets of `text` in
    the text that was read. `dated`: a date was named, not a time of day alone (十点半: of which day is for
    the conversation to know). `past`: the time named is over (上周三), or the clock has passed it (今天8点,
    said at 9). `doubtful`: the weekday named is not that date's (12月2日周四); the date was taken.
    `unwanted`: it was named to be ruled out (不要周三, 明天没空). Of a phrase that names several times
    (周一三五) each has a part of the words.
    """

    start: datetime
    end: datetime | None
    grain: Grain
    begin: int = 0
    stop: int = 0
    text: str = ""
    dated: bool = True
    past: bool = False
    doubtful: bool = False
    unwanted: bool = False

    def window(self, longest: timedelta) -> tuple[datetime, datetime]:
        """Start and end in any case: what is open by the clock ends with its day, by date after `longest`."""
        if self.end is not None:
            return self.start, self.end
        if self.grain == "day":
            return self.start, self.start + longest
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return self.start, midnight


@dataclass(frozen=True, slots=True)
class Unknown:
    """A time that needs to know the days off of a year that has not published them (国庆后第一个工作日)."""

    year: int
    begin: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All times of a text, in the order they stand in it; the unwanted ones too."""

    spans: tuple[Span, ...] = ()
    unknown: tuple[Unknown, ...] = ()


class UnpublishedYearError(Exception):
    """Whether `day` is worked is not known: its year's days off are not published (调休)."""

    def __init__(self, day: date) -> None:
        super().__init__(f"days off of {day.year} are not published")
        self.day = day
