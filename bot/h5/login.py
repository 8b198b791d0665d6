"""Asking WeChat who opened a page (网页授权, snsapi_base), where the account has that right.

A link alone can be forwarded; with this it opens for the citizen it was made for and for nobody else, and
own pages open without a link as well.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.h5.signing import LinkRefused, Links
from bot.wechat.answers import OAuthUser
from bot.wechat.errors import WeChatError

log = structlog.get_logger(__name__)

COOKIE: Final = "banshi_h5_login"
ENTER: Final = "/h5/enter"
_PURPOSE: Final = "login"
_LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A citizen whom WeChat named. `expected` is whose link it was; "" where they came without one."""

    openid: str
    expected: str
    target: str

    def __repr__(self) -> str:
        return "Arrived(…)"  # never the openid: it would end up in a log


class Login:
    """The way to WeChat's authorisation and back. `base` is https://open.weixin.qq.com, or a simulator."""

    def __init__(
        self,
        links: Links,
        *,
        appid: str,
        base: str,
        user_of: Callable[[str], Awaitable[OAuthUser]],
    ) -> None:
        self._links = links
        self._appid = appid
        self._base = base.rstrip("/")
        self._user_of = user_of

    def begin(self, target: str, expected: str, now: datetime) -> web.Response:
        """Send the browser to WeChat; it comes back to `ENTER`, and from there to `target`."""
        state = secrets.token_hex(16)
        note = json.dumps([state, (now + _LASTS).timestamp(), target, expected])
        query = {
            "appid": self._appid,
            "redirect_uri": f"{self._links.origin}{ENTER}",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        # The order of these parameters is WeChat's, who does not take them in another.
        address = f"{self._base}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"
        response = web.Response(status=303, headers={"Location": address})
        response.set_cookie(
            COOKIE,
            self._links.seal_note(note, _PURPOSE),
            path=ENTER,
            httponly=True,
            samesite="Lax",
            secure=self._links.secure,
            max_age=int(_LASTS.total_seconds()),
        )
        return response

    async def finish(self, request: web.Request, now: datetime) -> Arrived | None:
        """Who came back; None where this browser was not sent, came too late, or WeChat names nobody."""
        try:
            note = self._links.open_note(request.cookies.get(COOKIE, ""), _PURPOSE)
        except LinkRefused:
            return None
        state, ends, target, expected = json.loads(note)
        given = request.query.get("state", "")
        if not hmac.compare_digest(given.encode(), state.encode()):
            return None
        if now >= datetime.fromtimestamp(ends, UTC):
            return None
        try:
            user = await self._user_of(request.query.get("code", ""))
        except WeChatError as error:
            log.warning("h5_login_refused", code=error.code)
            return None
        # A preview of the page (快照页) is shown as nobody in particular.
        return None if user.snapshot else Arrived(user.openid, expected, target)

    def forget(self, response: web.Response) -> None:
        """Take the note of the way back from the browser."""
        response.del_cookie(COOKIE, path=ENTER)
