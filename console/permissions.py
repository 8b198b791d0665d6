"""Who may open what. A page's routes are made here, so that none is without its role.

A page of the console is one module in `console/pages/` and one template: the module has `ENTRIES` (what the
header links to) and `routes()`, made by `get` and `post` below; its handlers take a `Visit`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from aiohttp import web

from console.refusals import Refused, not_allowed
from console.sessions import Session
from console.visit import Visit, Visitor
from hall.staff.service import Account, Role

SESSION: Final = web.RequestKey("session", Session)
ACCOUNT: Final = web.RequestKey("account", Account)
FORM: Final = web.RequestKey("form", dict[str, str])

Handler = Callable[[Visit], Awaitable[web.StreamResponse]]
OpenHandler = Callable[[Visitor], Awaitable[web.StreamResponse]]
Route = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOG_IN: Final = "/console/login"
PASSWORD: Final = "/console/password"  # noqa: S105 - a path


@dataclass(frozen=True, slots=True)
class Entry:
    """What the header links to: `path` from the root, `title`, who sees it. Lower `order` comes first."""

    path: str
    title: str
    role: Role = Role.CLERK
    order: int = 50


def get(path: str, role: Role, handler: Handler, *, unchanged_password: bool = False) -> web.RouteDef:
    """A page that somebody of this role may see. `path` from /console on."""
    return web.get(path, _admitting(role, handler, unchanged_password), allow_head=False)


def post(path: str, role: Role, handler: Handler, *, unchanged_password: bool = False) -> web.RouteDef:
    """Something that somebody of this role may do; its form was checked to be ours."""
    return web.post(path, _admitting(role, handler, unchanged_password))


def open_get(path: str, handler: OpenHandler) -> web.RouteDef:
    """A page for whoever comes: the log-in, or one that knows its visitors by other means."""
    return web.get(path, _open(handler), allow_head=False)


def open_post(path: str, handler: OpenHandler) -> web.RouteDef:
    """What anybody may send: the log-in; its form was checked to be ours."""
    return web.post(path, _open(handler))


def _open(handler: OpenHandler) -> Route:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(visitor(request))

    return handle


def visitor(request: web.Request) -> Visit:
    """The visit of this request, by whomever."""
    return Visit(request, request.get(SESSION, Session()), request.get(ACCOUNT), request.get(FORM, {}))


def _admitting(role: Role, handler: Handler, unchanged_password: bool) -> Route:
    async def handle(request: web.Request) -> web.StreamResponse:
        visit = visitor(request)
        if visit.known is None:
            return _log_in_first(visit)
        if visit.known.must_change and not unchanged_password:
            if visit.wants_data:
                raise Refused(403, "请先改密码", "改好密码才能继续。")
            return visit.go(PASSWORD)
        if not visit.known.role.covers(role):
            raise not_allowed()
        return await handler(visit)

    return handle


def _log_in_first(visit: Visit) -> web.Response:
    if visit.wants_data or visit.request.method != "GET":
        raise Refused(401, "请重新登录", "登录已经过期,刚才这一步没有执行。请登录后再做一次。")
    back = quote(visit.request.path_qs, safe="")
    return web.Response(status=303, headers={"Location": f"{LOG_IN}?next={back}"})
