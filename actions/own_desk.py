"""The desk where no turn sets one: under `rasa run actions`, from the settings' BANSHI_ names.

An edge of the product: the only module of `actions` that reads the environment and the clock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk, NoDeskError, current
from hall.catalogue.schema import document
from hall.catalogue.view import CatalogueView, current_revision, load_view
from hall.db import Sessions, create_engine, create_sessions, reading
from hall.people.blind import Vault
from hall.sealing import DEVELOPMENT_SECRET
from nlu.search.index import Index

DEFAULT_DATA_DIR = "var"
DATABASE_FILE = "banshi.db"


async def attend(citizen: str) -> Desk:
    """The desk of the turn that is being taken; one of the action server's own where there is none."""
    try:
        return current()
    except NoDeskError:
        return await _own().desk(citizen)


class OwnDesk:
    """Database, catalogue and search of an action server that runs by itself."""

    def __init__(self, database_url: str, public_url: str = "", secrets: Sequence[str] = ()) -> None:
        """Opens nothing yet. Without `secrets` no personal data is kept or read."""
        engine = create_engine(database_url)
        self._engine = engine
        self._sessions: Sessions = create_sessions(engine)
        self._reading: Sessions = create_sessions(reading(engine))
        self._public_url = public_url
        self._vault = Vault.of(secrets) if secrets else None
        self._loading = asyncio.Lock()
        self._loaded: tuple[CatalogueView, Index] | None = None

    async def desk(self, citizen: str) -> Desk:
        """A desk on the catalogue as it is now; loaded again when it has changed."""
        view, index = await self._current()
        return Desk(
            now=datetime.now(UTC),
            citizen=citizen,
            catalogue=view,
            search=index,
            public_url=self._public_url,
            session=self._session,
            read=self._reading,
            vault=self._vault,
        )

    async def close(self) -> None:
        """Close the connections to the database."""
        await self._engine.dispose()

    async def _current(self) -> tuple[CatalogueView, Index]:
        async with self._loading, self._reading() as session:
            if self._loaded is None or self._loaded[0].revision != await current_revision(session):
                view = await load_view(session)
                rows = [document(item) for item in view.items.values()]
                self._loaded = view, await asyncio.to_thread(Index.build, rows)
            return self._loaded

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions.begin() as session:
            yield session


_instance: OwnDesk | None = None


def _own() -> OwnDesk:
    global _instance
    if _instance is None:
        public_url = os.environ.get("BANSHI_PUBLIC_URL", "")
        _instance = OwnDesk(database_url(os.environ), public_url, secrets(os.environ))
    return _instance


def database_url(environment: Mapping[str, str]) -> str:
    """The database's URL by the settings' names: BANSHI_DATABASE_URL, or the file in BANSHI_DATA_DIR."""
    data = Path(environment.get("BANSHI_DATA_DIR") or DEFAULT_DATA_DIR)
    return environment.get("BANSHI_DATABASE_URL") or f"sqlite:///{data / DATABASE_FILE}"


def secrets(environment: Mapping[str, str]) -> list[str]:
    """The secret by the settings' names, then the one it replaced; in development the development one."""
    current = environment.get("BANSHI_SECRET_KEY", "")
    if not current and environment.get("BANSHI_MODE", "development") != "production":
        current = DEVELOPMENT_SECRET
    return [secret for secret in (current, environment.get("BANSHI_SECRET_KEY_PREVIOUS", "")) if secret]
