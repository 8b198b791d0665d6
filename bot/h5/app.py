"""The pages as an aiohttp application: routes, templates, headers that keep a page what it is."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Final

import aiohttp_jinja2
import jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.clock import Clock
from bot.h5.booking import BookingPages
from bot.h5.kept import KeptPages
from bot.h5.links import segment
from bot.h5.my_data import MyDataPages
from bot.h5.own import OwnDesk, OwnPages
from bot.h5.pages import Library, Pages
from bot.h5.privacy import PrivacyPage
from bot.h5.reminders import ReminderPage
from bot.h5.waits import WaitPages

log = structlog.get_logger(__name__)

_HERE: Final = Path(__file__).parent
# No script at all: whatever a catalogue or an address brings in, nothing runs. (WeChat's button for reminders
# needs one: that page alone brings a policy of its own.)
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
# A page tells today's state of a hall: it is asked for anew each time.
_CACHE_PAGE: Final = "no-cache"
_CACHE_STATIC: Final = "public, max-age=31536000, immutable"
# File -> the name under which templates know its address, its type.
_STATIC: Final = {
    "h5.css": ("static", "text/css"),
    "reminders.js": ("reminders_script", "text/javascript"),
}


def create_app(library: Library, clock: Clock, own: OwnDesk | None = None) -> web.Application:
    """The application for `/h5/`. `library` gives the current catalogue and its search.

    Without an `own` desk there are no pages of a citizen's own.
    """
    pages = Pages(library, clock)
    files = {name: (_HERE / "static" / name).read_bytes() for name in _STATIC}
    app = web.Application(middlewares=[_guard(pages)])
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        filters={"segment": segment},
    )
    for name, content in files.items():
        aiohttp_jinja2.get_env(app).globals[_STATIC[name][0]] = _address(name, content)

    async def static(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(
            body=files[name],
            content_type=_STATIC[name][1],
            charset="utf-8",
            headers={"Cache-Control": _CACHE_STATIC},
        )

    app.add_routes(
        [
            web.get("/", pages.index),
            web.get("/search", pages.search),
            web.get("/items/{code}", pages.item),
            web.get("/topics/{name}", pages.topic),
            web.get("/departments", pages.departments),
            web.get("/departments/{name}", pages.department),
            web.get("/events/{code}", pages.event),
            web.get("/info", pages.info),
            web.get("/privacy", PrivacyPage(pages).look),
            web.get(r"/static/{digest}/{name:h5\.css|reminders\.js}", static),
            *(_own_routes(OwnPages(own, pages)) if own is not None else ()),
            web.get("/{tail:.*}", pages.missing),
        ]
    )
    return app


def _address(name: str, content: bytes) -> str:
    """Where a file stands: it changes with the content, so that it may be kept for ever."""
    return f"/h5/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


def _own_routes(own: OwnPages) -> list[web.RouteDef]:
    """The pages that a citizen alone sees."""
    booking, kept, data, waits = BookingPages(own), KeptPages(own), MyDataPages(own), WaitPages(own)
    one = r"/bookings/{id:\d{1,9}}"
    return [
        web.get("/book/{item}", own.own(booking.look)),
        web.get("/book/{item}/confirm", own.own(booking.ask)),
        web.post("/book/{item}/confirm", own.own(booking.take)),
        web.get("/bookings", own.own(kept.all)),
        web.get("/check-in", own.own(kept.check_in)),
        web.get(one, own.own(kept.one)),
        web.get(f"{one}/move", own.own(kept.move)),
        web.get(f"{one}/move/confirm", own.own(kept.ask_move)),
        web.post(f"{one}/move/confirm", own.own(kept.take_move)),
        web.get(f"{one}/cancel", own.own(kept.ask_cancel)),
        web.post(f"{one}/cancel", own.own(kept.take_cancel)),
        web.post(r"/waiting/{id:\d{1,9}}/take", own.own(waits.take)),
        web.post(r"/waiting/{id:\d{1,9}}/leave", own.own(waits.leave)),
        web.get("/reminders", own.own(ReminderPage(own, _POLICY).look)),
        web.get("/my-data", own.own(data.look)),
        web.post("/my-data", own.own(data.show)),
        web.post("/my-data/download", own.own(data.download)),
        web.post("/switch", own.switch),
        web.get("/enter", own.enter),
    ]


def _guard(pages: Pages) -> Middleware:
    """Every answer, also to a request that failed, is a page with these headers."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await _answered(pages, request, handler)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", _CACHE_PAGE)
        response.headers["Vary"] = "Accept-Encoding"
        # A page with a form's secret is not compressed: its length would tell of it (BREACH).
        if response.headers["Cache-Control"] != "no-store":
            response.enable_compression()
        return response

    return guard


async def _answered(pages: Pages, request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPMethodNotAllowed as refused:
        response = pages.told(request, refused.status, "这一页只能看", "要找事项,请用下面的搜索。")
        response.headers["Allow"] = refused.headers["Allow"]
        return response
    except web.HTTPNotFound:
        # /h5 as it is typed by hand; every other path of these pages has a route.
        return await (pages.index if request.path == "/h5" else pages.missing)(request)
    except web.HTTPException:
        raise
    except Exception:
        number = secrets.token_hex(3).upper()
        # The path and the query may carry a citizen's words.
        log.exception("h5_page_failed", number=number, route=_route(request))
        return pages.told(
            request,
            500,
            "这一页没有打开",
            f"抱歉,是我们这边出了错(编号 {number}),我们会去查。请稍后再打开,或者在公众号里直接问。",
        )


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""
