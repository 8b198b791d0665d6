from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from nlu.times import Unknown, parse, read
from nlu.times.holidays import OTHER, PUBLIC
from nlu.times.lunar import last_day, solar
from tests.nlu.times.reference import NOW, SHANGHAI, day
from tests.nlu.times.reference import read as dates

IN_SEPTEMBER = datetime(2026, 9, 10, 9, 0, tzinfo=SHANGHAI)

HOLIDAYS = {
    "国庆": day("2026-10-01"),
    "国庆节前一天": day("2026-09-30"),
    "国庆后第一个工作日": day("2026-10-08"),
    "节后第一天上班": day("2026-09-28"),
    "国庆前最后一个工作日": day("2026-09-30"),
    "国庆期间": "2026-10-01 00:00 .. 2026-10-08 00:00 day",
    "国庆后": "2026-10-08 00:00 .. open day",
    "十一长假": "2026-10-01 00:00 .. 2026-10-08 00:00 day",
    "國慶後第一個工作日上午": "2026-10-08 08:00 .. 2026-10-08 12:00 hour",
    "中秋": day("2026-09-25"),
    "元旦": day("2027-01-01"),
    "春节": day("2027-02-06"),
    "除夕": day("2027-02-05"),
    "大年初三": day("2027-02-08"),
    "腊月二十三": day("2027-01-30"),
    "农历八月十五": day("2026-09-25"),
    "清明节": day("2027-04-05"),
    "端午": day("2027-06-09"),
    "母亲节": day("2027-05-09"),
    "今年五一": day("2026-05-01"),
    "圣诞节": day("2026-12-25"),
}


@pytest.mark.parametrize(("phrase", "span"), HOLIDAYS.items())
def test_holidays_and_the_working_days_around_them(phrase: str, span: str) -> None:
    assert dates(phrase, IN_SEPTEMBER) == [span]


@pytest.mark.parametrize(
    "phrase", ["国庆后第一个工作日", "元旦后第一天上班", "春节放假期间", "60个工作日后", "国庆后"]
)
def test_a_year_whose_days_off_are_not_published_is_not_guessed(phrase: str) -> None:
    reading = read(f"我{phrase}去", NOW)

    assert reading.spans == ()
    assert reading.unknown == (Unknown(2027, 1, 1 + len(phrase), phrase),)


def test_the_halls_own_calendar_may_know_better() -> None:
    def worked(day: date) -> bool:
        return day.weekday() < 5 and day != date(2027, 1, 1)

    (span,) = parse("元旦后第一个工作日", NOW, worked)

    assert span.start.date() == date(2027, 1, 4)


def test_lunar_holidays_fall_where_the_published_calendar_has_them() -> None:
    of_name = {"Spring Festival": "春节", "Dragon Boat Festival": "端午", "Mid-autumn Festival": "中秋"}
    finds = {name: find for pattern, find in PUBLIC.items() for name in of_name.values() if name in pattern}
    for year in range(2008, 2027):
        days_off = {day: name for day, name in chinese_calendar.holidays.items() if day.year == year}
        for name, chinese in of_name.items():
            found = finds[chinese](year)
            assert found is not None
            assert days_off.get(found) in {name, "National Day"} or found.weekday() > 4, (year, chinese)


def test_solar_terms_agree_with_the_calendars_formula() -> None:
    everything = PUBLIC | OTHER
    for year in range(2001, 2099):
        terms = chinese_calendar.get_solar_terms(date(year, 1, 1), date(year, 12, 31))
        by_name = {name: day for day, name in terms}
        for pattern, find in everything.items():
            name = pattern.removesuffix("节?")
            assert name not in by_name or find(year) == by_name[name], (name, year)
        assert sum(pattern.removesuffix("节?") in by_name for pattern in everything) == 12


def test_lunar_years_are_whole() -> None:
    for year in range(2000, 2098):
        end = last_day(year)
        assert end is not None
        assert end + timedelta(days=1) == solar(year + 1, 1, 1)
        assert solar(year, 12, 29) in {end, end - timedelta(days=1)}


def test_a_lunar_day_that_there_is_not_is_none() -> None:
    assert solar(2026, 6, 1, leap=True) is None
    assert solar(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert solar(2026, 13, 1) is None
    assert solar(1999, 1, 1) is None
    assert last_day(2025) == date(2026, 2, 16)
    assert solar(2025, 12, 30) is None
