"""Where on the calendar a named time lies: the next one that has not passed, unless it names one that has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Literal

from nlu.times.clocks import Clock, Part, on_the_day
from nlu.times.durations import Relative, stretch
from nlu.times.moments import Moment
from nlu.times.occurrences import DAY, Dates, Period, every_day, monday
from nlu.times.span import Grain
from nlu.times.workdays import Workdays

Limit = Literal["", "before", "by", "after", "from", "within"]
"""What is said about a time: 之前 (without it), 截止 (with it), 以后 (after it), 起 (with it), 内."""

_FAR = 120
"""Occurrences tried before a time is held never to come: as many months as 29 February may be away."""
_SEVERAL = 5 * DAY
"""A part of the day named of more days than these is no list of times: the days are."""
_WHOLE_DAYS = ("day", "week", "month", "year")
_LONG_AGO = 35 * DAY
"""Back to the last occurrence of a day of the month."""
_LATER = Part(12, 24, afternoon=True)


@dataclass(frozen=True, slots=True)
class Placed:
    """A time on the calendar, without a zone; `end` None is open. `point`: its beginning was named."""

    start: datetime
    end: datetime | None
    grain: Grain
    point: bool = False
    doubtful: bool = False

    def over(self, now: datetime) -> bool:
        """Has it passed?"""
        if self.point:
            return self.start < (now if self.grain == "second" else now.replace(second=0))
        return self.end is not None and self.end <= now


class Calendar:
    """Places times as of a moment, in its local time.

    Its methods raise `UnpublishedYearError` where the answer hangs on working days that nobody knows yet.
    """

    def __init__(self, now: datetime, workdays: Workdays) -> None:
        self._now = now
        self._today = now.date()
        self._workdays = workdays

    def moment(self, named: Moment, listed_after: date | None = None) -> Placed | None:
        """The first occurrence that is not over, else (上周三) the one there is.

        In a list it stays in the week or month of what it is listed after: 下周三或周四, 下个月3号或5号.
        """
        if listed_after is not None and named.dates is not None:
            alike = _same_week if named.dates.weekday is not None else _same_month
            near = (
                self._place(named, period)
                for period in islice(self._periods(named), _FAR)
                if alike(period.first, listed_after)
            )
            placed = next(near, None)
            if placed is not None and not placed.over(self._now):
                return placed
        return self._choose(self._place(named, period) for period in self._periods(named))

    def each(self, named: Moment, listed_after: date | None = None) -> list[Placed]:
        """The times a moment is, where it is several: 周一三五, 周末上午, 明后天九点."""
        if named.dates is not None and named.dates.each:
            return self._listed(named, named.dates.each)
        if not named.by_days and not named.same_time and named.dates and named.dates.grain == "day":
            for period in islice(self._periods(named), _FAR):
                if not DAY < period.beyond - period.first <= _SEVERAL:
                    break
                if several := self._day_by_day(named, period):
                    return several
        placed = self.moment(named, listed_after)
        return [] if placed is None else [placed]

    def _listed(self, named: Moment, days: tuple[Dates, ...]) -> list[Placed]:
        found: list[Placed] = []
        for day in days:
            after = found[-1].start.date() if found else None
            if placed := self.moment(replace(named, dates=day), after):
                found.append(placed)
        return found

    def _day_by_day(self, named: Moment, period: Period) -> list[Placed]:
        days = (period.first + n * DAY for n in range((period.beyond - period.first).days))
        placed = (self._place(named, Period(day, day + DAY)) for day in days)
        return [time for time in placed if not time.over(self._now)]

    def last(self, named: Moment) -> Placed | None:
        """The last occurrence that has begun: 周三来过 is said of one that is over."""
        dates = named.dates or every_day()
        periods = list(islice(dates.occurrences(self._today, self._workdays), 2))
        if len(periods) > 1:
            periods = list(islice(dates.occurrences(self._today - _LONG_AGO, self._workdays), _FAR))
        begun = [placed for period in periods if (placed := self._place(named, period)).start <= self._now]
        return begun[-1] if begun else self.moment(named)

    def from_to(self, first: Moment, last: Moment) -> list[Placed]:
        """From the one to the other; 3号到5号上午 is the morning of each day."""
        whole = self._between(first, last)
        if whole is None:
            return []
        mornings = first.by_days and last.dates is not None and last.part and last.clock is None
        days = Period(whole.start.date(), (whole.end or whole.start).date() + DAY)
        if mornings and days.beyond - days.first <= _SEVERAL:
            return self._day_by_day(Moment(part=last.part), days)
        return [whole]

    def _between(self, first: Moment, last: Moment) -> Placed | None:
        """The second takes from the first what it does not say itself.

        Told across midnight (2点-明天4点) clocks without a part of the day are the whole day's.
        """
        if (
            first.dates is None
            and last.dates
            and not (first.part or last.part)
            and first.clock
            and last.clock
        ):
            first = replace(first, clock=replace(first.clock, exact=True))
            last = replace(last, clock=replace(last.clock, exact=True))
        return self._choose(
            placed
            for period in self._periods(first, alone=False)
            if (placed := self._range(first, last, period)) is not None
        )

    def relative(self, told: Relative) -> Placed:
        """A time told by its distance from now."""
        start, end = stretch(told, self._now, self._workdays)
        if told.seconds_named:
            return Placed(start, end, "second")
        return Placed(start, end, "minute" if told.length.by_clock else "day", point=told.relation == "after")

    def limited(self, named: Moment, limit: Limit) -> Placed | None:
        """All the time before, after, within a moment; None when nothing of it is left."""
        if limit == "after" and named.by_days and named.dates and named.dates.days_off:
            named = replace(named, dates=replace(named.dates, occurrences=named.dates.days_off))
        placed = self.moment(named)
        if placed is None or placed.end is None:
            return None
        grain: Grain = "day" if named.by_days else "minute"
        if limit in ("after", "from"):
            with_it = limit == "from" or not named.by_days
            return replace(placed, start=placed.start if with_it else placed.end, end=None, grain=grain)
        start, end = self._until(named, placed, placed.end, limit)
        return Placed(start, end, grain, doubtful=placed.doubtful) if start < end else None

    def _until(self, named: Moment, placed: Placed, end: datetime, limit: Limit) -> tuple[datetime, datetime]:
        closing = named.dates is not None and named.dates.closing
        without_it = limit == "before" and not closing and (placed.start > self._now or not named.by_days)
        if without_it or (limit == "by" and named.clock is not None):
            end = placed.start
        far = placed.start.date() > self._today and (not named.by_days or limit == "within")
        start = datetime.combine(placed.start, time()) if far else self._now
        return start, end

    def _choose(self, candidates: Iterator[Placed]) -> Placed | None:
        latest = None
        for candidate in islice(candidates, _FAR):
            if not candidate.over(self._now):
                return candidate
            latest = candidate
        return latest

    def _periods(self, named: Moment, *, alone: bool = True) -> Iterator[Period]:
        dates = named.dates or every_day()
        periods = dates.occurrences(self._today, self._workdays)
        if alone and dates.skips_today and named.by_days:
            return (period for period in periods if period.first != self._today)
        return periods

    def _place(self, named: Moment, period: Period) -> Placed:
        """A part of the day or a clock says nothing of a period of several days (下周上午)."""
        if named.same_time:
            return self._same_time(period)
        doubtful = named.weekday is not None and period.first.weekday() != named.weekday
        if named.by_days or period.beyond - period.first > DAY:
            grain = named.dates.grain if named.dates else "day"
            return Placed(_midnight(period.first), _midnight(period.beyond), grain, doubtful=doubtful)
        if named.clock is not None:
            return replace(_clock(period.first, named.clock, named.part), doubtful=doubtful)
        part = named.part or _LATER
        midnight = _midnight(period.first)
        start, end = midnight + timedelta(hours=part.first), midnight + timedelta(hours=part.beyond)
        return Placed(start, end, "hour", doubtful=doubtful)

    def _same_time(self, period: Period) -> Placed:
        """Of a week: on the day of the week that it is now."""
        weekday = self._today.weekday() if period.beyond - period.first == 7 * DAY else 0
        time_now = self._now.time().replace(second=0)
        start = datetime.combine(period.first + weekday * DAY, time_now)
        return Placed(start, start + timedelta(minutes=1), "minute", point=True)

    def _range(self, first: Moment, last: Moment, period: Period) -> Placed | None:
        begin = self._place(first, period)
        end = next((end for end in self._ends(first, last, period, begin) if end > begin.start), None)
        if end is None:
            return None
        whole_days = begin.grain in _WHOLE_DAYS and end == _midnight(end.date())
        return Placed(begin.start, end, "day" if whole_days else "minute", doubtful=begin.doubtful)

    def _ends(self, first: Moment, last: Moment, period: Period, begin: Placed) -> Iterator[datetime]:
        if last.dates is not None:
            periods = islice(self._after(last.dates, begin.start.date()), _FAR)
            return (_end(self._place(last, later)) for later in periods)
        parts = [last.part] if last.part or first.part is None else [first.part]
        if last.part is None:
            parts += [None, _LATER]
        same_day = (_end(self._place(replace(last, part=part), period)) for part in parts)
        next_day = Period(period.first + DAY, period.first + 2 * DAY)
        return chain(same_day, (_end(self._place(last, day)) for day in (next_day,)))

    def _after(self, dates: Dates, day: date) -> Iterator[Period]:
        """Occurrences told from today; those of a date that comes again, from `day` if that is earlier."""
        periods = dates.occurrences(self._today, self._workdays)
        if day >= self._today:
            return periods
        first_two = list(islice(periods, 2))
        return dates.occurrences(day, self._workdays) if len(first_two) > 1 else iter(first_two)


def _as_written(named: Moment) -> Moment:
    return replace(named, clock=named.clock and replace(named.clock, exact=True))


def _same_week(day: date, other: date) -> bool:
    return monday(day) == monday(other)


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _clock(day: date, clock: Clock, part: Part | None) -> Placed:
    hour, days = on_the_day(clock, part)
    start = datetime.combine(day + days * DAY, time(hour, clock.minute, clock.second))
    return Placed(start, start + clock.lasts, clock.grain, point=True)


def _end(placed: Placed) -> datetime:
    """Where a range ends that ends with this: at a clock's time, with the whole of a date."""
    return placed.start if placed.point or placed.end is None else placed.end
