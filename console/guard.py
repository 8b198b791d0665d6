"""What every request of the console goes through: headers, whose it is, whether its form is ours, errors."""

from __future__ import annotations

import secrets
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.ext.asyncio import AsyncSession

from console.forms import origin_of, read_form
from console.house import House
from console.permissions import ACCOUNT, FORM, SESSION, visitor
from console.refusals import Refused, not_found
from console.sessions import Session
from console.visit import SESSIONS
from hall.db import reading
from hall.staff.errors import NoSuchStaff
from hall.staff.service import Account, account

log = structlog.get_logger(__name__)

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: under it browsers hide the origin of a form, which is checked.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",
}
STAFF: Final = "staff"
EPOCH: Final = "epoch"
_SAFE: Final = frozenset({"GET", "HEAD"})


def dressed(house: House) -> Middleware:
    """The outermost: headers, and an answer in words also where a page failed."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as raised:
            response = raised
        if not response.prepared:
            # What time it is here: pages count from it, and follow a clock that was set.
            response.headers["X-Now"] = house.clock().isoformat(timespec="milliseconds")
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        if isinstance(response, web.HTTPException):
            raise response
        return response

    return middleware


def explained() -> Middleware:
    """What is refused or went wrong becomes a page, or JSON for a script."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            return await _told(request, refused)
        except web.HTTPNotFound:
            if request.path == "/console":  # as it is typed by hand
                raise web.HTTPFound("/console/") from None
            return await _told(request, not_found())
        except web.HTTPMethodNotAllowed as wrong:
            response = await _told(request, Refused(405, "这一页不能这样用", "请从工作台的页面里操作。"))
            response.headers["Allow"] = wrong.headers["Allow"]
            return response
        except web.HTTPException:
            raise
        except ConnectionError:
            raise  # whoever asked has gone
        except Exception:
            number = secrets.token_hex(3).upper()
            log.exception("console_page_failed", number=number, route=_route(request))
            words = (
                f"抱歉,是系统出了错(编号 {number}),刚才这一步没有执行。请再试一次;还不行,把编号告诉管理员。"
            )
            return await _told(request, Refused(500, "这一步没有做成", words))

    return middleware


def known(house: House) -> Middleware:
    """Whose session it is; what a page changes in it is kept before the answer goes out."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        sessions = request.config_dict[SESSIONS]
        request[SESSION] = await sessions.read(request)
        found = await _account(house, request[SESSION])
        if found is not None:
            request[ACCOUNT] = found
        response = await handler(request)
        if not response.prepared:
            await sessions.keep(response, request[SESSION])
        return response

    return middleware


def ours(house: House) -> Middleware:
    """The innermost: no form that is not ours goes further."""
    origins = frozenset({origin_of(house.public_url)})

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if "\0" in request.path or any("\0" in value for value in request.query.values()):
            raise not_found()  # PostgreSQL keeps no such text, and searches for none
        if request.method not in _SAFE:
            request[FORM] = await read_form(request, request[SESSION].cookie, list(house.secrets), origins)
        return await handler(request)

    return middleware


async def _account(house: House, session: Session) -> Account | None:
    """Whose session it is; it ended with a disabled account, another password or role."""
    if STAFF not in session:
        return None
    async with AsyncSession(reading(house.engine), expire_on_commit=False) as database:
        try:
            found = await account(database, int(session[STAFF]))
        except NoSuchStaff:
            found = None
    if found is None or found.disabled is not None or found.epoch != session[EPOCH]:
        session.clear()
        return None
    return found


async def _told(request: web.Request, refused: Refused) -> web.Response:
    if "application/json" in request.headers.get("Accept", ""):
        data = {"wrong": refused.heading, "words": refused.words, "status": refused.status}
        return web.json_response(data, status=refused.status)
    return visitor(request).page("told.html", refused.status, heading=refused.heading, words=refused.words)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""
