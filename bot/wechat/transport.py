"""One HTTP exchange with the platform: bounded, timed, and honest about what may have happened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.wechat.errors import OutcomeUnknown, Unavailable, WeChatError

TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=3, sock_read=8)
"""`connect` is well below `total`: when the latter runs out, the request has left."""
MEDIA_TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=3, sock_read=10)
_MAX_ANSWER: Final = 1024 * 1024
JSON_HEADERS: Final = {"Content-Type": "application/json; charset=utf-8"}

# Raised before anything of the request has left.
_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)


def encoded(payload: Mapping[str, Any]) -> bytes:
    r"""The payload as raw UTF-8 JSON: WeChat shows `\u` escapes to the citizen as they stand."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def failure(error: Exception, *, repeatable: bool) -> WeChatError:
    """What a failed exchange means; its text names no address, which carries the token."""
    name = type(error).__name__
    if isinstance(error, _BEFORE_SENDING):
        return Unavailable(0, f"no connection: {name}")
    if repeatable:
        return Unavailable(0, f"no answer: {name}")
    return OutcomeUnknown(0, f"sent, but no answer: {name}")


async def read_json(response: aiohttp.ClientResponse, *, repeatable: bool) -> dict[str, Any]:
    """The JSON object in an answer of at most 1 MB.

    Something else means that a gateway and not the platform answered: after a 4xx the call was not
    carried out (WeChatError), otherwise that is open (Unavailable or OutcomeUnknown).
    """
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > _MAX_ANSWER:
            raise _no_json(response, repeatable=repeatable)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise _no_json(response, repeatable=repeatable)
    return answer


def _no_json(response: aiohttp.ClientResponse, *, repeatable: bool) -> WeChatError:
    reason = f"HTTP {response.status} without a JSON object"
    if 400 <= response.status < 500:
        return WeChatError(0, reason)
    return Unavailable(0, reason) if repeatable else OutcomeUnknown(0, reason)


async def exchange(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    params: Mapping[str, str],
    data: Any = None,
    headers: Mapping[str, str] | None = None,
    repeatable: bool,
    timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp tells the phases apart, asyncio can't
) -> dict[str, Any]:
    """Send one request and read the JSON answer.

    `repeatable` says that doing it twice does no harm. Raises Unavailable when nothing was done (or it
    may be repeated all the same), OutcomeUnknown when it may have been done.
    """
    try:
        async with session.request(
            method,
            url,
            params=params,
            data=data,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
        ) as response:
            return await read_json(response, repeatable=repeatable)
    except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
        # `from None`: the text of some of these holds the address with token or secret.
        raise failure(error, repeatable=repeatable) from None
