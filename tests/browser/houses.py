"""What the browser looks at, on real ports: the citizens' pages alone, and the whole product."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.preparing import prepare_database
from bot.redis_server import private_redis
from bot.settings import Settings
from hall.catalogue.view import CatalogueView
from server import application, push_menu
from tests.bot.h5.centre import ROOT, site


@contextlib.asynccontextmanager
async def pages_alone(view: CatalogueView) -> AsyncIterator[str]:
    """The citizens' pages over `view`; the address of their first page."""
    async with _served(site(view), 0) as port:
        yield f"http://127.0.0.1:{port}/h5"


@contextlib.asynccontextmanager
async def whole_product(directory: Path, model_dir: Path, clock: Clock, **more: Any) -> AsyncIterator[str]:
    """The product with the demo centre, its simulator and its menu, as `make run` starts it; its address.

    `more` are settings besides.
    """
    async with private_redis() as redis_url:
        settings = Settings(
            _env_file=None,
            data_dir=directory,
            redis_url=redis_url,
            model_dir=model_dir,
            port=_free_port(),
            simulator=True,
            messages_per_minute=10_000,
            **more,
        )
        await prepare_database(settings, clock, echo=lambda _: None, demo=ROOT / "data" / "catalogue")
        async with _running(settings, clock):
            yield f"http://127.0.0.1:{settings.port}"


@contextlib.asynccontextmanager
async def _running(settings: Settings, clock: Clock) -> AsyncIterator[None]:
    async with application(settings, clock=clock) as app, _served(app, settings.port):
        await push_menu(settings, ROOT / "data" / "menu.json")
        yield


@contextlib.asynccontextmanager
async def _served(app: web.Application, port: int) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _free_port() -> int:
    """The product is told its port before it listens: the simulator calls it back there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
