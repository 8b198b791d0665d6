"""The simulator as an application of its own, to be mounted (at /simulator/) or run alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from simulator import sms
from simulator.acts import Acts
from simulator.api.dispatch import Dispatcher
from simulator.api.endpoints import endpoints
from simulator.api.sms import sms_handler
from simulator.platform import Platform, system_clock
from simulator.settings import SimulatorSettings
from simulator.web.control import Control
from simulator.web.guard import guard
from simulator.web.pages import Pages
from simulator.web.stream import Stream

PLATFORM = web.AppKey("platform", Platform)
ACTS = web.AppKey("acts", Acts)
STATIC = Path(__file__).parent / "web" / "static"


def create_app(settings: SimulatorSettings, clock: Callable[[], datetime] = system_clock) -> web.Application:
    """Build the simulator: `/` the page, `/api/` the platform's API, `/control/` what the page uses; and at
    `/sms/` a provider of SMS.

    State lives in memory with the application. `clock` gives aware times; pass the product's, so that a
    server with a shifted clock does not take every push for an old one.
    """
    platform = Platform(settings, clock)
    acts = Acts(platform)
    table = endpoints(acts)
    app = web.Application(middlewares=[guard(platform)])
    app[PLATFORM] = platform
    app[ACTS] = acts
    pages = Pages(platform)
    app.add_routes(
        [
            web.get("", pages.index),
            web.get("/", pages.index),
            web.get("/live", Stream(platform).handle),
            web.get("/media/{media_id}", pages.media),
            web.get("/connect/oauth2/authorize", pages.authorize),
            *Control(platform, acts, sorted([*table, sms.ENDPOINT])).routes(),
            web.static("/static", STATIC),
            web.route("*", "/api/{endpoint:.+}", Dispatcher(platform, table).handle),
            web.route("*", "/{endpoint:sms/}", sms_handler(platform)),
        ]
    )

    async def end_streams(_app: web.Application) -> None:
        # before the server waits for open connections, or it would wait for every open page
        platform.live.close()

    async def close(_app: web.Application) -> None:
        await platform.close()

    app.on_shutdown.append(end_streams)
    app.on_cleanup.append(close)
    return app
