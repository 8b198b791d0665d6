"""Days picked out of a longer time, or beside it: 下个月第一个周一, 国庆后第一个工作日, 下周前三天."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count, islice

from nlu.times.occurrences import DAY, Dates, Matches, Period, add_months, holiday_period, monday
from nlu.times.workdays import Workdays, is_worked


def any_day(day: date, workdays: Workdays) -> bool:
    """Matches every day."""
    return True


def on_weekday(number: int) -> Matches:
    """Matches one weekday, 0 being Monday."""
    return lambda day, _: day.weekday() == number


def nth_in(period: Dates, matches: Matches, place: int) -> Dates:
    """The first, second (1, 2), or last (-1) day of a period that matches."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, beyond in period.occurrences(today, workdays):
            length = (beyond - first).days
            days = (first + step * DAY if place > 0 else beyond - (step + 1) * DAY for step in range(length))
            found = next(islice((day for day in days if matches(day, workdays)), abs(place) - 1, None), None)
            if found is not None:
                yield Period(found, found + DAY)

    return Dates("day", occur)


def nth_from(period: Dates, matches: Matches, place: int) -> Dates:
    """The first, second (1, 2) matching day after a period; the last before it for -1."""

    def after(today: date, workdays: Workdays) -> Iterator[Period]:
        for _, beyond in holiday_period(period).occurrences(today, workdays):
            days = (beyond + n * DAY for n in count())
            found = next(islice((day for day in days if matches(day, workdays)), place - 1, None))
            yield Period(found, found + DAY)

    def before(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, _ in period.occurrences(today, workdays):
            while period.days_off and not is_worked(first - DAY, workdays):
                first -= DAY
            found = next(day for day in (first - n * DAY for n in count(1)) if matches(day, workdays))
            yield Period(found, found + DAY)

    return Dates("day", after if place > 0 else before)


def first_days(period: Dates, number: int, *, last: bool = False) -> Dates:
    """The first days of a longer period, or its last: 下周前三天."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, beyond in period.occurrences(today, workdays):
            length = min(number * DAY, beyond - first)
            yield Period(beyond - length, beyond) if last else Period(first, first + length)

    return Dates("day", occur)


def days_from(period: Dates, number: int) -> Dates:
    """So many days from the first of a period on: 明天起三天内."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, _ in period.occurrences(today, workdays):
            yield Period(first, first + number * DAY)

    return Dates("day", occur)


def same_day(period: Dates) -> Dates:
    """The day of a week, month or year that today is in its own: 下周的今天, 明年今天."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, beyond in period.occurrences(today, workdays):
            months = 12 * (first.year - today.year)
            months += first.month - today.month if period.grain == "month" else 0
            week = period.grain == "week"
            day = first + today.weekday() * DAY if week else add_months(today, months)
            if first <= day < beyond:
                yield Period(day, day + DAY)

    return Dates("day", occur)


def day_of_holiday(holiday: Dates, number: int) -> Dates:
    """The second, third (2, 3) day of a holiday: 春节第三天."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, _ in holiday.occurrences(today, workdays):
            day = first + (number - 1) * DAY
            yield Period(day, day + DAY)

    return Dates("day", occur)


def nth_week(period: Dates, place: int) -> Dates:
    """The first, second (1, 2), or last (-1) week of a month, whose weeks are those with a Thursday in it."""
    return week_of(nth_in(period, on_weekday(3), place))


def worked_days_of(period: Dates) -> Dates:
    """From the first to the last working day of a period (下周工作日)."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, beyond in period.occurrences(today, workdays):
            days = (first + n * DAY for n in range((beyond - first).days))
            worked = [day for day in days if is_worked(day, workdays)]
            if worked:
                yield Period(worked[0], worked[-1] + DAY)

    return Dates("day", occur)


def listed(dates: list[Dates]) -> Dates:
    """Several days named in one breath: 周一三五, 3、5、8号."""
    return dates[0] if len(dates) == 1 else replace(dates[0], weekday=None, each=tuple(dates))


def week_of(period: Dates) -> Dates:
    """The week in which a period begins."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, _ in period.occurrences(today, workdays):
            yield Period(monday(first), monday(first) + 7 * DAY)

    return Dates("week", occur)


def next_to(period: Dates, days: int) -> Dates:
    """The day before (-1) or after (1) a period."""

    def occur(today: date, workdays: Workdays) -> Iterator[Period]:
        for first, beyond in period.occurrences(today, workdays):
            day = first - DAY if days < 0 else beyond
            yield Period(day, day + DAY)

    return Dates("day", occur)
