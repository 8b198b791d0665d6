from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.h5.hours import today, usual_week
from bot.h5.places import spot_of_hall
from hall.centres.opening import Schedule, calendar_covers, schedule_of
from hall.centres.schema import WeeklyHours
from tests.bot.h5.centre import small_view

SHANGHAI = ZoneInfo("Asia/Shanghai")


def schedule(hall: str = "main") -> Schedule:
    view = small_view()
    return schedule_of(view.halls[hall], view.special_days)


@pytest.mark.parametrize(
    ("moment", "state", "word", "rest"),
    [
        ("2026-12-02T10:15", "open", "现在开着", "12:00–13:30 午休,今天开到 17:00"),
        ("2026-12-02T14:00", "open", "现在开着", "今天开到 17:00"),
        ("2026-12-02T08:00", "closed", "还没开门", "今天 9:00–12:00、13:30–17:00 开"),
        ("2026-12-02T12:30", "closed", "现在午休", "今天 13:30–17:00 开"),
        ("2026-12-02T17:00", "closed", "今天下班了", "明天(周四) 9:00 开"),
        ("2026-12-06T10:00", "closed", "今天不开", "明天(周一) 9:00 开"),
        ("2026-12-09T10:00", "closed", "今天不开(系统升级)", "明天(周四) 9:00 开"),
        ("2026-10-01T10:00", "closed", "今天不开(国庆节)", "10月8日(周四) 9:00 开"),
        ("2026-10-10T15:00", "open", "现在开着", "今天开到 17:00(调休上班)"),
        (
            "2031-03-05T10:00",
            "unknown",
            "今天的放假安排还没公布",
            "平常 9:00–12:00、13:30–17:00,来前请打电话问",
        ),
    ],
)
def test_the_state_of_a_moment(moment: str, state: str, word: str, rest: str) -> None:
    told = today(schedule(), datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
    assert (told.state, told.word, told.rest) == (state, word, rest)


def test_hours_that_nobody_filled_in_are_not_told_as_closed() -> None:
    told = today(schedule("east"), datetime(2026, 12, 2, 10, tzinfo=SHANGHAI))
    assert (told.state, told.word, told.rest) == ("unknown", "开放时间没有登记", "来前请打电话问")
    assert usual_week(schedule("east")) == ""


def test_an_opening_beyond_the_published_calendar_is_told_as_unsure() -> None:
    last = next(year for year in range(2026, 2060) if not calendar_covers(year + 1))
    told = today(schedule(), datetime(last, 12, 31, 18, tzinfo=SHANGHAI))
    assert told.state == "closed"
    assert told.rest.endswith("(放假安排还没公布,来前请打电话问)")


def test_a_day_off_of_a_hall_without_hours_is_told_with_its_reason() -> None:
    told = today(schedule("east"), datetime(2026, 12, 9, 10, tzinfo=SHANGHAI))
    assert (told.word, told.rest) == ("今天不开(系统升级)", "什么时候开请打电话问")


def test_the_next_opening_is_named_by_its_date_where_it_is_far() -> None:
    mondays = WeeklyHours.model_validate({"mon": [["09:00", "12:00"]]})
    told = today(Schedule(mondays), datetime(2026, 12, 2, 10, tzinfo=SHANGHAI))
    assert told.rest == "12月7日(周一) 9:00 开"


def test_a_hall_tells_its_usual_week_with_its_note_and_how_to_get_there() -> None:
    view = small_view()
    spot = spot_of_hall(view, view.halls["main"], datetime(2026, 12, 2, 10, tzinfo=SHANGHAI))
    more = dict(spot.more)
    assert more["平常时间"] == "周一至周五 9:00–12:00、13:30–17:00;周六 9:00–12:00;周日休息。周六上午只办户籍"
    assert (more["怎么去"], more["停车"]) == ("地铁 2 号线", "120 个车位")
    assert spot.phone[0].href == "tel:0000-88012300"
    assert dict(spot_of_hall(view, view.halls["east"], datetime(2026, 12, 2, tzinfo=SHANGHAI)).more) == {}
