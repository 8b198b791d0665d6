from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from hall.catalogue import files, service
from hall.catalogue.changes import changed_fields
from hall.catalogue.models import CatalogueItem, ItemVersion, VersionIsFinal
from hall.catalogue.revision import current_revision
from hall.catalogue.schema import parse_item
from hall.catalogue.service import AliasRefused, ImportReport, UnknownItem
from hall.catalogue.view import load_view
from hall.centres.intake import import_centre
from hall.centres.schema import parse_centre
from hall.db import Sessions

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)  # 22 November, 01:00 in Shanghai
LATER = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

ROWS: list[dict[str, Any]] = [
    {"code": "GA-0101", "name": "居民身份证到期换领", "aliases": ["换身份证"], "fees": [], "x_own": 1},
    {"code": "GA-0102", "name": "居民身份证丢失补领", "effective": "2026-10-08", "version": 4},
]


async def take(
    sessions: Sessions, rows: Sequence[Mapping[str, Any]] = ROWS, now: datetime = NOW, **more: Any
) -> ImportReport:
    async with sessions.begin() as session:
        return await service.import_items(session, rows, source="items.json", now=now, by="li", **more)


async def test_an_import_adds_items_with_a_first_version(sessions: Sessions) -> None:
    report = await take(sessions)
    assert report.ok
    assert report.added == ("GA-0101", "GA-0102")
    async with sessions() as session:
        first = await service.get_item(session, "GA-0101")
        assert (first.version, first.effective) == (1, date(2026, 11, 22))
        second = await service.get_item(session, "GA-0102")
        assert (second.version, second.effective) == (4, date(2026, 10, 8))
        (info,) = await service.history(session, "GA-0101")
        assert (info.created, info.created_by, info.source) == (NOW, "li", "items.json")


async def test_an_unchanged_row_makes_no_version_and_moves_no_revision(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions() as session:
        before = await current_revision(session)
    report = await take(sessions, now=LATER)
    assert report.unchanged == ("GA-0101", "GA-0102")
    assert (report.added, report.changed) == ((), ())
    async with sessions() as session:
        assert await current_revision(session) == before == 1


async def test_an_edit_makes_a_version_and_the_old_one_stays(sessions: Sessions) -> None:
    await take(sessions)
    report = await take(sessions, [ROWS[0] | {"phone": "0000-1"}, ROWS[1]], now=LATER)
    assert (report.changed, report.unchanged) == (("GA-0101",), ("GA-0102",))
    async with sessions() as session:
        new = await service.get_item(session, "GA-0101")
        old = await service.get_item(session, "GA-0101", version=1)
    assert (new.version, new.phone, new.effective) == (2, "0000-1", date(2026, 12, 1))
    assert (old.version, old.phone, old.effective) == (1, "", date(2026, 11, 22))
    assert changed_fields(old, new) == ("phone",)


async def test_a_day_moved_on_is_an_edit(sessions: Sessions) -> None:
    await take(sessions)
    report = await take(sessions, [ROWS[1] | {"effective": "2027-01-01"}])
    assert report.changed == ("GA-0102",)
    async with sessions() as session:
        found = await service.get_item(session, "GA-0102")
    assert (found.version, found.effective) == (5, date(2027, 1, 1))


async def test_a_bad_row_stops_everything_and_every_reason_is_told(sessions: Sessions) -> None:
    rows = [ROWS[0], {"code": "bad code", "name": ""}, {"name": "x"}, ROWS[0]]
    report = await take(sessions, rows)
    assert not report.ok
    assert [(error.line, error.field) for error in report.errors] == [
        (2, "code"),
        (2, "name"),
        (3, "code"),
        (4, "code"),
    ]
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(CatalogueItem)) == 0
        assert await current_revision(session) == 0


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
async def test_an_export_gives_back_what_import_took(sessions: Sessions, kind: files.Kind) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        exported = await service.export_items(session)
        assert exported[0] == ROWS[0] | {"version": 1, "effective": "2026-11-22"}
        assert exported[1] == ROWS[1]
        rows = files.read_bytes(files.render(exported, kind), kind)
        report = await service.import_items(session, rows, source="again", now=LATER)
    assert report.unchanged == ("GA-0101", "GA-0102")


