"""The one transaction of a turn: begun at the first change, committed with the conversation's row."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from hall.db import reading, writing


class TurnTransaction:
    """Hands the actions of a turn sessions of one and the same transaction.

    On SQLite the write lock is taken only when the first change is made, so that turns which only
    read do not wait for each other. Leaving the context without `commit` undoes everything.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._open = contextlib.AsyncExitStack()
        self._reading = reading(engine)
        # What this turn changed for those who watch it live.
        self.changed: set[str] = set()
        # Whether the citizen's whole conversation is to be forgotten with the commit.
        self.forgets = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection = None
        await self._open.__aexit__(kind, error, trace)

    @property
    def begun(self) -> bool:
        """Whether anything was, or may have been, changed."""
        return self._connection is not None

    async def connection(self) -> AsyncConnection:
        """The connection, with its transaction begun."""
        if self._connection is None:
            self._connection = await self._open.enter_async_context(writing(self._engine))
        return self._connection

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session of the turn's transaction; its commit flushes, the turn's commit keeps."""
        connection = await self.connection()
        session = AsyncSession(bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        async with session:
            yield session
            await session.flush()

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that reads what is committed, outside of the turn's transaction; it takes no lock."""
        async with AsyncSession(bind=self._reading, expire_on_commit=False) as session:
            yield session

    def forget(self) -> None:
        """Have the conversation forgotten instead of kept."""
        self.forgets = True

    async def commit(self) -> None:
        """Keep everything that was changed in this turn."""
        if self._connection is not None:
            await self._connection.commit()
