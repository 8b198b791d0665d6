"""The database of the hall: one declarative base, two engines (SQLite in WAL mode, PostgreSQL).

Times are stored in UTC and always carry a zone in Python.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

# Named constraints, so that Alembic can change them on both engines.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# How long a SQLite writer waits for another one before it gives up.
SQLITE_BUSY_SECONDS = 15.0
# How long emptying the write-ahead log waits for readers (milliseconds): a citizen waits for the answer.
_OVERWRITING_MS = 500

Sessions = async_sessionmaker[AsyncSession]


class Base(DeclarativeBase):
    """The base of every mapped class of the product."""

    metadata = MetaData(naming_convention=_NAMES)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone was to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to what SQLite stores without one."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def async_url(url: str) -> str:
    """The URL with the driver that the product uses (aiosqlite, asyncpg)."""
    parsed = make_url(url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    return parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername)).render_as_string(
        hide_password=False
    )


def create_engine(url: str, *, pool_size: int = 10, echo: bool = False) -> AsyncEngine:
    """An engine for `url` (``sqlite:///path`` or ``postgresql://…``).

    On SQLite every transaction starts with BEGIN IMMEDIATE: a writer waits its turn at the start
    instead of failing in the middle; reading needs no transaction (see `reading`).
    """
    target = async_url(url)
    # Parameters are citizens' data: they stand in no error's text.
    pool: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "echo": echo,
        "hide_parameters": True,
    }
    if not target.startswith("sqlite"):
        return create_async_engine(target, pool_pre_ping=True, **pool)
    engine = create_async_engine(target, connect_args={"timeout": SQLITE_BUSY_SECONDS}, **pool)
    event.listen(engine.sync_engine, "connect", prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """What every connection to SQLite starts with; a listener of the engine's `connect` event."""
    connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(SQLITE_BUSY_SECONDS * 1000)}")
    # secure_delete: what is deleted is overwritten with zeros, so that an erasure reaches the file.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    if connection.get_execution_options().get("banshi_reading"):
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions that keep what they loaded usable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


# Writers of one process stand in line for SQLite's one write lock: its own way of waiting is to look
# again after ever longer pauses, under which some wait for seconds while others pass them.
_LINES: WeakKeyDictionary[Engine, asyncio.Lock] = WeakKeyDictionary()


@contextlib.asynccontextmanager
async def in_line(engine: AsyncEngine) -> AsyncIterator[None]:
    """One writer of this process at a time on SQLite, first come first served; nothing on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        yield
        return
    async with _LINES.setdefault(engine.sync_engine, asyncio.Lock()):
        yield


@contextlib.asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for a transaction that writes, first come first served on SQLite.

    The transaction is begun; leaving without `commit` undoes it.
    """
    async with in_line(engine), engine.connect() as connection:
        await connection.begin()
        yield connection


async def overwritten(engine: AsyncEngine) -> bool:
    """Take what was deleted out of SQLite's write-ahead log, too: it is moved to the file and emptied.

    False where somebody was reading and it could not be emptied; it will be by a later call. On PostgreSQL
    the log is the server's own affair: True.
    """
    if engine.dialect.name != "sqlite":
        return True
    async with reading(engine).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.exec_driver_sql(f"PRAGMA busy_timeout={_OVERWRITING_MS}")
        try:
            row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        finally:
            await connection.exec_driver_sql(f"PRAGMA busy_timeout={int(SQLITE_BUSY_SECONDS * 1000)}")
    return int(row[0]) == 0


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same engine and pool for transactions that only read: on SQLite they take no write lock."""
    return engine.execution_options(banshi_reading=True)
