"""Telling those who watch that something changed: `queue:main`, `notices`. Redis between the replicas.

A message says that there is something new, never what: who hears it reads the whole state anew, and every
listener also wakes by itself every few seconds. So a message that Redis lost costs seconds, not truth.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

_CHANNEL: Final = "banshi:live:"
HEARTBEAT: Final = 5.0
# Redis is tried again after these many seconds, doubling; nobody waits longer than a heartbeat meanwhile.
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
# A quiet connection is looked after this often.
_LOOK_SECONDS: Final = 20.0
_CANCEL_SECONDS: Final = 0.5


class Live:
    """Hands changes to whoever listens, in this process and in all others at the same Redis."""

    def __init__(self, redis: Redis, *, heartbeat: float = HEARTBEAT) -> None:
        self._redis = redis
        self._heartbeat = heartbeat
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def publish(self, *topics: str) -> None:
        """Tell everybody who listens to these topics. Without Redis only this process hears it at once."""
        for topic in topics:
            self._wake(topic)
        for topic in topics:
            try:
                await self._redis.publish(_CHANNEL + topic, b"1")
            except (RedisError, OSError):
                log.warning("live_not_published", topic=topic)

    def announce(self, topics: Iterable[str]) -> None:
        """As `publish`, without waiting: for who has committed and goes on."""
        task = asyncio.get_running_loop().create_task(self.publish(*topics))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @contextlib.asynccontextmanager
    async def listening(self, *topics: str) -> AsyncIterator[AsyncIterator[None]]:
        """Changes of these topics, the first one at once; also one every few seconds, as a heartbeat.

        Changes that come faster than they are taken are one. Ends when the product stops.
        """
        event = asyncio.Event()
        event.set()
        for topic in topics:
            self._listeners[topic].add(event)
        try:
            yield self._changes(event)
        finally:
            for topic in topics:
                self._listeners[topic].discard(event)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    async def _changes(self, event: asyncio.Event) -> AsyncIterator[None]:
        while not self._closing:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._heartbeat):
                    await event.wait()
            event.clear()
            if not self._closing:
                yield

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear what other processes publish, for as long as the context lasts."""
        task = asyncio.create_task(self._hear_for_ever())
        try:
            yield
        finally:
            self.close()
            # A connection that is just being made may swallow the first cancellation.
            while not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=_CANCEL_SECONDS)
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """End every listener's changes: the product stops."""
        self._closing = True
        self._wake_all()

    async def _hear_for_ever(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._redis.pubsub() as hearing:
                    await hearing.psubscribe(f"{_CHANNEL}*")
                    # What was published while nobody heard is made good by looking.
                    self._wake_all()
                    pause = _FIRST_PAUSE
                    await self._hear(hearing)
            except (RedisError, OSError) as error:
                log.warning("live_redis_lost", error=type(error).__name__)
            await asyncio.sleep(pause * random.uniform(0.5, 1))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _hear(self, hearing: PubSub) -> None:
        while True:
            message = await hearing.get_message(ignore_subscribe_messages=True, timeout=_LOOK_SECONDS)
            if message is None:
                await hearing.ping()
                continue
            if message["type"] == "pmessage":
                self._wake(message["channel"].decode().removeprefix(_CHANNEL))

    def _wake(self, topic: str) -> None:
        for event in self._listeners.get(topic, ()):
            event.set()

    def _wake_all(self) -> None:
        for topic in list(self._listeners):
            self._wake(topic)
