from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import migrations.tables  # noqa: F401 - every mapped class
from hall.calendar import service as calendar
from hall.calendar.service import CalendarUnknown, FileRefused, days_of
from hall.catalogue.revision import current_revision
from hall.centres.intake import import_centre
from hall.centres.schema import parse_centre
from hall.centres.service import load_centre
from hall.db import Sessions

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
CENTRE = {
    "centres": [{"code": "anlan", "name": "安澜区政务服务中心"}],
    "halls": [{"code": "main", "centre": "anlan", "name": "主厅"}],
    "counters": [{"hall": "main", "group": "A", "name": "A 区 1–2 号窗口"}],
    "special_days": [{"date": "2026-12-25", "open": False, "note": "停电"}],
}
ROWS = [
    {"date": "2027-01-01", "open": "否", "note": "元旦"},
    {"date": "2027-01-03", "open": "是", "note": "调休上班"},
]


@pytest.fixture
async def centre(sessions: Sessions) -> Sessions:
    async with sessions.begin() as session:
        await import_centre(session, parse_centre(CENTRE))
    return sessions


async def test_days_are_set_changed_and_known(centre: Sessions) -> None:
    async with centre.begin() as session:
        before = await current_revision(session)
        report = await calendar.set_days(session, days_of(ROWS))
        assert (report.added, report.changed, report.unchanged) == (2, 0, 0)
        assert await current_revision(session) == before + 1
        again = await calendar.set_days(session, days_of([ROWS[0], ROWS[1] | {"open": "否"}]))
        assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
        shown = await calendar.special_days(session, first=date(2027, 1, 1), last=date(2027, 1, 2))
        assert [(day.date, day.note) for day in shown] == [(date(2027, 1, 1), "元旦")]
        assert await calendar.clear_days(session, days_of(ROWS)) == 2
        assert await calendar.clear_days(session, days_of(ROWS)) == 0


async def test_an_import_of_the_centre_leaves_the_admins_days_alone(centre: Sessions) -> None:
    async with centre.begin() as session:
        await calendar.set_days(session, days_of([*ROWS, {"date": "2026-12-25", "open": "是"}]))
        await import_centre(session, parse_centre(CENTRE | {"special_days": []}))
        days = {day.date: day.open for day in (await load_centre(session)).special_days}
    assert days == {date(2027, 1, 1): False, date(2027, 1, 3): True, date(2026, 12, 25): True}


async def test_an_unknown_scope_is_refused_and_nothing_set(centre: Sessions) -> None:
    rows = [
        ROWS[0],
        {"date": "2027-01-04", "open": "否", "centre": "x"},
        {"date": "2027-01-04", "open": "否", "hall": "y"},
        {"date": "2027-01-04", "open": "否", "hall": "main", "group": "Z"},
        {"date": "2027-01-04", "open": "否", "hall": "main", "group": "A"},
    ]
    async with centre.begin() as session:
        with pytest.raises(FileRefused) as refused:
            await calendar.set_days(session, days_of(rows))
        assert [error.field for error in refused.value.errors] == ["centre", "hall", "group"]
        assert "没有代码为“Z”的分区" in str(refused.value.errors[2])
        assert await calendar.special_days(session, first=date(2027, 1, 1)) == ()


async def test_a_year_is_unknown_until_it_is_published(centre: Sessions) -> None:
    async with centre.begin() as session:
        assert await calendar.unknown_years(session, [2026, 2039, 2038]) == (2038, 2039)
        working = await calendar.load_working_days(session)
        with pytest.raises(CalendarUnknown):
            calendar.add_working_days(working, date(2039, 1, 3), 1)
        await calendar.publish_year(session, 2039, now=NOW, by="li", source="国办发明电〔2038〕1 号")
        await calendar.publish_year(session, 2039, now=NOW, by="li")
        assert await calendar.unknown_years(session, [2026, 2039]) == ()
        working = await calendar.load_working_days(session)
        assert calendar.add_working_days(working, date(2039, 1, 3), 1) == date(2039, 1, 4)
        assert await calendar.withdraw_year(session, 2039)
        assert not await calendar.withdraw_year(session, 2039)
        assert await calendar.published_years(session) == frozenset()
