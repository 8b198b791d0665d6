"""Work that is done again and again beside the conversation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import structlog

log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def repeating(
    name: str, work: Callable[[], Awaitable[object]], *, every: float, at_once: bool = True
) -> AsyncIterator[None]:
    """Do `work` every `every` seconds for as long as the context lasts.

    An error is logged under `name`, and the work is done again when its time comes.
    """
    task = asyncio.create_task(_for_ever(name, work, every, at_once))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _for_ever(name: str, work: Callable[[], Awaitable[object]], every: float, at_once: bool) -> None:
    if not at_once:
        await asyncio.sleep(every)
    while True:
        try:
            await work()
        except Exception:
            log.exception("background_work_failed", work=name)
        await asyncio.sleep(every)


@contextlib.asynccontextmanager
async def following(
    name: str,
    listening: Callable[[], AbstractAsyncContextManager[AsyncIterator[None]]],
    heard: Callable[[], None],
) -> AsyncIterator[None]:
    """Call `heard` whenever there is a change to hear, for as long as the context lasts."""

    async def listen() -> None:
        async with listening() as changes:
            async for _ in changes:
                heard()

    async with repeating(name, listen, every=1.0):
        yield
