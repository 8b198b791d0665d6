from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from simulator.standalone import Simulator
from tests.simulator.bots import Bot, running_bot

SECRET = "simulator-app-secret"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **amount: float) -> None:
        self.time += timedelta(**amount)


class Caller:
    """Calls the platform's API as a client would."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session
        self.token = ""

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        if "token" not in path:
            query.setdefault("access_token", self.token)
        async with self.session.get(f"{self.simulator.api_base}/{path}", params=query) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json(content_type=None)
            return answer

    async def post(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        query.setdefault("access_token", self.token)
        url = f"{self.simulator.api_base}/{path}"
        if not isinstance(body, bytes | aiohttp.FormData):
            body = json.dumps(body, ensure_ascii=False).encode()
        async with self.session.post(url, params=query, data=body) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json(content_type=None)
            return answer

    async def stable(self, *, force: bool = False) -> dict[str, Any]:
        body = {
            "grant_type": "client_credential",
            "appid": "wxba5fad812f8e6fb9",
            "secret": SECRET,
            "force_refresh": force,
        }
        answer = await self.post("cgi-bin/stable_token", body)
        self.token = answer.get("access_token", self.token)
        return answer

    async def say(self, openid: str, text: str = "您好") -> int:
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return int((await self.post("cgi-bin/message/custom/send", body))["errcode"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with running_bot() as bot:
        yield bot


@pytest.fixture
async def wechat(bot: Bot, clock: Clock) -> AsyncIterator[Simulator]:
    async with Simulator(bot.url, clock=clock, answer_seconds=0.2) as simulator:
        yield simulator


@pytest.fixture
async def api(wechat: Simulator) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        caller = Caller(wechat, session)
        await caller.stable()
        yield caller


@pytest.fixture
async def control(wechat: Simulator) -> AsyncIterator[Callable[..., Awaitable[dict[str, Any]]]]:
    async with aiohttp.ClientSession(headers={"X-Simulator": "1"}) as session:

        async def call(name: str, /, expect: int = 200, **body: Any) -> dict[str, Any]:
            async with session.post(f"{wechat.url}/control/{name}", json=body) as response:
                answer: dict[str, Any] = await response.json()
                assert response.status == expect, answer
                return answer

        yield call
