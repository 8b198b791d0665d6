"""Who may use the page and its control API: the developer at this machine, no other site in their browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from simulator.platform import Platform

# A header no form and no simple request carries: with it a foreign page needs a preflight it never gets.
HEADER = "X-Simulator"
SAFE = frozenset({"GET", "HEAD"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def guard(platform: Platform) -> Middleware:
    """Make the middleware; the platform's own API under /api/ is guarded by its tokens instead."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if "endpoint" in request.match_info:
            return await handler(request)
        _require_host(request, platform.settings.hosts)
        if request.method not in SAFE:
            _require_same_site(request)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(security_headers())
        return response

    return middleware


def security_headers() -> dict[str, str]:
    """Give the headers of every page and answer."""
    return {
        "Content-Security-Policy": CONTENT_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-cache",
    }


def _require_host(request: web.Request, hosts: frozenset[str]) -> None:
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    if host not in hosts:
        raise web.HTTPForbidden(text="模拟器只在本机打开;用别的地址访问,请把它加到 hosts")


def _require_same_site(request: web.Request) -> None:
    if request.headers.get(HEADER) != "1":
        raise web.HTTPForbidden(text=f"需要 {HEADER}: 1")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise web.HTTPForbidden(text="来源不对")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise web.HTTPForbidden(text="来源不对")
