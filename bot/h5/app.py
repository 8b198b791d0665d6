"""The pages as an aiohttp application: routes, templates, headers that keep a page what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.clock import Clock
from bot.h5.pages import Library, Pages

_HERE: Final = Path(__file__).parent
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
_CACHE_PAGE: Final = "no-cache"
_CACHE_STATIC: Final = "public, max-age=31536000, immutable"


def create_app(library: Library, clock: Clock) -> web.Application:
    """The application for `/h5/`. `library` gives the current catalogue and its search."""
    style = (_HERE / "static" / "h5.css").read_bytes()
    # The address changes with the content, so that it may be kept for ever.
    digest = hashlib.sha256(style).hexdigest()[:12]
    app = web.Application(middlewares=[_guard])
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    aiohttp_jinja2.get_env(app).globals["static"] = f"/h5/static/{digest}/h5.css"

    async def stylesheet(_: web.Request) -> web.Response:
        return web.Response(
            body=style, content_type="text/css", charset="utf-8", headers={"Cache-Control": _CACHE_STATIC}
        )

    pages = Pages(library, clock)
    app.add_routes(
        [
            web.get("/", pages.index),
            web.get("/search", pages.search),
            web.get("/items/{code}", pages.item),
            web.get("/topics/{name}", pages.topic),
            web.get("/departments/{name}", pages.department),
            web.get("/events/{code}", pages.event),
            web.get("/static/{digest}/h5.css", stylesheet),
            web.get("/{tail:.*}", pages.missing),
        ]
    )
    return app


@web.middleware
async def _guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    response = await handler(request)
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", _CACHE_PAGE)
    return response
