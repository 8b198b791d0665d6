"""The model that answers, changed without a restart when another one is activated."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import structlog

from bot.background import repeating
from nlu.agent.understanding import Understanding
from nlu.training.models import active

log = structlog.get_logger(__name__)

POLL_SECONDS = 3.0

Load = Callable[[Path], Awaitable[Understanding]]


class NoModelError(Exception):
    """There is no trained model to answer with; train one first (`banshi prepare`)."""


class ModelKeeper:
    """Holds the active model and looks whether another one was activated."""

    def __init__(self, directory: Path, load: Load) -> None:
        self._directory = directory
        self._load = load
        self._name = ""
        self._current: Understanding | None = None

    def current(self) -> Understanding:
        """The model to take this turn with. Raises NoModelError before the first load."""
        if self._current is None:
            raise NoModelError("没有训练过的模型,请先运行 banshi prepare")
        return self._current

    async def refresh(self) -> None:
        """Load the active model where it is not the one in use. Raises NoModelError, ModelError."""
        model = await asyncio.to_thread(active, self._directory)
        if model is None:
            self.current()
            return
        if model.name == self._name:
            return
        self._current, self._name = await self._load(model.path), model.name
        log.info("model_loaded", model=model.name)

    def kept_fresh(self) -> AbstractAsyncContextManager[None]:
        """Look for an activated model for as long as the context lasts; meanwhile the one in use answers."""
        return repeating("model", self.refresh, every=POLL_SECONDS, at_once=False)
