"""token, stable_token and the exchange of an OAuth code."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from simulator.api.dispatch import Call
from simulator.errors import ApiError
from simulator.tokens import Token
from simulator.wire import Fields


async def token(call: Call) -> Fields:
    """Serve /cgi-bin/token: a new token each time."""
    _check_account(call, call.query, grant="client_credential", grant_field="grant_type")
    return _give(call, call.platform.tokens.plain(call.platform.now()))


async def stable_token(call: Call) -> Fields:
    """Serve /cgi-bin/stable_token: the same token until near its end, or a new one by force."""
    body = await call.json()
    _check_account(call, body, grant="client_credential", grant_field="grant_type")
    platform, now = call.platform, call.platform.now()
    if body.get("force_refresh") is True and platform.tokens.may_force(now):
        platform.quotas.spend("stable_token/force", now)
        return _give(call, platform.tokens.force(now))
    return _give(call, platform.tokens.stable(now))


async def jsapi_ticket(call: Call) -> Fields:
    """Serve ticket/getticket: what pages for the JS-SDK are signed with."""
    if call.query.get("type") != "jsapi":
        raise ApiError(40035)
    ticket, now = call.platform.tokens.jsapi_ticket(call.platform.now()), call.platform.now()
    seconds = int((ticket.expires - now).total_seconds())
    return {"errcode": 0, "errmsg": "ok", "ticket": ticket.value, "expires_in": seconds}


async def oauth_access_token(call: Call) -> Fields:
    """Serve /sns/oauth2/access_token: who came with this code."""
    _check_account(call, call.query, grant="authorization_code", grant_field="grant_type")
    grant = call.platform.codes.exchange(call.query.get("code", ""), call.platform.now())
    answer: Fields = {
        "access_token": f"oauth_{secrets.token_urlsafe(48)}",
        "expires_in": 7200,
        "refresh_token": f"oauth_{secrets.token_urlsafe(48)}",
        "openid": grant.openid,
        "scope": grant.scope,
    }
    if grant.snapshot:
        answer["is_snapshotuser"] = 1
    return answer


def _give(call: Call, token: Token) -> Fields:
    seconds = int((token.expires - call.platform.now()).total_seconds())
    return {"access_token": token.value, "expires_in": seconds}


def _check_account(call: Call, given: Mapping[str, Any], *, grant: str, grant_field: str) -> None:
    settings = call.platform.settings
    if given.get(grant_field) != grant:
        raise ApiError(40002)
    if not given.get("appid"):
        raise ApiError(41002)
    if not given.get("secret"):
        raise ApiError(41004)
    if given["appid"] != settings.appid:
        raise ApiError(40013)
    if not hmac.compare_digest(str(given["secret"]).encode(), settings.secret.encode()):
        raise ApiError(40125)
