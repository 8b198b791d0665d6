"""The way every call to the platform's API takes: faults, method, token, quota, handler, log."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.errors import ApiError
from simulator.faults import Fault
from simulator.platform import Platform
from simulator.wire import Fields, WireError, read_api_json, write_body

MOST_BODY = 1024 * 1024
BINARY = "(二进制)"
_CREDENTIALS = frozenset({"access_token", "refresh_token", "secret"})
_SECRET = re.compile(rb'"secret"\s*:\s*"[^"]*')


class Call:
    """One call: its query, its body, the platform it is made to."""

    def __init__(self, platform: Platform, request: web.Request, name: str) -> None:
        self.platform = platform
        self.request = request
        self.name = name
        self.query: Mapping[str, str] = request.query
        self.received = b""

    async def body(self) -> bytes:
        """Read the body, 1 MB at most; raise ApiError 45002 beyond."""
        while chunk := await self.request.content.read(64 * 1024):
            self.received += chunk
            if len(self.received) > MOST_BODY:
                raise ApiError(45002)
        return self.received

    async def json(self) -> Fields:
        """Read a JSON object; raise ApiError 44002 or 47001."""
        body = await self.body()
        if not body.strip():
            raise ApiError(44002)
        try:
            return read_api_json(body)
        except WireError as error:
            raise ApiError(47001, str(error)[:120]) from None


Handler = Callable[[Call], Awaitable[Fields | web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: `method` GET, POST or ANY; `token` whether it needs an access_token."""

    method: str
    handler: Handler
    token: bool = True


class Dispatcher:
    """Serves all endpoints of one platform under one catch-all route."""

    def __init__(self, platform: Platform, endpoints: Mapping[str, Endpoint]) -> None:
        self._platform = platform
        self._endpoints = endpoints

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve a call; the fault `lost` does all of it and then drops the connection."""
        name = request.match_info["endpoint"].removeprefix("cgi-bin/")
        began = time.monotonic()
        call = Call(self._platform, request, name)
        faults: dict[str, Fault] = {fault.kind: fault for fault in self._platform.faults.take(name)}
        if faults:
            self._platform.live.publish("panel")
        if slow := faults.get("slow"):
            await asyncio.sleep(slow.seconds)
        if "down" in faults:
            self._note(call, began, "连接断开,没有处理", ok=False, faults=faults)
            return _drop(request)
        answer = await self._answer(call, faults.get("code"))
        ok = not isinstance(answer, dict) or answer.get("errcode", 0) == 0
        if "lost" in faults:
            self._note(call, began, "已处理,应答丢失", ok=False, faults=faults)
            return _drop(request)
        self._note(call, began, answer if isinstance(answer, dict) else BINARY, ok=ok, faults=faults)
        self._platform.live.publish("panel")
        return _response(answer) if isinstance(answer, dict) else answer

    async def _answer(self, call: Call, fault: Fault | None) -> Fields | web.StreamResponse:
        try:
            return await self._serve(call, fault)
        except ApiError as error:
            return {"errcode": error.code, "errmsg": error.message}

    async def _serve(self, call: Call, fault: Fault | None) -> Fields | web.StreamResponse:
        if fault:
            raise ApiError(fault.code)
        endpoint = self._endpoints.get(call.name)
        if endpoint is None:
            raise ApiError(40066)
        if endpoint.method not in ("ANY", call.request.method):
            raise ApiError(43002 if endpoint.method == "POST" else 43001)
        if endpoint.token:
            self._platform.tokens.check(call.query.get("access_token", ""), self._platform.now())
        self._platform.quotas.spend(call.name, self._platform.now())
        return await endpoint.handler(call)

    def _note(self, call: Call, began: float, answer: Any, *, ok: bool, faults: Mapping[str, Fault]) -> None:
        self._platform.log.add(
            "call",
            call.name,
            at=self._platform.now(),
            ok=ok,
            method=call.request.method,
            query=_masked(dict(call.query)),
            body=_SECRET.sub(rb'"secret":"...', call.received),
            answer=_masked(answer) if isinstance(answer, dict) else answer,
            faults=sorted(faults),
            milliseconds=int((time.monotonic() - began) * 1000),
        )


def _masked(fields: Mapping[str, Any]) -> Fields:
    """Shorten what would let a reader of the log call in the account's name."""
    return {k: f"{str(v)[:12]}…" if k in _CREDENTIALS else v for k, v in fields.items()}


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _response(fields: Fields) -> web.Response:
    # the platform's own header, which is no registered charset form: clients must not lean on it
    return web.Response(
        body=write_body(fields, "json"), headers={"Content-Type": "application/json; encoding=utf-8"}
    )
