"""Slots for notices on their way: what is urgent has its own, so that no backlog keeps it waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable


class Lane:
    """The slots for notices of one urgency."""

    def __init__(self, urgency: int, slots: int) -> None:
        self.urgency = urgency
        self.slots = slots
        self.woken = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self._taken = 0
        self._changed = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[None]] = {}

    async def look_again(self, seconds: float) -> None:
        """Wait until somebody wakes the lane, or `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        self.woken.clear()

    async def room(self) -> int:
        """Wait until half of the slots are free; how many are."""
        while self._taken > self.slots // 2:
            self._changed.clear()
            await self._changed.wait()
        return self.slots - self._taken

    async def empty(self) -> None:
        """Wait until nothing is on its way."""
        while self._taken:
            self._changed.clear()
            await self._changed.wait()

    def start(self, work: Coroutine[None, None, None], count: int) -> None:
        """Send `count` notices in the background."""
        self._taken += count
        task = asyncio.create_task(work)
        self.tasks.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            self._taken -= count
            self._changed.set()

        task.add_done_callback(ended)

    def written(self, number: int) -> asyncio.Future[None]:
        """Is done once the outcome of a notice is written."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        return future

    def settled(self, numbers: Iterable[int]) -> None:
        """These outcomes are written."""
        for number in numbers:
            future = self._waiting.pop(number, None)
            if future is not None and not future.done():
                future.set_result(None)
