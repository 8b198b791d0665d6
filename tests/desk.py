"""The whole product behind its callback, as WeChat sees it: encrypted pushes in, passive replies out."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.settings import SIMULATOR_AES_KEY, SIMULATOR_APPID, SIMULATOR_SECRET, SIMULATOR_TOKEN, Settings
from tests.wechat_push import Account, message_xml, read_reply, safe_request

ACCOUNT = Account(SIMULATOR_APPID, SIMULATOR_TOKEN, SIMULATOR_AES_KEY)
_numbers = itertools.count(1)
_LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=(.*?)&msgmenuid=(.*?)">(.*?)</a>')


class HandClock:
    """A clock that a test sets; it also runs, so that times of one conversation differ."""

    def __init__(self) -> None:
        self.set(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))

    def set(self, now: datetime) -> None:
        self._now, self._began = now.astimezone(UTC), time.monotonic()

    def forward(self, span: timedelta) -> None:
        self.set(self() + span)

    def __call__(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._began)


@dataclass
class Platform:
    """The least of WeChat's API: gives tokens, takes customer-service messages, and keeps them."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/cgi-bin/stable_token", self._token),
                web.post("/cgi-bin/message/custom/send", self._send),
            ]
        )
        return app

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "t", "expires_in": 7200})

    async def _send(self, request: web.Request) -> web.Response:
        async with self.arrived:
            self.sent.append(await request.json())
            self.arrived.notify_all()
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def told(self, openid: str, words: str, *, seconds: float = 15) -> None:
        """Wait until a customer-service message with these words went to a citizen."""

        def there() -> bool:
            return any(
                words in m["text"]["content"]
                for m in self.sent
                if m["touser"] == openid and m["msgtype"] == "text"
            )

        async with asyncio.timeout(seconds), self.arrived:
            await self.arrived.wait_for(there)

    async def texts_to(self, openid: str, count: int, *, seconds: float = 10) -> list[str]:
        """The customer-service texts to a citizen, once there are `count`."""

        def texts() -> list[str]:
            return [
                m["text"]["content"] for m in self.sent if m["touser"] == openid and m["msgtype"] == "text"
            ]

        async with asyncio.timeout(seconds), self.arrived:
            await self.arrived.wait_for(lambda: len(texts()) >= count)
        return texts()


@dataclass
class Desk:
    client: TestClient[Any, Any]
    clock: HandClock
    platform: Platform
    settings: Settings

    def citizen(self) -> Citizen:
        return Citizen(self, f"oTestCitizen{next(_numbers):016d}")

    async def push(self, openid: str, fields: dict[str, str], *, created: int | None = None) -> str:
        """Push a message and give back the passive reply's text."""
        query, body = safe_request(ACCOUNT, message_xml(ACCOUNT, openid, fields, created=created))
        response = await self.client.post("/wechat", params=query, data=body.encode())
        assert response.status == 200, await response.text()
        return read_reply(ACCOUNT, await response.text())


@dataclass
class Citizen:
    """One citizen with a phone."""

    desk: Desk
    openid: str
    answer: str = ""
    pushed: tuple[dict[str, str], int] = field(default_factory=lambda: ({}, 0))

    async def send(self, **fields: str) -> str:
        number = next(_numbers)
        if "Event" not in fields:
            fields.setdefault("MsgId", str(10**15 + number))
        self.pushed = fields, int(time.time()) - 60 + number % 60
        return await self.again()

    async def again(self) -> str:
        """The last push once more, as WeChat repeats it."""
        fields, created = self.pushed
        self.answer = await self.desk.push(self.openid, fields, created=created)
        return self.answer

    async def say(self, text: str) -> str:
        return await self.send(MsgType="text", Content=text)

    async def tap(self, number: int) -> str:
        """Tap the choice with this number in the last answer."""
        content, menu_id, _ = _LINK.findall(self.answer)[number - 1]
        return await self.send(MsgType="text", Content=content, bizmsgmenuid=menu_id)

    async def event(self, name: str, key: str = "") -> str:
        return await self.send(MsgType="event", Event=name, EventKey=key)

    def shown(self) -> str:
        """The last answer as it stands on the phone: links without their addresses."""
        return re.sub(r"<a [^>]*>(.*?)</a>", r"\1", self.answer)


def desk_settings(directory: Path, model_dir: Path, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=directory,
        model_dir=model_dir,
        simulator=False,
        wechat_appid=SIMULATOR_APPID,
        wechat_secret=SIMULATOR_SECRET,
        wechat_token=SIMULATOR_TOKEN,
        wechat_aes_key=SIMULATOR_AES_KEY,
        messages_per_minute=10_000,
        **more,
    )


@contextlib.asynccontextmanager
async def opened_desk(directory: Path, model_dir: Path, **more: Any) -> AsyncIterator[Desk]:
    """The product with the demo centre on SQLite and a private Redis, its search having learned."""
    from bot.preparing import prepare_database, prepare_search
    from server import application

    platform, clock = Platform(), HandClock()
    async with TestServer(platform.app()) as api:
        settings = desk_settings(
            directory, model_dir, wechat_api_base=str(api.make_url("")).rstrip("/"), **more
        )
        await prepare_database(settings, clock, echo=lambda _: None)
        await prepare_search(settings, echo=lambda _: None)
        async with application(settings, clock=clock) as app, TestClient(TestServer(app)) as client:
            yield Desk(client, clock, platform, settings)
