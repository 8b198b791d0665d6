"""A small stand-in for the platform's API: a real HTTP server whose moods a test sets."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Call:
    path: str
    query: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeApi:
    """Takes calls with the token it holds for valid, 40001 for any other."""

    token: str = "token-1"
    expires_in: int = 7200
    dead: set[str] = field(default_factory=set)
    """Tokens that are handed out still, but rejected."""
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    """By path: what comes next, before the ordinary answer: a dict, or a coroutine function."""
    fetch_seconds: float = 0.05
    serial: int = 1
    base: str = ""

    def count(self, path: str) -> int:
        return Counter(call.path for call in self.calls)[path]

    def forced(self) -> int:
        return sum(call.json["force_refresh"] for call in self.calls if call.path == "stable_token")

    def kill_token(self) -> None:
        """The token stops working before its time; stable_token goes on handing it out unless forced."""
        self.dead.add(self.token)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self.handle)
        return app

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"].removeprefix("cgi-bin/")
        call = Call(path, dict(request.query), await request.read())
        self.calls.append(call)
        planned = self.answers.get(path)
        if planned:
            answer = planned.pop(0)
            if callable(answer):
                return await answer(request)
            return web.json_response(answer)
        if path == "stable_token":
            return await self.stable_token(call)
        if not path.startswith("sns/"):
            token = request.query.get("access_token")
            if token != self.token or token in self.dead:
                return web.json_response({"errcode": 40001, "errmsg": "invalid credential rid: 1"})
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def stable_token(self, call: Call) -> web.Response:
        await asyncio.sleep(self.fetch_seconds)
        if call.json["force_refresh"] or not self.token:
            self.serial += 1
            self.token = f"token-{self.serial}"
        return web.json_response({"access_token": self.token, "expires_in": self.expires_in})


async def never(request: web.Request) -> web.StreamResponse:
    """Answers long after everybody gave up."""
    await asyncio.sleep(1.5)
    return web.json_response({})


async def cut(request: web.Request) -> web.StreamResponse:
    """The connection breaks after the request was read: nobody knows whether it was carried out."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
