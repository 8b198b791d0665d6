"""Who may come in to a citizen's own pages: with a good link, then by the session their browser got for it.

A link is opened once, in one browser; forwarded afterwards it opens nothing. It is used up by the browser
that comes back with the cookie it was given, not by whoever only looks at the address (a scanner, a preview).
A browser in which one citizen is at the pages does not open another's link. Forms come from our own pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlencode

import structlog
from aiohttp import web
from redis.asyncio import Redis

from bot.clock import Clock
from bot.h5.login import Login
from bot.h5.signing import LINK_MINUTES, LONGEST, TOKEN, Expired, LinkRefused, Links, Session
from bot.locks import mark as account_mark

log = structlog.get_logger(__name__)

COOKIE: Final = "banshi_h5"
# The name of a form's own token among its fields.
FORM_TOKEN: Final = "token"  # noqa: S105 - a name
# Bytes of a form: a name, two numbers and a few choices are far less.
_LARGEST_FORM: Final = 16_384
_RENEWED_AFTER: Final = timedelta(minutes=5)
_RATE_SECONDS: Final = 60
_MOST_A_MINUTE: Final = {"GET": 90, "POST": 30}

Why = Literal["expired", "forged", "foreign", "used", "stranger", "stale", "large", "hurried"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A citizen at one of their own pages. `token` belongs into every form; `now` is aware."""

    session: Session
    token: str
    now: datetime

    @property
    def openid(self) -> str:
        """The citizen's account."""
        return self.session.openid


