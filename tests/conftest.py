from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.redis_server import private_redis
from hall.db import Sessions, create_engine, create_sessions
from tests.desk import Desk, opened_desk
from tests.engines import drop_postgres_database, make_tables, new_postgres_database, postgres_with_tables

# Rasa imports aiogram, which makes uvloop the loop of the whole process when it is imported: loops made
# before and after would differ, and the one kind cannot watch the other's child processes.
os.environ.setdefault("DISABLE_UVLOOP", "1")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url = new_postgres_database()
    yield url
    drop_postgres_database(url)


@pytest.fixture(params=["sqlite", "postgres"])
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with every table of the product, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
        make_tables(url)
        yield url
        return
    url = new_postgres_database(postgres_with_tables())
    yield url
    drop_postgres_database(url)


@pytest.fixture
async def engine(db_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database with every table of the product."""
    engine = create_engine(db_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    return create_sessions(engine)


@pytest.fixture
async def redis_url() -> AsyncIterator[str]:
    """A real Redis server of this test's own."""
    async with private_redis() as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


async def _trained() -> Path:
    """The directory with a model that fits the training data; trained at most once, whoever runs."""
    from nlu.training.project import Project
    from nlu.training.train import ensure

    root = Path(__file__).parent.parent
    directory = root / "models"
    await ensure(Project.at(root), directory, progress=lambda _: None, now=datetime.now(UTC))
    return directory


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def model_dir() -> Path:
    """The directory with a model that fits the training data."""
    return await _trained()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desk(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The product with the demo centre behind its callback; citizens of different tests never meet."""
    async with opened_desk(tmp_path_factory.mktemp("desk"), model_dir) as opened:
        yield opened


@pytest.fixture(scope="session")
def trained() -> Path:
    """As `model_dir`, for tests that run no loop of their own."""
    return asyncio.run(_trained())