async def test_an_alias_works_at_once_without_a_version(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        before = await current_revision(session)
        assert await service.add_alias(session, "GA-0101", " 身份证过期咋办 ", now=NOW, by="li")
        assert not await service.add_alias(session, "GA-0101", "身份证过期咋办", now=NOW)
        assert not await service.add_alias(session, "GA-0101", "换身份证", now=NOW)
    async with sessions() as session:
        view = await load_view(session)
        assert view.items["GA-0101"].aliases == ("换身份证", "身份证过期咋办")
        assert view.items["GA-0101"].version == 1
        assert view.revision == before + 1


async def test_a_new_snapshot_takes_over_what_is_unchanged(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions() as session:
        before = await load_view(session)
        again = await load_view(session, before)
    assert again.items["GA-0101"] is before.items["GA-0101"]
    async with sessions.begin() as session:
        await service.add_alias(session, "GA-0101", "身份证过期咋办", now=NOW)
    async with sessions() as session:
        after = await load_view(session, before)
        assert after.items == (await load_view(session)).items
    assert after.items["GA-0101"].aliases == ("换身份证", "身份证过期咋办")
    assert after.items["GA-0102"] is before.items["GA-0102"]
    await take(sessions, [ROWS[1] | {"phone": "1"}], now=LATER)
    async with sessions.begin() as session:
        await service.withdraw(session, "GA-0101", now=NOW)
        last = await load_view(session, after)
        assert last.items == (await load_view(session)).items
    assert list(last.items) == ["GA-0102"]
    assert last.items["GA-0102"].phone == "1"


async def test_an_admins_alias_survives_imports_old_and_exported(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        await service.add_alias(session, "GA-0101", "身份证过期咋办", now=NOW)
        exported = await service.export_items(session)
    assert exported[0]["aliases"] == ["换身份证", "身份证过期咋办"]
    assert (await take(sessions, exported)).changed == ()
    assert (await take(sessions)).changed == ()
    async with sessions() as session:
        assert (await service.get_item(session, "GA-0101")).aliases == ("换身份证", "身份证过期咋办")


async def test_set_aliases_makes_a_version_only_where_the_documents_own_go(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        await service.set_aliases(session, "GA-0101", ["换身份证", "甲"], now=NOW)
        assert (await service.get_item(session, "GA-0101")).version == 1
        await service.set_aliases(session, "GA-0101", ["乙", "甲"], now=NOW)
        found = await service.get_item(session, "GA-0101")
        assert (found.version, set(found.aliases)) == (2, {"甲", "乙"})
        await service.set_aliases(session, "GA-0101", [], now=NOW)
        assert (await service.get_item(session, "GA-0101")).aliases == ()


@pytest.mark.parametrize("alias", ["", "  ", "长" * 301])
async def test_an_alias_that_says_nothing_or_too_much_is_refused(sessions: Sessions, alias: str) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        with pytest.raises(AliasRefused):
            await service.add_alias(session, "GA-0101", alias, now=NOW)


async def test_a_withdrawn_item_is_gone_from_view_and_stays_readable(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        await service.withdraw(session, "GA-0101", now=NOW)
    async with sessions() as session:
        assert set((await load_view(session)).items) == {"GA-0102"}
        assert (await service.get_item(session, "GA-0101", 1)).name == "居民身份证到期换领"
    report = await take(sessions)
    assert report.withdrawn == ("GA-0101",)
    async with sessions.begin() as session:
        assert (await load_view(session)).get("GA-0101") is None
        await service.restore(session, "GA-0101")
    async with sessions() as session:
        assert (await load_view(session)).get("GA-0101") is not None


async def test_what_nobody_knows_is_told_by_type(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions.begin() as session:
        for call in (
            service.get_item(session, "X"),
            service.get_item(session, "GA-0101", 9),
            service.history(session, "X"),
            service.add_alias(session, "X", "a", now=NOW),
            service.withdraw(session, "X", now=NOW),
        ):
            with pytest.raises(UnknownItem):
                await call


async def test_a_version_cannot_be_changed_or_deleted(sessions: Sessions) -> None:
    await take(sessions)
    for change in ("edit", "delete"):
        async with sessions() as session:
            version = (await session.scalars(select(ItemVersion))).first()
            assert version is not None
            if change == "edit":
                version.source = "other"
            else:
                await session.delete(version)
            with pytest.raises(VersionIsFinal):
                await session.flush()


async def test_items_belong_to_the_root_or_to_the_centre_they_name(sessions: Sessions) -> None:
    tree = {
        "centres": [{"code": "anlan", "name": "安澜区"}, {"code": "east", "name": "东门", "parent": "anlan"}]
    }
    async with sessions.begin() as session:
        await import_centre(session, parse_centre(tree))
    await take(sessions, [ROWS[0], ROWS[1] | {"centre": "east"}])
    async with sessions() as session:
        assert [row["code"] for row in await service.export_items(session, centre="east")] == ["GA-0102"]
        assert [row["code"] for row in await service.export_items(session, centre="anlan")] == ["GA-0101"]
        assert await service.export_items(session, centre="nowhere") == []
    report = await take(sessions, [ROWS[0] | {"centre": "nowhere"}])
    assert [str(error) for error in report.errors] == ["第 1 行 GA-0101:没有政务服务中心“nowhere”"]
    assert not (await take(sessions, centre="nowhere")).ok


async def test_sql_and_markup_in_texts_stay_texts(sessions: Sessions) -> None:
    nasty = "'); DROP TABLE catalogue_item; -- {{7*7}} ${x} <script> ]]> %s 😀"
    await take(sessions, [{"code": "A", "name": nasty, "aliases": [nasty], "conditions": nasty}])
    async with sessions() as session:
        found = await service.get_item(session, "A")
    assert (found.name, found.aliases, found.conditions) == (nasty, (nasty,), nasty)


async def test_two_imports_at_once_make_one_version_each(sessions: Sessions) -> None:
    rows = [{"code": f"A-{number}", "name": f"事项{number}"} for number in range(50)]
    reports = await asyncio.gather(*(take(sessions, rows) for _ in range(4)))
    assert sorted(len(report.added) for report in reports) == [0, 0, 0, 50]
    assert all(report.ok for report in reports)
    edited = [row | {"phone": "1"} for row in rows]
    reports = await asyncio.gather(*(take(sessions, edited) for _ in range(4)))
    assert sorted(len(report.changed) for report in reports) == [0, 0, 0, 50]
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(ItemVersion)) == 100
        assert await session.scalar(select(func.max(ItemVersion.number))) == 2
        assert await current_revision(session) == 2


async def test_different_edits_at_once_are_kept_one_after_the_other(sessions: Sessions) -> None:
    await take(sessions)
    await asyncio.gather(*(take(sessions, [ROWS[0] | {"phone": str(number)}]) for number in range(4)))
    async with sessions() as session:
        assert [info.number for info in await service.history(session, "GA-0101")] == [1, 2, 3, 4, 5]


async def test_aliases_at_once_are_all_kept_and_the_same_one_once(sessions: Sessions) -> None:
    await take(sessions)

    async def add(alias: str) -> bool:
        async with sessions.begin() as session:
            return await service.add_alias(session, "GA-0101", alias, now=NOW)

    added = await asyncio.gather(*(add(alias) for alias in ("甲", "甲", "乙", "甲", "丙")))
    assert sum(added) == 3
    async with sessions() as session:
        assert set((await service.get_item(session, "GA-0101")).aliases) == {"换身份证", "甲", "乙", "丙"}


async def test_a_reader_sees_the_old_catalogue_until_the_commit(sessions: Sessions) -> None:
    await take(sessions)
    async with sessions.begin() as writing:
        await service.withdraw(writing, "GA-0101", now=NOW)
        await writing.flush()
        bind = writing.bind
        assert bind is not None
        reader = sessions(bind=bind.execution_options(banshi_reading=True))
        async with reader as reading:
            view = await load_view(reading)
            assert view.revision == 1
            assert set(view.items) == {"GA-0101", "GA-0102"}


def test_a_field_only_of_the_desk_is_no_change() -> None:
    before = parse_item(ROWS[0] | {"version": 1})
    assert changed_fields(before, parse_item(ROWS[0] | {"version": 2, "effective": "2026-01-01"})) == ()
    assert changed_fields(before, parse_item(ROWS[0] | {"x_own": 2, "name": "新"})) == ("name", "x_own")
