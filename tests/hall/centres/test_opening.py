from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.centres.opening import Opening, Schedule, calendar_covers, hours_on, opening, schedule_of
from hall.centres.schema import Counter, Hall, SpecialDay

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKDAY = [["09:00", "12:00"], ["13:30", "17:00"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), WORKDAY) | {"sat": [["09:00", "12:00"]]}
HALL = Hall.model_validate({"code": "main", "centre": "anlan", "name": "主厅", "hours": WEEK})


def special(**fields: Any) -> SpecialDay:
    return SpecialDay.model_validate(fields)


def schedule(*days: SpecialDay, counter: Counter | None = None) -> Schedule:
    return schedule_of(HALL, days, counter)


def at(text: str, *days: SpecialDay, counter: Counter | None = None) -> Opening:
    return opening(schedule(*days, counter=counter), datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "state", "closes", "opens"),
    [
        ("2026-11-25T08:59", "before", None, "2026-11-25T09:00"),
        ("2026-11-25T09:00", "open", "2026-11-25T12:00", None),
        ("2026-11-25T11:59", "open", "2026-11-25T12:00", None),
        ("2026-11-25T12:00", "break", None, "2026-11-25T13:30"),
        ("2026-11-25T16:59", "open", "2026-11-25T17:00", None),
        ("2026-11-25T17:00", "after", None, "2026-11-26T09:00"),
        ("2026-11-28T10:00", "open", "2026-11-28T12:00", None),
        ("2026-11-28T14:00", "after", None, "2026-11-30T09:00"),
        ("2026-11-29T10:00", "closed", None, "2026-11-30T09:00"),
    ],
)
def test_an_ordinary_week(now: str, state: str, closes: str | None, opens: str | None) -> None:
    found = at(now)
    assert found.state == state
    assert found.closes == (moment(closes) if closes else None)
    assert found.opens == (moment(opens) if opens else None)
    assert found.opens_certain


def test_a_holiday_closes_and_the_next_opening_skips_it() -> None:
    found = at("2026-10-01T10:00")
    assert (found.state, found.today.reason) == ("closed", "国庆节")
    assert found.opens == moment("2026-10-08T09:00")


def test_a_shifted_saturday_is_worked_like_a_weekday() -> None:
    found = at("2026-10-10T15:00")
    assert (found.state, found.today.reason) == ("open", "调休上班")
    assert found.closes == moment("2026-10-10T17:00")


def test_a_shifted_sunday_is_worked_too() -> None:
    assert hours_on(schedule(), date(2026, 9, 20)).state == "open"


def test_utc_moments_are_read_in_shanghai() -> None:
    assert opening(schedule(), datetime.fromisoformat("2026-11-25T01:00:00+00:00")).state == "open"
    assert opening(schedule(), datetime.fromisoformat("2026-11-24T16:30:00+00:00")).today.day == date(
        2026, 11, 25
    )


def test_a_year_without_a_calendar_is_unknown_never_guessed() -> None:
    assert not calendar_covers(2027)
    found = at("2027-03-03T10:00")
    assert found.state == "unknown"
    assert found.today.spans
    assert found.closes is None
    assert not found.opens_certain


def test_the_next_opening_past_an_unknown_day_is_not_certain() -> None:
    found = at("2026-12-31T18:00")
    assert found.state == "after"
    assert found.opens == moment("2027-01-01T09:00")
    assert not found.opens_certain


def test_an_entered_day_of_an_unknown_year_is_known() -> None:
    closed = special(date="2027-01-01", open=False, note="元旦")
    opened = special(date="2027-01-04", open=True)
    found = at("2027-01-01T10:00", closed)
    assert (found.state, found.today.reason) == ("closed", "元旦")
    assert at("2027-01-04T10:00", opened).state == "open"


def test_a_special_day_overrules_the_national_holiday() -> None:
    duty = special(date="2026-10-01", open=True, hours=[["09:00", "11:00"]], note="国庆值班")
    assert at("2026-10-01T10:30", duty).closes == moment("2026-10-01T11:00")


def test_extended_hours_of_one_day() -> None:
    late = special(date="2026-11-25", open=True, hours=[["09:00", "20:00"]], note="延时服务", hall="main")
    assert at("2026-11-25T18:00", late).state == "open"


def test_the_narrowest_scope_wins_in_any_order() -> None:
    everywhere = special(date="2026-11-25", open=False, note="停电")
    here = special(date="2026-11-25", open=True, hall="main", hours=[["10:00", "11:00"]])
    group = special(date="2026-11-25", open=False, hall="main", group="A")
    counter = Counter.model_validate({"hall": "main", "group": "A", "name": "A 区"})
    for days in ((everywhere, here, group), (group, here, everywhere)):
        assert at("2026-11-25T10:30", *days).state == "open"
        assert at("2026-11-25T10:30", *days, counter=counter).state == "closed"


def test_a_special_day_elsewhere_changes_nothing() -> None:
    elsewhere = [
        special(date="2026-11-25", open=False, hall="branch"),
        special(date="2026-11-25", open=False, centre="other"),
        special(date="2026-11-25", open=False, hall="main", group="A"),
    ]
    assert at("2026-11-25T10:30", *elsewhere).state == "open"


def test_a_counter_with_hours_of_its_own() -> None:
    counter = Counter.model_validate(
        {"hall": "main", "group": "B", "name": "B 区", "hours": {"mon": [["09:00", "11:00"]]}}
    )
    assert at("2026-11-23T11:30", counter=counter).state == "after"
    assert at("2026-11-24T10:00", counter=counter).state == "closed"
    assert at("2026-11-24T10:00").state == "open"


def test_a_hall_that_never_opens_has_no_next_opening() -> None:
    shut = Hall.model_validate({"code": "x", "centre": "anlan", "name": "x"})
    assert opening(schedule_of(shut, ()), moment("2026-11-25T10:00")).opens is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30)))  # noqa: DTZ001 - hypothesis takes naive bounds
def test_every_moment_is_open_now_or_opens_later(naive: datetime) -> None:
    now = naive.replace(tzinfo=SHANGHAI)
    found = opening(schedule(), now)
    if found.state == "open":
        assert found.closes is not None
        assert now < found.closes
        assert opening(schedule(), found.closes).state != "open"
        return
    assert found.opens is not None
    assert now < found.opens
    if found.opens_certain:
        assert opening(schedule(), found.opens).state == "open"
        assert opening(schedule(), found.opens - timedelta(minutes=1)).state != "open"
