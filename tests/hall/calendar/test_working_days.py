from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.hours import hours_on
from hall.calendar.working_days import (
    CalendarUnknown,
    WorkingDays,
    add_working_days,
    working_days_between,
    working_days_of,
)
from hall.centres.opening import Schedule
from hall.centres.schema import SpecialDay, WeeklyHours

NATION = WorkingDays()
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))


def special(day: str, *, opened: bool = False, **more: object) -> SpecialDay:
    return SpecialDay.model_validate({"date": day, "open": opened, **more})


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-26", 1, "2026-11-27"),  # Thursday
        ("2026-11-27", 1, "2026-11-30"),  # Friday: the weekend is not counted
        ("2026-11-28", 1, "2026-11-30"),  # accepted on a Saturday
        ("2026-09-30", 1, "2026-10-08"),  # over National Day
        ("2026-10-09", 1, "2026-10-10"),  # a Saturday worked in exchange (调休)
        ("2026-02-13", 1, "2026-02-14"),  # the Saturday before Spring Festival is worked
        ("2026-02-14", 5, "2026-02-28"),  # Spring Festival to 23 February
        ("2026-11-26", 20, "2026-12-24"),
        ("2026-11-26", 0, "2026-11-26"),
    ],
)
def test_limits_end_where_the_calendar_says(start: str, days: int, end: str) -> None:
    assert add_working_days(NATION, date.fromisoformat(start), days) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 60))
def test_counting_back_gives_what_was_added(start: date, days: int) -> None:
    end = add_working_days(NATION, start, days)
    assert working_days_between(NATION, start, end) == days
    assert working_days_between(NATION, end, start) == -days
    assert days == 0 or NATION.is_working(end)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_limits_add_up(start: date, first: int, then: int) -> None:
    middle = add_working_days(NATION, start, first)
    assert add_working_days(NATION, middle, then) == add_working_days(NATION, start, first + then)


@given(DAYS, DAYS, DAYS)
def test_stretches_add_up(first: date, second: date, third: date) -> None:
    whole = working_days_between(NATION, first, third)
    assert whole == working_days_between(NATION, first, second) + working_days_between(NATION, second, third)


def test_a_limit_is_not_negative() -> None:
    with pytest.raises(ValueError):
        add_working_days(NATION, date(2026, 11, 26), -1)


def test_a_year_that_nobody_published_is_not_guessed() -> None:
    with pytest.raises(CalendarUnknown) as unknown:
        add_working_days(NATION, date(2039, 12, 30), 1)
    assert unknown.value.year == 2039
    with pytest.raises(CalendarUnknown):
        working_days_between(NATION, date(2026, 12, 31), date(2027, 1, 5))


def test_a_published_year_is_as_it_was_entered() -> None:
    holidays = [special("2039-01-03", note="元旦"), special("2039-01-08", opened=True, note="调休上班")]
    calendar = working_days_of(holidays, [2039])
    assert add_working_days(calendar, date(2039, 1, 1), 1) == date(2039, 1, 4)
    assert add_working_days(calendar, date(2039, 1, 7), 1) == date(2039, 1, 8)
    assert add_working_days(calendar, date(2039, 1, 8), 1) == date(2039, 1, 10)


def test_days_set_by_hand_are_known_in_an_unpublished_year() -> None:
    calendar = working_days_of([special("2039-01-03")])
    assert not calendar.is_working(date(2039, 1, 3))
    with pytest.raises(CalendarUnknown):
        calendar.is_working(date(2039, 1, 4))


def test_a_centres_own_closure_or_saturday_stops_no_clock() -> None:
    own = [
        special("2026-11-27", centre="anlan", note="机房检修"),
        special("2026-11-28", opened=True, hours="09:00-12:00", note="延时服务"),
        special("2026-11-28", opened=True, hall="main"),
    ]
    calendar = working_days_of(own)
    assert calendar.is_working(date(2026, 11, 27))
    assert not calendar.is_working(date(2026, 11, 28))


def test_a_holiday_added_late_counts() -> None:
    calendar = working_days_of([special("2026-11-27", note="国务院追加放假")])
    assert add_working_days(calendar, date(2026, 11, 26), 1) == date(2026, 11, 30)


WEEK = WeeklyHours.model_validate(dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00"))


def test_the_hours_of_a_published_year_are_no_longer_unknown() -> None:
    schedule = Schedule(WEEK)
    monday, sunday = date(2039, 1, 3), date(2039, 1, 2)
    assert hours_on(schedule, monday).state == "unknown"
    assert hours_on(schedule, monday, published=[2039]).state == "open"
    assert hours_on(schedule, sunday, published=[2039]).state == "closed"
    closed = Schedule(WEEK, (special("2039-01-03"),))
    assert hours_on(closed, monday, published=[2039]).state == "closed"


@given(DAYS)
def test_known_years_are_as_before(day: date) -> None:
    schedule = Schedule(WEEK)
    assert hours_on(schedule, day, published=[day.year]) == hours_on(schedule, day)
    assert hours_on(schedule, day + timedelta(days=1)).state != "unknown"
