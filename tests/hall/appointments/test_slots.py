from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.appointments.rules import BookingRules
from hall.appointments.slots import bookable_until, counters_in, local_day, starts_on
from hall.centres.opening import DayHours

RULES = BookingRules()
DAY = date(2026, 12, 2)


def clocks(hours: DayHours, rules: BookingRules = RULES) -> list[str]:
    return [f"{start:%H:%M}" for start in starts_on(hours, rules)]


def test_the_half_hours_of_a_day() -> None:
    hours = DayHours(DAY, "open", ((time(9), time(12)), (time(13, 30), time(15))))
    assert clocks(hours) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:30", "14:00", "14:30"]


def test_what_is_left_at_the_end_is_no_slot() -> None:
    assert clocks(DayHours(DAY, "open", ((time(8, 45), time(9, 50)),))) == ["08:45", "09:15"]
    assert clocks(DayHours(DAY, "open", ((time(9), time(9, 20)),))) == []


@pytest.mark.parametrize("state", ["closed", "unknown"])
def test_nothing_is_booked_on_a_day_that_is_not_known_to_be_open(state: str) -> None:
    assert clocks(DayHours(DAY, state, ((time(9), time(12)),))) == []  # type: ignore[arg-type]


def test_the_length_is_a_rule() -> None:
    hours = DayHours(DAY, "open", ((time(9), time(10)),))
    assert clocks(hours, BookingRules(slot_minutes=20)) == ["09:00", "09:20", "09:40"]


@pytest.mark.parametrize(
    ("name", "counters"),
    [
        ("A 区 5–8 号窗口", 4),
        ("A 区 4 号窗口", 1),
        ("F 区 9 号窗口(房屋交易缴税)", 1),
        ("1号窗口", 1),
        ("A5-A8号窗口", 4),
        ("3、5、7 号窗口", 3),
        ("1–3、6 号窗口", 4),
        ("一楼综合窗口", 1),
        ("2 楼", 1),
        ("12-10号", 1),
        ("1-99999999号", 200),
    ],
)
def test_counters_are_counted_by_the_name(name: str, counters: int) -> None:
    assert counters_in(name) == counters


@given(st.text(max_size=60))
def test_any_name_has_some_counters(name: str) -> None:
    assert 1 <= counters_in(name) <= 200


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1900 < moment.year < 9000))
def test_a_moment_is_of_its_day_in_shanghai(aware: datetime) -> None:
    if aware.year > 1991:  # Shanghai had other offsets before
        assert local_day(aware) == (aware + timedelta(hours=8)).date()
    assert bookable_until(aware, RULES) == local_day(aware) + timedelta(days=30)


@given(st.times(), st.times())
def test_slots_lie_within_the_span_and_touch(opens: time, closes: time) -> None:
    hours = DayHours(DAY, "open", ((opens, closes),)) if opens < closes else DayHours(DAY, "closed")
    starts = starts_on(hours, RULES)
    assert all(following - start == RULES.slot for start, following in pairwise(starts))
    if starts:
        assert starts[0].time() == opens
        assert (starts[-1] + RULES.slot).time() <= closes or closes == time(0)