class NotAdmitted(Exception):  # noqa: N818 - reads as the verdict it is
    """Somebody may not see the page (or send the form): `why`."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


OwnPage = Callable[[web.Request, Visitor], Awaitable[web.Response]]


class Entrance:
    """The door of the own pages."""

    def __init__(self, links: Links, redis: Redis, clock: Clock, login: Login | None = None) -> None:
        self._links = links
        self._redis = redis
        self._clock = clock
        self._login = login

    async def answer(self, request: web.Request, page: OwnPage) -> web.Response:
        """What the page answers to the citizen who is at it. Raises NotAdmitted."""
        now = self._clock()
        session = self._session_of(request, now)
        if TOKEN in request.query and request.method == "GET":
            return await self._with_link(request, session, now)
        if session is None:
            return await self._without_session(request, now)
        claimed = await self._claimed(session)
        await self._slow_enough(request.method, session.openid)
        if request.method == "POST":
            await self._require_own_form(request, session)
        response = await page(request, Visitor(session, self._links.form_token(session), now))
        if claimed != session or now - session.used > _RENEWED_AFTER:
            self._give_cookie(response, replace(claimed, used=now))
        return response

    async def switch(self, request: web.Request) -> web.Response:
        """Leave the session of whoever was at the pages before, and open the link again."""
        self._require_same_site(request)
        _require_small(request)
        form = await request.post()
        path, token = str(form.get("path", "")), str(form.get(TOKEN, ""))
        if not path.startswith("/h5/"):
            raise NotAdmitted("forged")
        try:
            self._links.open(path, token, self._clock())
        except Expired:
            raise NotAdmitted("expired") from None
        except LinkRefused:
            raise NotAdmitted("forged") from None
        response = _sent_to(f"{path}?{urlencode({TOKEN: token})}")
        response.del_cookie(COOKIE, path="/h5/")
        return response

    async def enter(self, request: web.Request) -> web.Response:
        """Where WeChat sends a citizen back to after it said who they are. Raises NotAdmitted."""
        if self._login is None:
            raise NotAdmitted("stranger")
        now = self._clock()
        arrived = await self._login.finish(request, now)
        if arrived is None:
            raise NotAdmitted("stranger")
        if arrived.expected not in {"", arrived.openid}:
            raise NotAdmitted("foreign")
        response = _sent_to(arrived.target)
        self._login.forget(response)
        self._give_cookie(response, self._links.new_session(arrived.openid, now))
        return response

    def _session_of(self, request: web.Request, now: datetime) -> Session | None:
        try:
            return self._links.read_session(request.cookies.get(COOKIE, ""), now)
        except LinkRefused:
            return None

    async def _with_link(self, request: web.Request, session: Session | None, now: datetime) -> web.Response:
        """Exchange a link for a session; the token does not stay in the address."""
        token = request.query[TOKEN]
        try:
            openid = self._links.open(request.path, token, now)
        except Expired:
            raise NotAdmitted("expired") from None
        except LinkRefused:
            log.info("h5_link_forged")
            raise NotAdmitted("forged") from None
        target = _address(request)
        if session is not None and session.openid == openid:
            return _sent_to(target)
        if self._login is not None:
            return self._login.begin(target, openid, now)
        if session is not None:
            log.info("h5_link_foreign")
            raise NotAdmitted("foreign")
        session = self._links.new_session(openid, now, token=token)
        if await self._redis.exists(_key(session.link)):
            log.info("h5_link_used")
            raise NotAdmitted("used")
        response = _sent_to(target)
        self._give_cookie(response, session)
        return response

    async def _without_session(self, request: web.Request, now: datetime) -> web.Response:
        if self._login is not None and request.method == "GET":
            return self._login.begin(_address(request), "", now)
        raise NotAdmitted("expired" if COOKIE in request.cookies else "stranger")

    async def _claimed(self, session: Session) -> Session:
        """Use up the link that the session came by, when the browser first comes back. Raises NotAdmitted."""
        if not session.link:
            return session
        key = _key(session.link)
        if not await self._redis.set(key, session.id, nx=True, ex=LINK_MINUTES * 60):
            owner: Any = await self._redis.get(key)
            if owner is None or owner.decode() != session.id:
                log.info("h5_link_used")
                raise NotAdmitted("used")
        return replace(session, link="")

    async def _slow_enough(self, method: str, openid: str) -> None:
        key = f"banshi:h5:rate:{method}:{account_mark(openid)}"
        count = await self._redis.incr(key)
        if count == 1:
            await self._redis.expire(key, _RATE_SECONDS)
        if count > _MOST_A_MINUTE.get(method, _MOST_A_MINUTE["GET"]):
            raise NotAdmitted("hurried")

    async def _require_own_form(self, request: web.Request, session: Session) -> None:
        self._require_same_site(request)
        _require_small(request)
        form = await request.post()
        if not self._links.form_is_ours(session, str(form.get(FORM_TOKEN, ""))):
            raise NotAdmitted("stale")

    def _require_same_site(self, request: web.Request) -> None:
        """Browsers say where a form comes from; ones that do not are held to the form's own token."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise NotAdmitted("stale")
        origin = request.headers.get("Origin")
        here = {self._links.origin, f"{request.scheme}://{request.host}"}
        if origin is not None and origin not in here:
            raise NotAdmitted("stale")

    def _give_cookie(self, response: web.Response, session: Session) -> None:
        response.set_cookie(
            COOKIE,
            self._links.write_session(session),
            path="/h5/",
            # Kept when the window closes: the link it came from does not open a second time without it.
            max_age=int(LONGEST.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._links.secure,
        )


def _key(mark: str) -> str:
    return f"banshi:h5:link:{mark}"


def _require_small(request: web.Request) -> None:
    length = request.content_length
    if length is None or length > _LARGEST_FORM:
        raise NotAdmitted("large")
    if request.content_type != "application/x-www-form-urlencoded":
        raise NotAdmitted("stale")


def _address(request: web.Request) -> str:
    """The address of the page that was asked for, without a link's token."""
    pairs = [(name, value) for name, value in request.query.items() if name != TOKEN]
    return request.rel_url.raw_path + (f"?{urlencode(pairs)}" if pairs else "")


def _sent_to(target: str) -> web.Response:
    return web.Response(status=303, headers={"Location": target})
