"""The control API of the page: what citizens do, and how the platform misbehaves."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from simulator.acts import Acts
from simulator.api.files import read_part
from simulator.errors import ApiError
from simulator.faults import FaultError
from simulator.media import LIMITS
from simulator.platform import Platform
from simulator.pushing import ActError
from simulator.templates import Template
from simulator.web.acting import act
from simulator.web.state import panel, state

MOST_BODY = 256 * 1024
LONGEST_AGE = 30 * 86_400
Fields = dict[str, Any]


class Control:
    """Handlers of the control API over one platform."""

    def __init__(self, platform: Platform, acts: Acts, endpoint_names: list[str]) -> None:
        self._platform = platform
        self._acts = acts
        self._endpoints = endpoint_names

    def routes(self) -> list[web.RouteDef]:
        """List the routes, relative to the simulator's root."""
        return [
            web.get("/control/state", self._get_state),
            web.get("/control/panel", self._get_panel),
            *(web.post(f"/control/{name}", self._json(handler)) for name, handler in self._posts().items()),
            web.post("/control/image", self._post_image),
        ]

    def _posts(self) -> dict[str, Callable[[Fields], Awaitable[Fields | None]]]:
        return {
            "act": self._act,
            "citizens": self._add_citizen,
            "faults/add": self._add_fault,
            "faults/remove": self._remove_fault,
            "tokens/kill": self._kill_tokens,
            "age": self._age,
            "media/expire": self._expire,
            "settings": self._configure,
            "verify": self._verify,
            "agents": self._set_agent,
            "templates": self._add_template,
            "log/clear": self._clear_log,
        }

    async def _get_state(self, _request: web.Request) -> web.Response:
        return answer(state(self._platform, self._endpoints))

    async def _get_panel(self, _request: web.Request) -> web.Response:
        return answer(panel(self._platform, self._endpoints))

    async def _act(self, body: Fields) -> None:
        pushing = act(self._acts, body)
        if pushing is not None:
            self._platform.background(pushing)

    async def _add_citizen(self, body: Fields) -> Fields:
        citizen = self._platform.citizens.add(str(body.get("name", "")))
        self._platform.touch(citizen)
        return citizen.to_dict(self._platform.now())

    async def _add_fault(self, body: Fields) -> Fields:
        if body.get("kind") == "dead_token":
            return {"killed": self._platform.tokens.kill()}
        times = body.get("times", 1)
        fault = self._platform.faults.add(
            str(body.get("endpoint", "*")),
            body.get("kind", "code"),
            code=int(body.get("code", -1)),
            seconds=float(body.get("seconds", 0)),
            times=None if times is None else int(times),
        )
        return fault.to_dict()

    async def _remove_fault(self, body: Fields) -> None:
        if "id" in body:
            self._platform.faults.remove(int(body["id"]))
        else:
            self._platform.faults.clear()

    async def _kill_tokens(self, _body: Fields) -> Fields:
        return {"killed": self._platform.tokens.kill()}

    async def _age(self, body: Fields) -> None:
        seconds = float(body["seconds"])
        if not 0 < seconds <= LONGEST_AGE:
            raise ActError("一次最多快进 30 天")
        self._platform.age(timedelta(seconds=seconds))

    async def _expire(self, body: Fields) -> None:
        self._platform.media.expire(str(body["id"]))

    async def _configure(self, body: Fields) -> None:
        allowed = {"mode", "data_format", "verified"}
        self._platform.configure(**{key: value for key, value in body.items() if key in allowed})

    async def _verify(self, _body: Fields) -> Fields:
        ok, message = await self._platform.courier.verify_url()
        self._platform.log.add("push", "校验服务器地址", at=self._platform.now(), ok=ok, answer=message)
        return {"ok": ok, "message": message}

    async def _set_agent(self, body: Fields) -> None:
        for agent in self._platform.agents:
            if agent.account == body["account"]:
                agent.online = bool(body["online"])

    async def _add_template(self, body: Fields) -> None:
        kind = body["kind"]
        if kind not in ("template", "once", "longterm") or not body["id"]:
            raise ActError("模板要有编号和类型")
        fields = tuple((str(key), str(label)) for key, label in dict(body["fields"]).items())
        self._platform.add_template(Template(str(body["id"]), str(body["title"]), kind, fields))

    async def _clear_log(self, _body: Fields) -> None:
        self._platform.log.clear()

    async def _post_image(self, request: web.Request) -> web.Response:
        button = [int(i) for i in request.query.get("button", "").split(",") if i.isdigit()]
        try:
            data = await read_part(request, "media", LIMITS["image"])
            pushing = self._acts.image(request.query.get("openid", ""), data, button=button or None)
        except (ActError, ApiError) as error:
            return answer({"error": _sentence(error)}, status=400)
        self._platform.background(pushing)
        return answer({})

    def _json(
        self, handler: Callable[[Fields], Awaitable[Fields | None]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            received = b""
            while chunk := await request.content.read(MOST_BODY):
                received += chunk
                if len(received) > MOST_BODY:
                    return answer({"error": "内容太长"}, status=413)
            try:
                done = await handler(dict(json.loads(received or b"{}"))) or {}
            except (ActError, FaultError, ApiError) as error:
                return answer({"error": _sentence(error)}, status=400)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                return answer({"error": f"请求不对:{error}"}, status=400)
            self._platform.live.publish("panel")
            return answer(done)

        return handle


def _sentence(error: Exception) -> str:
    if isinstance(error, ApiError):
        known = {40005: "文件不是微信收的格式", 40006: "文件太大", 40009: "图片超过 10 MB", 41005: "没有文件"}
        return known.get(error.code, error.message)
    return str(error)


def answer(fields: Fields, *, status: int = 200) -> web.Response:
    """Answer the page in raw UTF-8 JSON."""
    return web.json_response(fields, status=status, dumps=lambda data: json.dumps(data, ensure_ascii=False))
