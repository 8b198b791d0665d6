"""The catalogue and its search index in memory, renewed when the database's revision moves.

A change is answered from at once, with what the search learned before; learning anew from the changed
catalogue goes on in a process of its own and its result is taken in when it is there.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.background import repeating
from bot.learning import Rows, learned_apart, learned_from
from hall.catalogue.revision import current_revision
from hall.catalogue.schema import document
from hall.catalogue.view import CatalogueView, load_view
from hall.db import reading
from nlu.search import Index, Learned, StoredFormError
from nlu.search.learned import FORMAT

log = structlog.get_logger(__name__)

# How soon every replica answers from a changed catalogue.
POLL_SECONDS = 2.0


class Knowledge:
    """What the bot answers from. `view` and `index` always belong together.

    `directory` keeps what the search learned, so that a start need not learn again.
    """

    def __init__(self, engine: AsyncEngine, directory: Path) -> None:
        self._engine = reading(engine)
        self._directory = directory
        self.view = CatalogueView.of(())
        self.index = Index.build((), train=False)
        self._rows: Rows = ()
        self._digest = ""
        self._revision: int | None = None

    async def refresh(self) -> bool:
        """Take in a changed catalogue; True where there was one."""
        async with self._engine.connect() as connection, AsyncSession(bind=connection) as session:
            revision = await current_revision(session)
            if revision == self._revision:
                return False
            view = await load_view(session, self.view)
        rows = await asyncio.to_thread(search_rows, view)
        # Made once for each change: every poll looks at it, and a large catalogue takes long.
        digest = await asyncio.to_thread(_digest, rows)
        index = await asyncio.to_thread(_build, rows, self._directory)
        self.view, self.index, self._revision = view, index, revision
        self._rows, self._digest = rows, digest
        log.info("catalogue_loaded", revision=revision, items=len(view.items))
        return True

    async def learned(self) -> bool:
        """Whether the search has learned from the catalogue as it is."""
        return await asyncio.to_thread(learned_from, self._directory) == self._digest

    async def learn(self) -> bool:
        """Learn from the catalogue where that was not done yet; True where it was done now.

        Takes seconds, in a process of its own.
        """
        if await self.learned():
            return False
        rows = self._rows
        await learned_apart(self._directory, rows, self._digest)
        if rows is self._rows:
            self.index = await asyncio.to_thread(_build, rows, self._directory)
        log.info("search_learned", items=len(rows))
        return True

    def kept_fresh(self) -> AbstractAsyncContextManager[None]:
        """Look for changes for as long as the context lasts."""
        return repeating("catalogue", self._renew, every=POLL_SECONDS)

    async def _renew(self) -> None:
        await self.refresh()
        await self.learn()


def search_directory(data_dir: Path) -> Path:
    """Where what the search learned is kept."""
    return data_dir / "search"


def search_rows(view: CatalogueView) -> list[dict[str, Any]]:
    """The view's items as the plain entries that the search takes."""
    return [document(item) for item in view.items.values()]


def _build(rows: Rows, directory: Path) -> Index:
    try:
        learned = Learned.load(directory)
    except (OSError, StoredFormError):
        learned = Learned.nothing()
    return Index.build(rows, learned=learned)


def _digest(rows: Rows) -> str:
    """What the search would learn from: the entries, in the form in which this version keeps it."""
    content = json.dumps([FORMAT, rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
