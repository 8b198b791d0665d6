"""The address WeChat pushes to: checks, opens, hands on and answers, in every mode, XML and JSON.

Nothing that comes in ends in a 5xx: what is not WeChat's is refused with a 4xx, and what is WeChat's but
makes no sense is settled with `success`, so that WeChat neither repeats it nor shows an error.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.wechat.crypto import AESKey, Crypto, PushRefusedError, Stamp, UndecryptableError
from bot.wechat.payload import Format, MalformedPushError, read_payload
from bot.wechat.push import Incoming, read_push
from bot.wechat.replies import SUCCESS, Passive, TextReply, envelope, render

log = structlog.get_logger(__name__)

MAX_BODY: Final = 256 * 1024
"""Bytes; a text of 20 000 characters, encrypted and with its plain twin, stays below."""
ANSWER_SECONDS: Final = 4.5
"""WeChat cuts the connection after 5 s; this leaves room for the way back."""
_HOLD_SECONDS: Final = 5.5
_BODY_SECONDS: Final = 5.0
_ECHO = re.compile("[0-9A-Za-z+/=_-]{1,512}")


class Receiver(Protocol):
    """Whoever answers pushes: the inbox of the conversation."""

    async def receive(self, incoming: Incoming, *, deadline: float) -> Passive | None:
        """The reply by `deadline` (loop time); None: leave WeChat without an answer, it asks again."""


class EchoReceiver:
    """Answers every text with itself: the floor that benchmarks measure the conversation against."""

    async def receive(self, incoming: Incoming, *, deadline: float) -> Passive | None:
        """The text that came, without any turn."""
        return TextReply(incoming.text or incoming.kind)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A push whose origin is proven, and how its reply has to be written."""

    message: bytes
    key: AESKey | None
    form: Format
    nonce: str


class BodyRefusedError(PushRefusedError):
    """The body is not taken as it is; nothing of it was parsed."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Callback:
    """The GET and POST handlers of one account. `wall_clock` is the real time, never the product's."""

    def __init__(self, crypto: Crypto, receiver: Receiver, wall_clock: Clock) -> None:
        self._crypto = crypto
        self._receiver = receiver
        self._wall_clock = wall_clock

    async def confirm(self, request: web.Request) -> web.Response:
        """GET: WeChat asks whether this address is ours; the proof is its echostr, given back."""
        try:
            echo = self._echo(request)
        except PushRefusedError as refusal:
            return _refused(request, refusal)
        # As plain text, so that a browser shows rather than runs it.
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def push(self, request: web.Request) -> web.StreamResponse:
        """POST: a message or an event."""
        arrived = asyncio.get_running_loop().time()
        try:
            opened = self._open(request, await _read_body(request))
        except PushRefusedError as refusal:
            return _refused(request, refusal)
        try:
            incoming, form = read_push(opened.message)
        except MalformedPushError as error:
            log.warning("push_not_understood", reason=str(error))
            return web.Response(text=SUCCESS)
        reply = await self._answer(incoming, arrived + ANSWER_SECONDS)
        if reply is None:
            return await _hold(request, arrived + _HOLD_SECONDS)
        return self._reply(reply, incoming, form, opened)

    def _echo(self, request: web.Request) -> str:
        echo = request.query.get("echostr", "")
        if not _ECHO.fullmatch(echo):
            raise BodyRefusedError("malformed_echostr", 400)
        if "msg_signature" in request.query and self._crypto.encrypted:
            message, _ = self._crypto.open(_stamp(request, "msg_signature"), echo, now=self._wall_clock())
            try:
                return message.decode()
            except UnicodeDecodeError:
                raise UndecryptableError("not_utf8") from None
        self._crypto.verify(_stamp(request, "signature"), now=self._wall_clock())
        return echo

    def _open(self, request: web.Request, body: bytes) -> _Opened:
        """The message in a body, once it is proven to be WeChat's.

        With a key configured only what is encrypted counts: neither a plain body nor the plain twin that
        compat mode sends along is looked at, whatever `signature` says.
        """
        now = self._wall_clock()
        if not self._crypto.encrypted:
            if request.query.get("encrypt_type", "raw") != "raw":
                raise UndecryptableError("encrypted_push_in_plain_mode")
            stamp = _stamp(request, "signature")
            self._crypto.verify(stamp, now=now)
            return _Opened(body, None, "xml", stamp.nonce)
        stamp = _stamp(request, "msg_signature")
        try:
            fields, form = read_payload(body)
        except MalformedPushError:
            raise BodyRefusedError("malformed_envelope", 400) from None
        encrypt = fields.get("Encrypt")
        if not isinstance(encrypt, str):
            raise UndecryptableError("plain_push_in_encrypted_mode")
        message, key = self._crypto.open(stamp, encrypt.strip(), now=now)
        return _Opened(message, key, form, stamp.nonce)

    async def _answer(self, incoming: Incoming, deadline: float) -> Passive | None:
        try:
            return await self._receiver.receive(incoming, deadline=deadline)
        except Exception:
            # The receiver answers for its own errors; should it not, WeChat is left without an answer
            # and asks again, rather than being told that the push was settled.
            log.exception("receiver_failed", kind=incoming.kind)
            return None

    def _reply(self, reply: Passive, incoming: Incoming, form: Format, opened: _Opened) -> web.Response:
        now = self._wall_clock()
        body = render(reply, incoming, form, now=now)
        if not body:
            return web.Response(text=SUCCESS)
        if opened.key is not None:
            sealed = self._crypto.seal(body.encode(), opened.key, nonce=opened.nonce, now=now)
            form, body = opened.form, envelope(sealed, opened.form)
        return web.Response(text=body, content_type="application/json" if form == "json" else "text/xml")


def routes(callback: Callback, path: str = "/wechat") -> list[web.RouteDef]:
    """The callback's handlers at `path`, for `Application.add_routes`."""
    return [web.get(path, callback.confirm, allow_head=False), web.post(path, callback.push)]


def _stamp(request: web.Request, signature: str) -> Stamp:
    query = request.query
    return Stamp(query.get("timestamp", ""), query.get("nonce", ""), query.get(signature, ""))


async def _read_body(request: web.Request) -> bytes:
    """The whole body within its caps of size and time. Raises BodyRefusedError."""
    if (request.content_length or 0) > MAX_BODY:
        raise BodyRefusedError("body_too_large", 413)
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY:
                    raise BodyRefusedError("body_too_large", 413)
    except TimeoutError:
        raise BodyRefusedError("body_too_slow", 408) from None
    except web.RequestPayloadError:
        raise BodyRefusedError("broken_transfer", 400) from None
    return bytes(body)


def _refused(request: web.Request, refusal: PushRefusedError) -> web.Response:
    log.warning("push_refused", method=request.method, reason=refusal.reason, status=refusal.status)
    response = web.Response(status=refusal.status, text=refusal.reason)
    if refusal.status in (408, 413):
        # What is still to come of the body is not read.
        response.force_close()
    return response


async def _hold(request: web.Request, until: float) -> web.StreamResponse:
    """Keep the connection without an answer until WeChat cuts it, so that it delivers the push again.

    Any answer, even an empty one, would settle the push; so if WeChat has not cut by `until` (loop
    time), the connection is dropped from this side.
    """
    await asyncio.sleep(max(0.0, until - asyncio.get_running_loop().time()))
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
