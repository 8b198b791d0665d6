"""The access_token: one for all replicas, fetched by one of them at a time (`stable_token`).

The token stands in Redis. Whoever finds none takes a lock there and fetches; within a process all
callers wait for the same fetch. A token that the platform rejects before its time is renewed by force
once, under the lock, and only if it is still the one in Redis: a second caller that failed with it finds
the new one. WeChat allows 20 forced refreshes a day, 30 s apart.

The jsapi_ticket of the JS-SDK is kept in the same way, under a name of its own; nobody rejects it to us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import LockError, RedisError

from bot.wechat.errors import TokenRejected, Unavailable, WeChatError

log = structlog.get_logger(__name__)

MARGIN_SECONDS: Final = 300
"""From 5 minutes before a token's end WeChat hands out its successor; both hold until then."""
FORCED_APART_SECONDS: Final = 31
FORCED_A_DAY: Final = 20
MAX_TOKEN: Final = 512
_DAY_SECONDS: Final = 24 * 3600
_LOCK_SECONDS: Final = 30.0
"""Longer than a fetch may take; a replica that dies holding the lock delays the others by this."""
_WAIT_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Grant:
    """A token and the seconds it is still good for."""

    token: str
    expires_in: int


Fetch = Callable[[bool], Awaitable[Grant]]
"""Asks the platform for the token; True: force a new one. Raises WeChatError."""


class TokenStore:
    """Hands out the account's access_token (or what else `name` says). One per process and account."""

    def __init__(self, redis: Redis, appid: str, fetch: Fetch, name: str = "token") -> None:
        self._redis = redis
        self._fetch = fetch
        self._key = f"wechat:{appid}:{name}"
        self._name = name
        self._running: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """The token to use now. Raises WeChatError (Unavailable when Redis is away)."""
        return await self._cached() or await self._renewed("")

    async def replace(self, rejected: str) -> str:
        """A token to use instead of one the platform has just rejected.

        Raises TokenRejected when a new one can't be forced now, or another WeChatError.
        """
        cached = await self._cached()
        return cached if cached and cached != rejected else await self._renewed(rejected)

    async def _renewed(self, rejected: str) -> str:
        # One fetch at a time; callers that come while it runs share its outcome, good or bad. It is a
        # task of its own, so that a caller that is cancelled takes nobody with it.
        if self._running is None:
            self._running = asyncio.create_task(self._renew(rejected))
            self._running.add_done_callback(self._ended)
        token = await asyncio.shield(self._running)
        return token if token != rejected else await self._renewed(rejected)

    def _ended(self, task: asyncio.Task[str]) -> None:
        self._running = None
        if not task.cancelled():
            # Marks the error as seen where every caller has gone.
            task.exception()

    async def _renew(self, rejected: str) -> str:
        lock = self._redis.lock(
            self._key + ":lock", timeout=_LOCK_SECONDS, blocking_timeout=_WAIT_SECONDS, sleep=0.05
        )
        try:
            async with lock:
                cached = await self._cached()
                if cached and cached != rejected:
                    return cached
                return await self._fetched(rejected, force=cached is not None)
        except LockError:
            raise Unavailable(0, "another replica holds the token's lock") from None
        except RedisError as error:
            raise Unavailable(0, f"Redis: {type(error).__name__}") from None

    async def _fetched(self, rejected: str, *, force: bool) -> str:
        if force:
            await self._allow_force()
        grant = await self._fetch(force)
        if grant.token == rejected and not force:
            # The platform still hands out what it rejects: only force helps (40001 after a reset).
            await self._allow_force()
            grant = await self._fetch(True)
        if not 0 < len(grant.token) <= MAX_TOKEN or grant.expires_in <= 0:
            raise WeChatError(0, f"no usable {self._name} in the platform's answer")
        if grant.token == rejected:
            raise TokenRejected(40001, "a forced refresh gave the rejected token back")
        kept = max(grant.expires_in - MARGIN_SECONDS, min(grant.expires_in, 60) // 2, 1)
        await self._redis.set(self._key, grant.token, ex=kept)
        log.info("access_token_fetched", name=self._name, forced=force, kept_seconds=kept)
        return grant.token

    async def _allow_force(self) -> None:
        """Count a forced refresh in; raises TokenRejected when it comes too soon or too often."""
        if not await self._redis.set(self._key + ":forced", 1, nx=True, ex=FORCED_APART_SECONDS):
            raise TokenRejected(40001, "rejected again within 30 s of a forced refresh")
        count = self._key + ":forced-today"
        # A day from the first one on, whatever hour the platform resets at: never more than allowed.
        await self._redis.set(count, 0, nx=True, ex=_DAY_SECONDS)
        if await self._redis.incr(count) > FORCED_A_DAY:
            log.error("access_token_forced_too_often", allowed=FORCED_A_DAY)
            raise TokenRejected(40001, f"{FORCED_A_DAY} forced refreshes in a day are used up")

    async def _cached(self) -> str | None:
        try:
            value = await self._redis.get(self._key)
        except RedisError as error:
            raise Unavailable(0, f"Redis: {type(error).__name__}") from None
        if value is None:
            return None
        return value.decode() if isinstance(value, bytes) else str(value)
