"""When a date that was named occurs: once (明天, 2026年3月5号), or again and again (周三, 25号, 国庆)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from nlu.times.span import Grain
from nlu.times.workdays import Workdays, is_worked

DAY = timedelta(days=1)
_SATURDAY = 5
_YEARS_AHEAD = 9
"""29 February may be eight years away; what has not come by then never comes."""


class Period(NamedTuple):
    """Whole days; `beyond` is the first day after."""

    first: date
    beyond: date


Occurrences = Callable[[date, Workdays], Iterator[Period]]
Months = Callable[[date], Iterator[tuple[int, int]]]
Matches = Callable[[date, Workdays], bool]


@dataclass(frozen=True, slots=True)
class Dates:
    """A date as it was named; `occurrences` gives its days in order, from today's or the last before it.

    `weekday`: what a date that names a weekday (周三, 下周三) names.
    `skips_today`: standing alone it never means today (周三, said on a Wednesday, is the next one).
    `closing`: the end of a longer time (月底); 月底前 does not leave it out.
    `days_off`: the days off around a public holiday.
    `each`: the days of a list, which is several times (周一三五); `occurrences` are the first one's.
    """

    grain: Grain
    occurrences: Occurrences
    weekday: int | None = None
    skips_today: bool = False
    closing: bool = False
    days_off: Occurrences | None = None
    each: tuple[Dates, ...] = ()


def _one(day: date, length: int = 1) -> Iterator[Period]:
    yield Period(day, day + length * DAY)


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - day.weekday() * DAY


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month if it is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_away(days: int, length: int = 1) -> Dates:
    """So many days from today: 明天 is 1."""
    return Dates("day", lambda today, _: _one(today + days * DAY, length))


def months_away(months: int) -> Dates:
    """The day so many months from today."""
    return Dates("day", lambda today, _: _one(add_months(today, months)))


def every_day() -> Dates:
    """Any day from today on: of a clock without a date."""
    return Dates(
        "day", lambda today, _: (Period(day, day + DAY) for day in (today + n * DAY for n in count()))
    )


def workdays_away(number: int) -> Dates:
    """The `number`-th working day after today, before it if negative."""
    step = DAY if number > 0 else -DAY

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        left, day = abs(number), today
        while left:
            day += step
            left -= is_worked(day, workdays)
        return _one(day)

    return Dates("day", occur)


def weekday(first: int, last: int | None = None, weeks: int | None = None) -> Dates:
    """A weekday (or a run of them), of the week so many weeks away; of any week from this one on if None.

    A run that ends today (周一到周三, said on a Wednesday) is the next one; the weekend is still this one.
    """
    length = ((first if last is None else last) - first) % 7 + 1

    def occur(today: date, _: Workdays) -> Iterator[Period]:
        start = monday(today) + first * DAY
        if weeks is not None:
            return _one(start + 7 * weeks * DAY, length)
        ends_today = last is not None and start + (length - 1) * DAY == today and first != _SATURDAY
        weeks_on = count(1 if ends_today else 0)
        return (Period(day, day + length * DAY) for day in (start + 7 * week * DAY for week in weeks_on))

    single = first if last is None else None
    return Dates("day", occur, weekday=single, skips_today=weeks is None and last is None)


def week(weeks: int) -> Dates:
    """Monday to Sunday of the week so many weeks away."""
    return Dates("week", lambda today, _: _one(monday(today) + 7 * weeks * DAY, 7))


def years(year: int | None, away: int | None) -> Callable[[date], Iterator[int]]:
    """The year meant: its number, or so many years from this one, or any from last year on."""

    def choose(today: date) -> Iterator[int]:
        if year is not None:
            return iter((year,))
        if away is not None:
            return iter((today.year + away,))
        return iter(range(today.year - 1, today.year + _YEARS_AHEAD))

    return choose


def whole_year(year: int | None, away: int | None) -> Dates:
    """1 January to 31 December."""
    return Dates("year", lambda today, _: (_whole_year(number) for number in years(year, away)(today)))


def _whole_year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def months_of(month: int, year: int | None = None, away: int | None = None) -> Months:
    """The month of that number, in the year meant."""
    return lambda today: ((number, month) for number in years(year, away)(today))


def month_away(months: int) -> Months:
    """The month so many months from this one."""

    def choose(today: date) -> Iterator[tuple[int, int]]:
        day = add_months(today.replace(day=1), months)
        yield day.year, day.month

    return choose


def any_month(today: date) -> Iterator[tuple[int, int]]:
    """This month and those that follow."""
    first = today.replace(day=1)
    for months in range(12 * _YEARS_AHEAD):
        day = add_months(first, months)
        yield day.year, day.month


def days_of(months: Months, first: int = 1, last: int | None = None, grain: Grain = "day") -> Dates:
    """Days of a month by number, to its end if `last` is None; months without the first are passed over."""

    def occur(today: date, _: Workdays) -> Iterator[Period]:
        for year, month in months(today):
            length = monthrange(year, month)[1]
            if first <= length:
                begin = date(year, month, first)
                yield Period(begin, begin + (min(last or length, length) - first + 1) * DAY)

    return Dates(grain, occur)


def yearly(
    find: Callable[[int], date | None], year: int | None, away: int | None, *, public: bool = False
) -> Dates:
    """A day that each year has in its own place (中秋); `public` if there are days off around it."""

    def occur(today: date, _: Workdays) -> Iterator[Period]:
        for number in years(year, away)(today):
            day = find(number)
            if day is not None:
                yield Period(day, day + DAY)

    return Dates("day", occur, days_off=_days_off(occur) if public else None)


def any_of(finds: Iterable[Callable[[int], date | None]]) -> Dates:
    """Whichever of several yearly public holidays comes next."""
    finds = list(finds)

    def occur(today: date, _: Workdays) -> Iterator[Period]:
        for number in years(None, None)(today):
            for day in sorted(day for day in (find(number) for find in finds) if day is not None):
                yield Period(day, day + DAY)

    return Dates("day", occur, days_off=_days_off(occur))


def _days_off(around: Occurrences) -> Occurrences:
    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, beyond in around(today, workdays):
            while not is_worked(first - DAY, workdays):
                first -= DAY
            while not is_worked(beyond, workdays):
                beyond += DAY
            yield Period(first, beyond)

    return occur


def holiday_period(holiday: Dates) -> Dates:
    """The days off around a public holiday; the day itself where there are none."""
    return replace(holiday, occurrences=holiday.days_off or holiday.occurrences)


def worked_day() -> Dates:
    """Working days from today on (工作日)."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        return (
            Period(day, day + DAY) for day in (today + n * DAY for n in count()) if is_worked(day, workdays)
        )

    return Dates("day", occur)
