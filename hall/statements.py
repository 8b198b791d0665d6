"""Statements that are transactions by themselves, at the least cost: for the one row that every turn writes.

On PostgreSQL a statement in autocommit mode, one round trip. On SQLite a connection in a thread of its
own: one change of threads, where the asynchronous driver needs four for a statement and its result.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Executable, Row, StaticPool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hall.db import SQLITE_BUSY_SECONDS, in_line, prepare_sqlite

Found = Row[Any] | None


class Statements:
    """Runs single statements beside an engine, on the same database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="statements")
        self._connection: Connection | None = None
        self._second: AsyncEngine | None = None

    async def first(self, statement: Executable, values: Mapping[str, Any], *, writes: bool) -> Found:
        """Run a statement; its first row, None where it gives none.

        Raises what SQLAlchemy raises. A statement that `writes` waits its turn on SQLite.
        """
        if not self._sqlite:
            async with self._postgres().connect() as connection:
                return (await connection.execute(statement, values)).first()
        if not writes:
            return await self._in_thread(statement, values)
        async with in_line(self._engine):
            return await self._in_thread(statement, values)

    async def close(self) -> None:
        """Give the connections back."""
        if self._second is not None:
            await self._second.dispose()
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _postgres(self) -> AsyncEngine:
        if self._second is None:
            url = self._engine.url.render_as_string(hide_password=False)
            self._second = create_async_engine(
                url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True, pool_pre_ping=True
            )
        return self._second

    async def _in_thread(self, statement: Executable, values: Mapping[str, Any]) -> Found:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._execute, statement, values)

    def _execute(self, statement: Executable, values: Mapping[str, Any]) -> Found:
        if self._connection is None:
            self._connection = self._connect()
        try:
            return self._connection.execute(statement, values).first()
        finally:
            self._connection.rollback()  # ends SQLAlchemy's own idea of a transaction; there is none

    def _connect(self) -> Connection:
        engine = create_engine(
            self._engine.url.set(drivername="sqlite"),
            connect_args={"timeout": SQLITE_BUSY_SECONDS},
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            poolclass=StaticPool,
        )
        event.listen(engine, "connect", prepare_sqlite)
        return engine.connect()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()
