from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Base, create_engine
from hall.migrate import configuration, upgrade

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def empty(empty_db_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(empty_db_url)
    yield engine
    await engine.dispose()


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


async def test_migrations_build_what_the_mapped_classes_describe(empty: AsyncEngine) -> None:
    await upgrade(empty)
    async with empty.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_again_changes_nothing(empty: AsyncEngine) -> None:
    await upgrade(empty)
    await upgrade(empty)
    async with empty.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_replicas_that_start_at_once_migrate_once(empty_db_url: str) -> None:
    engines = [create_engine(empty_db_url) for _ in range(3)]
    await asyncio.gather(*(upgrade(engine) for engine in engines))
    async with engines[0].connect() as connection:
        versions = (await connection.execute(text("select version_num from alembic_version"))).all()
    assert len(versions) == 1
    for engine in engines:
        await engine.dispose()


async def test_a_failed_migration_leaves_nothing_half_done(
    empty: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with empty.begin() as connection:
        await connection.execute(text("create table hall (id integer)"))
    with pytest.raises(Exception, match="hall"):
        await upgrade(empty)
    async with empty.connect() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == ["hall"]


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


async def test_the_command_line_migrates_too(empty_db_url: str) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "alembic", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = await asyncio.to_thread(run, "-x", f"url={empty_db_url}", "upgrade", "head")
    assert done.returncode == 0, done.stderr
    missing = await asyncio.to_thread(run, "upgrade", "head")
    assert "name the database" in missing.stderr
