"""Web authorisation: codes that work once, for five minutes."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from simulator.errors import ApiError

LIFE = timedelta(minutes=5)
MOST_CODES = 1000
SCOPES = frozenset({"snsapi_base", "snsapi_userinfo"})
_STATE = re.compile(r"[a-zA-Z0-9]{0,128}")


class AuthorizeError(Exception):
    """A request for authorisation the platform shows an error page for, in Chinese."""


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """What the server asks of a citizen's browser."""

    redirect_uri: str
    scope: str
    state: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code is exchanged for."""

    openid: str
    scope: str
    snapshot: bool


@dataclass(slots=True)
class _Code:
    openid: str
    scope: str
    expires: datetime
    snapshot: bool
    used: bool = False


def check_request(query: dict[str, str], appid: str, hosts: frozenset[str]) -> AuthorizeRequest:
    """Check the address the server made; raise AuthorizeError in the words of the page."""
    if query.get("appid") != appid:
        raise AuthorizeError("appid 参数错误")
    if query.get("response_type") != "code":
        raise AuthorizeError("response_type 须为 code")
    scope = query.get("scope", "")
    if scope not in SCOPES:
        raise AuthorizeError("scope 参数错误或没有 scope 权限(10005)")
    state = query.get("state", "")
    if not _STATE.fullmatch(state):
        raise AuthorizeError("state 只能是不超过 128 个字母和数字")
    target = urlsplit(query.get("redirect_uri", ""))
    if target.scheme not in ("http", "https") or target.hostname not in hosts:
        raise AuthorizeError("redirect_uri 域名与后台配置不一致(10003)")
    return AuthorizeRequest(target.geturl(), scope, state)


def redirect_target(request: AuthorizeRequest, code: str) -> str:
    """Give the address to send the citizen back to."""
    parts = urlsplit(request.redirect_uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("code", code), ("state", request.state)]
    return urlunsplit(parts._replace(query=urlencode(query)))


class Codes:
    """Codes given out, and exchanged for who the citizen is."""

    def __init__(self) -> None:
        self._codes: dict[str, _Code] = {}

    def give(self, openid: str, scope: str, now: datetime, *, snapshot: bool = False) -> str:
        """Make a code for a citizen who agreed; `snapshot` marks a page preview, which is no person."""
        while len(self._codes) >= MOST_CODES:
            self._codes.pop(next(iter(self._codes)))
        code = secrets.token_hex(16)
        self._codes[code] = _Code(openid, scope, now + LIFE, snapshot)
        return code

    def exchange(self, code: str, now: datetime) -> Grant:
        """Use a code up; raise ApiError 41008, 40029, 40163 or 42003 (expired)."""
        if not code:
            raise ApiError(41008)
        entry = self._codes.get(code)
        if entry is None:
            raise ApiError(40029)
        if entry.used:
            raise ApiError(40163)
        if now >= entry.expires:
            raise ApiError(42003, "code expired")
        entry.used = True
        return Grant(entry.openid, entry.scope, entry.snapshot)

    def shift(self, by: timedelta) -> None:
        """Move everything into the past, as if that time had gone by."""
        for entry in self._codes.values():
            entry.expires -= by
