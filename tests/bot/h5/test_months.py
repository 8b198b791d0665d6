from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from bot.h5.months import first_free, month_of, state_of, times_of
from bot.h5.wanted import Wanted
from hall.appointments.service import DaySlots, FreeSlot
from hall.centres.opening import SHANGHAI, DayHours

TODAY = date(2026, 12, 1)
LAST = date(2026, 12, 31)
OPEN = ((time(9), time(12)), (time(13, 30), time(17)))


def slot(day: date, clock: str, free: int) -> FreeSlot:
    starts = datetime.combine(day, time.fromisoformat(clock), SHANGHAI)
    return FreeSlot("main", "A", starts, starts + timedelta(minutes=30), free)


def open_day(day: date, **free: int) -> DaySlots:
    """A day with these slots: `at0900=2` is two places at nine."""
    slots = tuple(slot(day, f"{name[2:4]}:{name[4:]}", number) for name, number in free.items())
    return DaySlots(DayHours(day, "open", OPEN), slots)


def day(number: int) -> date:
    return TODAY.replace(day=number)


DAYS = {
    day(1): open_day(day(1)),
    day(2): open_day(day(2), at0900=0, at1330=0),
    day(3): open_day(day(3), at0900=0, at0930=1, at1330=2),
    day(4): DaySlots(DayHours(day(4), "closed", (), "系统升级")),
    day(5): DaySlots(DayHours(day(5), "unknown", OPEN)),
}
WANTED = Wanted("/h5/book/GA-1", hall="main")


def test_each_day_has_its_state() -> None:
    states = [
        state_of(
            DAYS.get(TODAY + timedelta(days=ahead)), TODAY + timedelta(days=ahead), today=TODAY, places=1
        )
        for ahead in range(-1, 6)
    ]
    assert states == ["past", "past", "full", "free", "closed", "unknown", "later"]
    assert state_of(DAYS[day(3)], day(3), today=TODAY, places=2) == "free"
    assert state_of(DAYS[day(3)], day(3), today=TODAY, places=3) == "full"
    assert first_free(DAYS, today=TODAY, places=1) == day(3)
    assert first_free(DAYS, today=TODAY, places=3) is None


def test_a_month_says_each_day_in_words_and_leads_to_days_with_places_or_a_waitlist() -> None:
    month = month_of(DAYS, WANTED, TODAY, chosen=day(3), today=TODAY, last=LAST)
    cells = {cell.number: cell for week in month.weeks for cell in week if cell is not None}
    assert month.name == "2026年12月"
    assert [len(week) for week in month.weeks] == [7] * 5
    assert month.weeks[0][0] is None  # December 2026 begins on a Tuesday
    assert sorted(cells) == list(range(1, 32))
    said = {number: cells[number].spoken for number in (1, 2, 3, 4, 5, 6)}
    assert said == {
        1: "12月1日(周二) 已过",
        2: "12月2日(周三) 约满",
        3: "12月3日(周四) 可约",
        4: "12月4日(周五) 休息(系统升级)",
        5: "12月5日(周六) 未定",
        6: "12月6日(周日) 未开放",
    }
    assert [number for number, cell in cells.items() if cell.href] == [2, 3]
    assert cells[3].href == "/h5/book/GA-1?hall=main&day=2026-12-03#times"
    assert [number for number, cell in cells.items() if cell.chosen] == [3]
    assert [number for number, cell in cells.items() if cell.today] == [1]
    assert month.unknown


def test_months_beside_are_those_that_can_be_booked() -> None:
    december = month_of({}, WANTED, TODAY, chosen=None, today=TODAY, last=date(2027, 1, 15))
    assert (december.earlier, december.later) == ("", "/h5/book/GA-1?hall=main&month=2027-01#month")
    assert december.later_name == "1月"
    january = month_of({}, WANTED, date(2027, 1, 1), chosen=None, today=TODAY, last=date(2027, 1, 15))
    assert (january.earlier, january.later) == ("/h5/book/GA-1?hall=main&month=2026-12#month", "")


def test_times_stand_by_part_of_day_full_ones_with_the_waitlist() -> None:
    times = times_of(DAYS[day(3)], WANTED, can_wait=True)
    assert times.heading == "12月3日(周四)"
    told = [
        (part, [(choice.spoken, choice.note, choice.free) for choice in found]) for part, found in times.parts
    ]
    assert told == [
        ("上午", [("9:00", "约满 · 候补", False), ("9:30", "余 1", True)]),
        ("下午", [("13:30", "余 2", True)]),
    ]
    full, free = times.parts[0][1]
    assert free.href == "/h5/book/GA-1/confirm?hall=main&starts=2026-12-03T09%3A30"
    assert full.href.endswith("&wait=slot")
    assert times.wait_href == ""
    assert times_of(DAYS[day(3)], WANTED, can_wait=False).parts[0][1][0].href == ""


def test_for_two_a_single_place_is_said_to_be_too_few() -> None:
    times = times_of(DAYS[day(3)], WANTED.with_(places=2), can_wait=True)
    assert [choice.note for _, part in times.parts for choice in part] == [
        "约满 · 候补",
        "只剩 1 · 候补",
        "余 2",
    ]


def test_a_day_that_is_full_can_be_waited_for_as_a_whole() -> None:
    times = times_of(DAYS[day(2)], WANTED, can_wait=True)
    assert times.wait_href == "/h5/book/GA-1/confirm?hall=main&starts=2026-12-02T09%3A00&wait=day"
    assert times_of(DAYS[day(2)], WANTED, can_wait=False).wait_href == ""


@pytest.mark.parametrize(
    ("number", "why"),
    [(1, "已经过了"), (4, "这天不开(系统升级)"), (5, "2026 年的放假安排还没公布")],
)
def test_a_day_without_times_says_why(number: int, why: str) -> None:
    times = times_of(DAYS[day(number)], WANTED, can_wait=True)
    assert times.parts == ()
    assert why in times.why


def test_what_was_chosen_is_read_as_it_was_written() -> None:
    wanted = Wanted.read(
        "/h5/book/GA-1",
        {
            "hall": "main",
            "n": "2",
            "starts": "2026-12-03T09:30",
            "form": "a-b_1:2",
            "who": "new",
            "wait": "slot",
        },
        most_places=2,
    )
    assert wanted.starts == datetime(2026, 12, 3, 9, 30, tzinfo=SHANGHAI)
    assert Wanted.read("/h5/book/GA-1", wanted.fields(), most_places=2) == wanted
    later = Wanted.read("/x", {"day": "2026-12-03", "month": "2027-01"}, most_places=2)
    assert (later.day, later.month) == (day(3), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", "0"),
        ("n", "-1"),
        ("n", "²"),
        ("n", "1e3"),
        ("month", "2026-00"),
        ("month", "1999-12"),
        ("day", "2026-02-30"),
        ("day", "0001-01-01"),
        ("starts", "2026-12-03T25:00"),
        ("starts", "2026-12-03T09:30+09:00"),
        ("starts", "0001-01-01T00:00"),
        ("form", "a b"),
        ("form", "x" * 81),
        ("wait", "for ever"),
    ],
)
def test_what_is_written_wrongly_is_as_if_nothing_was(name: str, value: str) -> None:
    assert Wanted.read("/x", {name: value}, most_places=2) == Wanted("/x")
