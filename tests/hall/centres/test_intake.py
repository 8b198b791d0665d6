from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hall.catalogue import service
from hall.catalogue.revision import current_revision
from hall.catalogue.view import load_view
from hall.centres.intake import CentreReport, import_centre
from hall.centres.schema import CentreInvalid, SpecialDay, parse_centre
from hall.centres.service import load_centre
from hall.centres.special_days import clear_special_day, set_special_day
from hall.db import Sessions

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CENTRE: dict[str, Any] = {
    "centres": [
        {"code": "anlan", "name": "安澜区政务服务中心", "level": "县区"},
        {"code": "east", "name": "东门街道", "parent": "anlan"},
    ],
    "halls": [
        {"code": "main", "centre": "anlan", "name": "主厅", "hours": {"mon": [["09:00", "12:00"]]}},
        {"code": "street-east", "centre": "east", "name": "东门站"},
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区 5–8 号窗口", "departments": ["公安局"], "floor": "一楼"},
        {"hall": "street-east", "group": "1", "name": "1 号窗口", "departments": ["公安局"]},
    ],
    "special_days": [{"date": "2026-11-14", "open": False, "note": "检修"}],
    "topics": [{"name": "户籍身份", "aliases": ["户口"]}, {"name": "社会保险"}],
    "life_events": [{"code": "birth", "name": "生孩子", "items": [{"code": "WJ-0101"}]}],
    "info": [{"id": "wifi", "questions": ["有无线网吗"], "answer": "有"}],
}


async def take(sessions: Sessions, **changes: Any) -> CentreReport:
    async with sessions.begin() as session:
        return await import_centre(session, parse_centre({**CENTRE, **changes}))


async def test_a_centre_is_given_back_as_it_was_taken(sessions: Sessions) -> None:
    assert (await take(sessions)).anything
    async with sessions() as session:
        assert await load_centre(session) == parse_centre(CENTRE)


async def test_the_same_file_again_changes_nothing(sessions: Sessions) -> None:
    await take(sessions)
    assert not (await take(sessions)).anything
    async with sessions() as session:
        assert await current_revision(session) == 1


async def test_what_changed_is_told_and_moves_the_revision(sessions: Sessions) -> None:
    await take(sessions)
    halls = [CENTRE["halls"][0] | {"phone": "0000-1"}, CENTRE["halls"][1]]
    report = await take(sessions, halls=halls, topics=[CENTRE["topics"][1]])
    assert (report.added, report.changed) == ([], ["hall:main", "topic:社会保险"])
    assert report.withdrawn == ["topic:户籍身份"]
    async with sessions() as session:
        assert await current_revision(session) == 2


async def test_a_hall_left_out_is_withdrawn_and_comes_back(sessions: Sessions) -> None:
    await take(sessions)
    report = await take(sessions, halls=CENTRE["halls"][:1], counters=CENTRE["counters"][:1])
    assert report.withdrawn == ["hall:street-east"]
    async with sessions() as session:
        found = await load_centre(session)
        assert [hall.code for hall in found.halls] == ["main"]
        assert [counter.hall for counter in found.counters] == ["main"]
    await take(sessions)
    async with sessions() as session:
        assert await load_centre(session) == parse_centre(CENTRE)


async def test_a_counter_left_out_is_withdrawn(sessions: Sessions) -> None:
    await take(sessions)
    assert (await take(sessions, counters=CENTRE["counters"][1:])).withdrawn == ["counter:main/A"]


async def test_another_countys_file_leaves_this_one_alone(sessions: Sessions) -> None:
    await take(sessions)
    other = {
        "centres": [{"code": "other", "name": "邻县"}],
        "halls": [{"code": "o", "centre": "other", "name": "o"}],
    }
    async with sessions.begin() as session:
        report = await import_centre(session, parse_centre(other))
        assert report.withdrawn == []
        assert {hall.code for hall in (await load_centre(session)).halls} == {"main", "street-east", "o"}
        assert (await load_centre(session)).topics == parse_centre(CENTRE).topics


async def test_an_admins_special_day_is_not_touched_by_an_import(sessions: Sessions) -> None:
    await take(sessions)
    mine = SpecialDay.model_validate(
        {"date": "2026-11-14", "open": True, "hours": [["09:00", "10:00"]], "note": "开"}
    )
    extra = SpecialDay.model_validate({"date": "2027-01-01", "open": False, "hall": "main"})
    async with sessions.begin() as session:
        await set_special_day(session, mine)
        await set_special_day(session, extra)
    await take(sessions)
    async with sessions.begin() as session:
        assert (await load_centre(session)).special_days == (mine, extra)
        assert await clear_special_day(session, extra)
        assert not await clear_special_day(session, extra)
        assert (await load_centre(session)).special_days == (mine,)


async def test_a_contradictory_file_changes_nothing(sessions: Sessions) -> None:
    with pytest.raises(CentreInvalid, match="不存在"):
        await take(sessions, counters=[{"hall": "nowhere", "group": "A", "name": "A"}])
    async with sessions() as session:
        assert await current_revision(session) == 0


async def test_items_that_came_first_move_to_the_first_real_centre(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await service.import_items(session, [{"code": "A", "name": "甲"}], source="", now=NOW)
    await take(sessions)
    async with sessions() as session:
        assert [centre.code for centre in (await load_centre(session)).centres] == ["anlan", "east"]
        assert [row["code"] for row in await service.export_items(session, centre="anlan")] == ["A"]


async def test_the_demo_centre_is_seeded_once(sessions: Sessions) -> None:
    folder = Path(__file__).parents[3] / "data" / "catalogue"
    async with sessions.begin() as session:
        centre, items = await service.seed(session, folder, now=NOW)
        assert centre.anything
        assert items.errors == ()
        assert items.added
    async with sessions.begin() as session:
        centre, again = await service.seed(session, folder, now=NOW)
        assert not centre.anything
        assert again.unchanged == items.added
        view = await load_view(session)
    assert set(view.halls) >= {"main", "branch", "street-east", "street-west"}
