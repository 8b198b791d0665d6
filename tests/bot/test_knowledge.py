from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import knowledge as module
from bot.knowledge import Knowledge
from hall.catalogue.service import add_alias, import_items
from hall.db import Sessions

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ITEMS = [
    {"code": "T-1", "name": "居民身份证到期换领", "department": "公安局", "aliases": ["身份证过期"]},
    {"code": "T-2", "name": "结婚登记", "department": "民政局", "aliases": ["领证"]},
]


async def taken(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await import_items(session, ITEMS, source="test", now=NOW)


async def test_a_change_is_answered_from_at_once(
    engine: AsyncEngine, sessions: Sessions, tmp_path: Path
) -> None:
    await taken(sessions)
    known = Knowledge(engine, tmp_path / "search")
    assert await known.refresh()
    assert not await known.refresh()
    async with sessions.begin() as session:
        await add_alias(session, "T-2", "扯证", now=NOW)
    assert await known.refresh()
    assert known.index.decide("扯证").code == "T-2"


async def test_it_learns_once_from_a_catalogue_and_anew_from_a_changed_one(
    engine: AsyncEngine, sessions: Sessions, tmp_path: Path
) -> None:
    await taken(sessions)
    known = Knowledge(engine, tmp_path / "search")
    await known.refresh()
    assert await known.learn()
    assert not await known.learn()
    started_again = Knowledge(engine, tmp_path / "search")
    await started_again.refresh()
    assert await started_again.learned()
    async with sessions.begin() as session:
        await add_alias(session, "T-2", "扯证", now=NOW)
    await known.refresh()
    assert not await known.learned()


async def test_looking_for_changes_does_not_go_through_the_catalogue(
    engine: AsyncEngine, sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await taken(sessions)
    known = Knowledge(engine, tmp_path / "search")
    await known.refresh()
    await known.learn()
    monkeypatch.setattr(module, "_digest", None)
    monkeypatch.setattr(module, "search_rows", None)
    assert not await known.refresh()
    assert await known.learned()
