"""The simulator as a fake platform in tests: on a port of its own, driven from Python."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from simulator.acts import Acts
from simulator.app import ACTS, PLATFORM, create_app
from simulator.citizens import ChatMessage, Citizen, Via
from simulator.platform import Platform, system_clock
from simulator.settings import SimulatorSettings

DEFAULT_APPID = "wxba5fad812f8e6fb9"


class Simulator:
    """A platform to talk to, as an async context.

        async with Simulator(callback_url="http://127.0.0.1:8080/wechat", ...) as wechat:
            openid = wechat.citizen()
            delivery = await wechat.acts.say(openid, "身份证到期了怎么办")
            delivery.text, delivery.outcome, len(delivery.attempts)
            late = await wechat.wait_for(openid, "custom")

    The server under test gets `api_base` as the platform's address. Keyword arguments are those of
    SimulatorSettings; the callback address may be set later with `connect`.
    """

    platform: Platform
    acts: Acts

    def __init__(
        self,
        callback_url: str = "http://127.0.0.1:9/wechat",
        *,
        clock: Callable[[], datetime] = system_clock,
        **settings: Any,
    ) -> None:
        given = {
            "appid": DEFAULT_APPID,
            "secret": "simulator-app-secret",
            "token": "simulatortoken",
            "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            **settings,
        }
        self._app = create_app(SimulatorSettings(callback_url=callback_url, **given), clock)
        self.platform, self.acts = self._app[PLATFORM], self._app[ACTS]
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        root = web.Application()
        root.add_subapp("/simulator", self._app)
        self._runner = web.AppRunner(root, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.platform.configure(base_url=self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """The page's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}/simulator"

    @property
    def api_base(self) -> str:
        """What the server under test takes for https://api.weixin.qq.com."""
        return f"{self.url}/api"

    def connect(self, callback_url: str) -> None:
        """Set where pushes go, once the server under test runs."""
        self.platform.configure(callback_url=callback_url)

    def citizen(self, name: str = "测试市民", *, openid: str = "", following: bool = True) -> str:
        """Add a citizen, following already unless said otherwise (no event is pushed); gives the openid."""
        citizen = self.platform.citizens.add(name, openid)
        citizen.following = following
        citizen.followed_at = self.platform.now() if following else None
        return citizen.openid

    def received(self, openid: str, *ways: Via) -> list[ChatMessage]:
        """List what stands in a citizen's chat, by the ways given (custom, template, ...) or all."""
        citizen = self._citizen(openid)
        return [m for m in citizen.messages if not ways or m.via in ways]

    async def wait_for(
        self, openid: str, via: Via, *, count: int = 1, seconds: float = 5.0
    ) -> list[ChatMessage]:
        """Wait until that many messages came by that way; raise TimeoutError if they do not."""
        with self.platform.live.listen() as happenings:
            async with asyncio.timeout(seconds):
                while len(found := self.received(openid, via)) < count:
                    await happenings.get()
        return found

    def _citizen(self, openid: str) -> Citizen:
        citizen = self.platform.citizens.get(openid)
        if citizen is None:
            raise LookupError(openid)
        return citizen
