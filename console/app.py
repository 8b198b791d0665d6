"""The console as an aiohttp application: its pages, its files, and what every request goes through."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Final

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.clock import SHANGHAI
from console.boards import Boards
from console.guard import dressed, explained, known, ours
from console.house import House
from console.pages import PAGES
from console.sessions import Sessions
from console.visit import BOARDS, HOUSE, NAVIGATION, SESSIONS

_HERE: Final = Path(__file__).parent
_CACHE_STATIC: Final = "public, max-age=31536000, immutable"


def create_app(house: House) -> web.Application:
    """The application for `/console/`."""
    sessions = Sessions(house.redis, house.clock, secure=house.secure)
    app = web.Application(middlewares=[dressed(house), explained(), known(house), explained(), ours(house)])
    app[HOUSE], app[SESSIONS] = house, sessions
    app[BOARDS] = Boards(house.engine, house.clock, house.queue_rules)
    app[NAVIGATION] = sorted(
        (entry for page in PAGES for entry in page.ENTRIES), key=lambda entry: entry.order
    )
    files = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir()) if path.is_file()}
    # The address changes with the content of any of them, so that they may be kept for ever.
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
    _set_up_templates(app, digest)

    async def static(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in files:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Cache-Control": _CACHE_STATIC}
        return web.Response(body=files[name], content_type=kind, charset="utf-8", headers=headers)

    for page in PAGES:
        app.add_routes(page.routes())
    app.add_routes([web.get("/static/{digest}/{name}", static), web.route("*", "/{tail:.*}", _nothing)])
    app.on_shutdown.append(_closing)
    return app


def _set_up_templates(app: web.Application, digest: str) -> None:
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        filters={
            "clock": lambda moment: f"{moment.astimezone(SHANGHAI):%H:%M}",
            "day": lambda moment: f"{moment.astimezone(SHANGHAI):%Y-%m-%d}",
        },
    )
    aiohttp_jinja2.get_env(app).globals["static"] = f"/console/static/{digest}"


async def _nothing(_: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound


async def _closing(app: web.Application) -> None:
    """Whoever listens is let go, so that the server need not wait for them."""
    app[HOUSE].live.close()
