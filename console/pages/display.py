"""The hall's screen (大屏), and the links under which it needs no log-in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from bot.clock import SHANGHAI
from console.counter_view import group_names
from console.display_view import display_view, spoken
from console.permissions import Entry, get, open_get, post
from console.refusals import Refused, not_found
from console.streams import stream
from console.visit import BOARDS, Visit, Visitor
from hall.staff.service import Role, display_of, displays, make_display, revoke_display

LINKS: Final = "/console/displays"
ENTRIES = (Entry(LINKS, "大屏", Role.SUPERVISOR, order=80),)
_WEEKDAYS: Final = "一二三四五六日"
_MOST_DIGITS: Final = 9


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/displays", Role.SUPERVISOR, links),
        post("/displays/make", Role.SUPERVISOR, make),
        post("/displays/revoke", Role.SUPERVISOR, revoke),
        open_get("/display/{hall}", show),
        open_get("/display/{hall}/live", live),
    ]


async def show(visitor: Visitor) -> web.StreamResponse:
    """The screen of a hall."""
    hall = await _admitted_hall(visitor)
    view = visitor.house.library.view
    board = await visitor.request.config_dict[BOARDS].of(hall)
    key = visitor.request.query.get("key", "")
    today = visitor.now.astimezone(SHANGHAI)
    return visitor.page(
        "display.html",
        hall=view.halls[hall],
        shown=display_view(board, group_names(view, hall)),
        live=f"/console/display/{hall}/live" + (f"?{urlencode({'key': key})}" if key else ""),
        now=visitor.now,
        date=f"{today.month}月{today.day}日 星期{_WEEKDAYS[today.weekday()]}",
    )


async def live(visitor: Visitor) -> web.StreamResponse:
    """The screen, as it changes, and what it is to say."""
    hall = await _admitted_hall(visitor)

    async def snapshot() -> dict[str, Any] | None:
        if not await _admitted(visitor, hall):
            return None
        view = visitor.house.library.view
        board = await visitor.request.config_dict[BOARDS].of(hall)
        shown = display_view(board, group_names(view, hall))
        html = visitor.fragment("display_live.html", shown=shown)
        now = visitor.house.clock()
        return {
            "revision": board.revision,
            "html": html,
            "calls": spoken(board),
            "day": f"{now.astimezone(SHANGHAI):%Y-%m-%d}",
        }

    async with visitor.house.live.listening(f"queue:{hall}") as changes:
        return await stream(visitor.request, changes, snapshot)


async def links(visit: Visit) -> web.StreamResponse:
    """The links of the hall's screens."""
    return await _links(visit)


async def make(visit: Visit) -> web.StreamResponse:
    """Make a link; it is shown this once."""
    visit.must_reach(visit.hall, Role.SUPERVISOR)
    name = visit.form.get("name", "").strip()
    if not name:
        return visit.go(LINKS, "请写上大屏在哪里,比如“一楼东”。", wrong=True)
    async with visit.writing() as session:
        key = await make_display(session, visit.hall, name=name, by=visit.account.login, now=visit.now)
    here = visit.house.public_url.rstrip("/")
    return await _links(visit, f"{here}/console/display/{visit.hall}?{urlencode({'key': key})}")


async def revoke(visit: Visit) -> web.StreamResponse:
    """Let a link open nothing any more."""
    visit.must_reach(visit.hall, Role.SUPERVISOR)
    written = visit.form.get("display", "")
    if not (written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS):
        raise not_found()
    async with visit.writing(f"queue:{visit.hall}") as session:
        gone = await revoke_display(
            session, int(written), hall=visit.hall, by=visit.account.login, now=visit.now
        )
    return visit.go(LINKS, "已停用,那块大屏几秒内就不再显示。" if gone else "这个链接早就停用了。")


async def _links(visit: Visit, made: str = "") -> web.Response:
    if not visit.hall:
        return visit.page("told.html", heading="还没有大厅", words="目录里没有大厅,请管理员先导入中心资料。")
    async with visit.reading() as session:
        found = await displays(session, visit.hall)
    names = {hall.code: hall.name for hall in visit.halls}
    return visit.page(
        "displays.html", displays=found, made=made, hall=visit.hall, hall_name=names[visit.hall]
    )


async def _admitted_hall(visitor: Visitor) -> str:
    """The hall of the address, for who may see its screen. Raises Refused."""
    hall = visitor.request.match_info["hall"]
    if hall not in visitor.house.library.view.halls:
        raise not_found()
    if not await _admitted(visitor, hall):
        raise Refused(
            403, "这块大屏打不开", "链接停用了,或者不完整。请让主管在工作台的“大屏”里重新生成一个。"
        )
    return hall


async def _admitted(visitor: Visitor, hall: str) -> bool:
    key = visitor.request.query.get("key", "")
    async with visitor.reading() as session:
        if key and await display_of(session, key, hall=hall) is not None:
            return True
    if visitor.known is None or visitor.known.must_change or not visitor.known.may(Role.CLERK, hall=hall):
        return False
    return await visitor.still_here()
