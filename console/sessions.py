"""Sessions of the console in Redis, under opaque ids.

The cookie holds 256 random bits and Redis their digest: who reads Redis cannot take a session over. Using a
session renews it by its expiry alone; its content is written at the log-in and where a page changes it, and
never under an id that has ended, so that a request in flight cannot bring a session back that was closed.
(aiohttp-session rewrites what was read, leaves the old id valid, and keeps the cookie itself.)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web
from redis.asyncio import Redis

from bot.clock import Clock

COOKIE: Final = "banshi_console"
# Until the log-in: what the form of the log-in is bound to.
DOOR_COOKIE: Final = "banshi_console_door"
PATH: Final = "/console/"
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
_BORN: Final = "born"
_KEY: Final = "banshi:console:session:"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class Session(dict[str, Any]):
    """What is known of one browser between its requests; empty before the log-in.

    `cookie` is its id, "" while it has none.
    """

    def __init__(self, cookie: str = "", values: Mapping[str, Any] | None = None) -> None:
        super().__init__(values or {})
        self.cookie = cookie
        self._before = dict(self)

    @property
    def changed(self) -> bool:
        """Whether it holds something else than when it was read."""
        return dict(self) != self._before


class Sessions:
    """Sessions that end after half an hour without use and, used or not, after twelve hours."""

    def __init__(self, redis: Redis, clock: Clock, *, secure: bool) -> None:
        self._redis = redis
        self._clock = clock
        self._secure = secure

    async def read(self, request: web.Request) -> Session:
        """The session of the request's cookie; an empty one where there is none or it has ended."""
        cookie = request.cookies.get(COOKIE, "")
        if not _ID.fullmatch(cookie):
            return Session()
        kept = await self._redis.getex(_key(cookie), ex=IDLE)
        if kept is None:
            return Session()
        values = json.loads(kept)
        if self._clock() >= datetime.fromisoformat(values[_BORN]) + LONGEST:
            await self.end(cookie)
            return Session()
        return Session(cookie, values)

    async def keep(self, response: web.StreamResponse, session: Session) -> None:
        """Keep what a page changed; begin a new session; end an emptied one."""
        if not session.changed:
            return
        if not session:
            await self.end(session.cookie)
            response.del_cookie(COOKIE, path=PATH)
        elif session.cookie:
            await self._redis.set(_key(session.cookie), json.dumps(session), ex=IDLE, xx=True)
        else:
            session.cookie, session[_BORN] = secrets.token_urlsafe(32), self._clock().isoformat()
            await self._redis.set(_key(session.cookie), json.dumps(session), ex=IDLE)
            self._give(response, COOKIE, session.cookie)

    async def stands(self, session: Session) -> bool:
        """Whether the session has not ended since it was read; it is not renewed."""
        if self._clock() >= datetime.fromisoformat(session[_BORN]) + LONGEST:
            return False
        return bool(await self._redis.exists(_key(session.cookie)))

    async def end(self, cookie: str) -> None:
        """Forget a session."""
        await self._redis.delete(_key(cookie))

    def open_door(self, response: web.StreamResponse, door: str) -> None:
        """Give a browser that has no session something to bind the form of the log-in to."""
        self._give(response, DOOR_COOKIE, door)

    def _give(self, response: web.StreamResponse, name: str, value: str) -> None:
        response.set_cookie(name, value, path=PATH, secure=self._secure, httponly=True, samesite="Strict")


def new_door() -> str:
    """A fresh value of the cookie before the log-in."""
    return secrets.token_urlsafe(32)


def form_token(secret: str, bound_to: str) -> str:
    """What every form carries: it belongs to one session (or one door), and only we can make it."""
    key = hmac.digest(secret.encode(), b"banshi console forms", "sha256")
    return hmac.new(key, bound_to.encode(), hashlib.sha256).hexdigest()


def token_is_ours(secret: str, bound_to: str, token: str) -> bool:
    """Whether a form's token belongs to this session. Constant time."""
    return bool(bound_to) and hmac.compare_digest(form_token(secret, bound_to).encode(), token.encode())


def _key(cookie: str) -> str:
    return _KEY + hashlib.sha256(cookie.encode()).hexdigest()
