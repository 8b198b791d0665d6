"""Pushes to the server: signed, encrypted, cut after five seconds, repeated as WeChat does."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import aiohttp

from simulator.answers import TRANSFER, AnswerError, Reply, read_answer
from simulator.crypto import encrypt, signature
from simulator.settings import SimulatorSettings
from simulator.wire import Fields, write_body

MOST_ANSWER_BYTES = 1024 * 1024


@dataclass(slots=True)
class Attempt:
    """One delivery of a push. `body` is None when nothing usable came within the time."""

    number: int
    url: str
    sent: str
    status: int | None = None
    body: bytes | None = None
    error: str = ""
    milliseconds: int = 0


@dataclass(slots=True)
class Delivery:
    """What became of a push, over all its deliveries.

    reply: the server answered. silence: it said `success` or nothing. trouble: the citizen is told
    该公众号暂时无法提供服务, for `reason`. desk: not pushed, the service desk has the conversation.
    """

    fields: Fields
    outcome: Literal["reply", "silence", "trouble", "desk"] = "trouble"
    reply: Reply | None = None
    reason: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the passive reply, or nothing."""
        return self.reply.text if self.reply else ""

    @property
    def milliseconds(self) -> int:
        """How long the last delivery took."""
        return self.attempts[-1].milliseconds if self.attempts else 0


class Courier:
    """Carries pushes to the callback address of the account."""

    def __init__(self, settings_of: Callable[[], SimulatorSettings], clock: Callable[[], datetime]) -> None:
        self._settings_of = settings_of
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._session:
            await self._session.close()
            self._session = None

    async def deliver(self, fields: Fields) -> Delivery:
        """Push, at most `deliveries` times, `answer_seconds` from start to start.

        What the server does wrong is told in the delivery, never raised.
        """
        delivery = Delivery(fields)
        settings = self._settings_of()
        for number in range(1, settings.deliveries + 1):
            began = time.monotonic()
            attempt = await self._attempt(fields, number, settings)
            attempt.milliseconds = int((time.monotonic() - began) * 1000)
            delivery.attempts.append(attempt)
            if attempt.body is not None:
                return _settle(delivery, attempt.body, settings)
            delivery.reason = attempt.error
            if number < settings.deliveries:
                await asyncio.sleep(max(0.0, settings.answer_seconds - (time.monotonic() - began)))
        return delivery

    async def _attempt(self, fields: Fields, number: int, settings: SimulatorSettings) -> Attempt:
        query, body = seal(fields, settings, self._clock())
        attempt = Attempt(number, settings.callback_url, body.decode())
        kind = "application/json" if settings.data_format == "json" else "text/xml"
        try:
            async with (
                asyncio.timeout(settings.answer_seconds),
                self._connected().post(
                    settings.callback_url,
                    params=query,
                    data=body,
                    headers={"Content-Type": kind},
                    allow_redirects=False,
                ) as response,
            ):
                attempt.url = str(response.url)
                attempt.status = response.status
                received = await response.content.read(MOST_ANSWER_BYTES)
                while chunk := await response.content.read(MOST_ANSWER_BYTES - len(received)):
                    received += chunk
        except TimeoutError:
            attempt.error = f"{settings.answer_seconds:g} 秒内没有应答,连接已断开"
        except (aiohttp.ClientError, OSError) as error:
            attempt.error = f"连接失败:{error}"
        else:
            if attempt.status == 200:
                attempt.body = received
            else:
                attempt.error = f"HTTP {attempt.status}"
        return attempt

    async def verify_url(self) -> tuple[bool, str]:
        """Check the callback address by GET, as when it is saved; gives ok and a sentence."""
        settings = self._settings_of()
        echo = str(secrets.randbelow(10**19))
        query = {**_signed(settings, self._clock()), "echostr": echo}
        try:
            async with (
                asyncio.timeout(settings.answer_seconds),
                self._connected().get(settings.callback_url, params=query, allow_redirects=False) as response,
            ):
                answer = (await response.content.read(1024)).decode(errors="replace")
                status = response.status
        except TimeoutError:
            return False, "请求 URL 超时"
        except (aiohttp.ClientError, OSError) as error:
            return False, f"请求 URL 失败:{error}"
        if status == 200 and answer == echo:
            return True, "Token 校验成功"
        return False, f"Token 校验失败(HTTP {status})"

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), headers={"User-Agent": "Mozilla/4.0"}
            )
        return self._session


def seal(fields: Fields, settings: SimulatorSettings, now: datetime) -> tuple[dict[str, str], bytes]:
    """Give query and body of one delivery in the account's mode and format."""
    query = {**_signed(settings, now), "openid": str(fields["FromUserName"])}
    if settings.mode == "plain":
        return query, write_body(fields, settings.data_format)
    sealed = encrypt(write_body(fields, settings.data_format), settings.aes_key, settings.appid)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = signature(settings.token, query["timestamp"], query["nonce"], sealed)
    if settings.mode == "compat":
        return query, write_body({**fields, "Encrypt": sealed}, settings.data_format)
    return query, write_body({"ToUserName": settings.account, "Encrypt": sealed}, settings.data_format)


def _signed(settings: SimulatorSettings, now: datetime) -> dict[str, str]:
    timestamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**10))
    return {
        "signature": signature(settings.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def _settle(delivery: Delivery, body: bytes, settings: SimulatorSettings) -> Delivery:
    try:
        delivery.reply = read_answer(body, settings, str(delivery.fields["FromUserName"]))
    except AnswerError as error:
        delivery.outcome, delivery.reason = "trouble", str(error)
        return delivery
    if delivery.reply and delivery.reply.kind == TRANSFER and delivery.fields["MsgType"] == "event":
        delivery.reply, delivery.outcome = None, "trouble"
        delivery.reason = "只有用户消息能转客服,事件不能"
    else:
        delivery.outcome, delivery.reason = ("reply" if delivery.reply else "silence"), ""
    return delivery
