"""The least of the platform's API, in this process: takes customer-service messages, each once it arrived."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from random import Random

from aiohttp import web

_NUMBER = re.compile(r"轮到您了:(N\d+) 号")


class Stub:
    """Counts what arrived by the notice's number; answers within `seconds`, half of it before."""

    def __init__(self, *, seconds: float = 0.0, seed: int = 1) -> None:
        self.arrived: Counter[str] = Counter()
        self._seconds = seconds
        self._chance = Random(seed)

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
        body = await request.json()
        if self._seconds:
            await asyncio.sleep(self._chance.uniform(0, self._seconds / 2))
        found = _NUMBER.search(body["text"]["content"])
        assert found is not None
        self.arrived[found[1]] += 1
        if self._seconds:
            await asyncio.sleep(self._chance.uniform(0, self._seconds / 2))
        return web.json_response({"errcode": 0, "errmsg": "ok"})
