"""Temporary media, streamed: what a citizen sent, in bounded pieces, never whole in memory."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bot.wechat.errors import BadMedia, WeChatError, error_for
from bot.wechat.transport import MEDIA_TIMEOUT, failure, read_json

_PIECE: Final = 64 * 1024
_JSON_TYPES: Final = ("application/json", "text/plain", "text/json")


@dataclass(frozen=True, slots=True)
class Media:
    """An open download. `content_type` is what the platform says, not what the bytes are."""

    content_type: str
    filename: str
    max_bytes: int
    _response: aiohttp.ClientResponse

    async def pieces(self) -> AsyncIterator[bytes]:
        """The content, piece by piece, once. Raises BadMedia beyond `max_bytes`, Unavailable on a break."""
        received = 0
        try:
            async for piece in self._response.content.iter_chunked(_PIECE):
                received += len(piece)
                if received > self.max_bytes:
                    raise _too_large(self.max_bytes)
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise failure(error, repeatable=True) from None

    async def read(self) -> bytes:
        """The whole content, for what is known to be small. Raises as `pieces`."""
        return b"".join([piece async for piece in self.pieces()])


@contextlib.asynccontextmanager
async def opened(
    session: aiohttp.ClientSession, url: str, params: Mapping[str, str], max_bytes: int
) -> AsyncIterator[Media]:
    """Open a download; a video, for which the platform answers with an address, is followed there.

    Raises the errors of the platform (which come as JSON with status 200), BadMedia when the content is
    announced as too large, Unavailable when nothing came.
    """
    async with _response(session, url, params) as response:
        address = await _video_url(response)
        if not address:
            yield _media(response, max_bytes)
            return
    async with _response(session, address, {}) as response:
        if await _video_url(response):
            raise WeChatError(0, "a video address led to another one")
        yield _media(response, max_bytes)


@contextlib.asynccontextmanager
async def _response(
    session: aiohttp.ClientSession, url: str, params: Mapping[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    request = session.get(url, params=params, timeout=MEDIA_TIMEOUT, allow_redirects=False)
    try:
        response = await request
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise failure(error, repeatable=True) from None
    async with response:
        yield response


async def _video_url(response: aiohttp.ClientResponse) -> str:
    """Where the video lies, "" when the answer is the content itself. Raises what the JSON says is wrong."""
    if response.status != 200 or response.content_type in _JSON_TYPES:
        try:
            answer = await read_json(response, repeatable=True)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise failure(error, repeatable=True) from None
        address = answer.get("video_url")
        if isinstance(address, str) and urlsplit(address).scheme in ("http", "https"):
            return address
        code = answer.get("errcode", 0)
        raise error_for(code if isinstance(code, int) else 0, str(answer.get("errmsg", "no media")))
    return ""


def _media(response: aiohttp.ClientResponse, max_bytes: int) -> Media:
    if (response.content_length or 0) > max_bytes:
        raise _too_large(max_bytes)
    disposition = response.content_disposition
    filename = (disposition.filename or "") if disposition else ""
    return Media(response.content_type, filename, max_bytes, response)


def _too_large(max_bytes: int) -> BadMedia:
    return BadMedia(0, f"more than {max_bytes} bytes")
