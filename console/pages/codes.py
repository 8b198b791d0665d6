"""The codes that hang in a hall (取号码): who scans one takes a number there; made once, printed on A4."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import segno
import structlog
from aiohttp import ClientError, web
from markupsafe import Markup
from redis.asyncio import Redis

from bot.wechat.errors import WeChatError
from console.naming import group_name, hall_name
from console.permissions import Entry, get, post
from console.refusals import not_found
from console.visit import Visit
from hall.staff.service import Role

log = structlog.get_logger(__name__)

ENTRIES: tuple[Entry, ...] = (Entry("/console/codes", "取号码", Role.SUPERVISOR, 60),)
HOME: Final = "/console/codes"
# A code for good is one of 100 000 that an account has: it is made once and kept.
_KEPT: Final = "banshi:console:scene:"
_LONGEST_SCENE: Final = 64


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/codes", Role.SUPERVISOR, show),
        post("/codes", Role.SUPERVISOR, make),
        get("/codes/sheet", Role.SUPERVISOR, sheet),
    ]


@dataclass(frozen=True, slots=True)
class CodeMaker:
    """How WeChat is had to make a code for good: `make` a scene into what the code says."""

    make: Callable[[str], Awaitable[str]]


# Set by the composition root, where there is an account.
CODES: Final = web.AppKey("codes", CodeMaker)


@dataclass(frozen=True, slots=True)
class Row:
    """A code of the hall, made or not."""

    group: str
    name: str
    scene: str
    made: bool
    address: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to print. `picture` is the code as SVG."""

    hall: str
    counter: str
    picture: Markup


def scene_of(hall: str, group: str = "") -> str:
    """The scene of a hall's code, or of one of its counter groups: what the bot gets when it is scanned."""
    return f"queue:{hall}:{group}" if group else f"queue:{hall}"


async def show(visit: Visit) -> web.StreamResponse:
    """The codes of the hall."""
    return await _page(visit)


async def _page(visit: Visit, status: int = 200, *, wrong: str = "") -> web.Response:
    rows = []
    for group, name in _places(visit):
        scene = scene_of(visit.hall, group)
        made = await _kept(visit.house.redis, scene) != ""
        rows.append(Row(group, name, scene, made, f"{HOME}/sheet?{urlencode({'group': group})}"))
    return visit.page(
        "codes.html",
        status,
        hall=hall_name(visit.house.library.view, visit.hall),
        hall_code=visit.hall,
        rows=rows,
        can_make=CODES in visit.request.config_dict,
        wrong=wrong,
    )


def _places(visit: Visit) -> list[tuple[str, str]]:
    view = visit.house.library.view
    groups = [(one.group, group_name(view, visit.hall, one.group)) for one in view.counters_of(visit.hall)]
    return [("", "整个大厅(扫码后问办什么,分到窗口)"), *groups]


async def make(visit: Visit) -> web.StreamResponse:
    """Have WeChat make a code, once; one that is there is shown again."""
    hall, group = visit.form.get("hall", ""), visit.form.get("group", "")
    visit.must_reach(hall, Role.SUPERVISOR)
    visit.choose_hall(hall)
    if group not in dict(_places(visit)):
        raise not_found()
    scene = scene_of(hall, group)
    if not await _kept(visit.house.redis, scene):
        if wrong := await _make(visit, scene):
            return await _page(visit, 502, wrong=wrong)
        async with visit.writing() as session:
            visit.record(session, "code_made", f"scene:{scene}")
    return visit.go(f"{HOME}/sheet?{urlencode({'group': group})}")


async def _make(visit: Visit, scene: str) -> str:
    """Make and keep a code; "" or what went wrong, in words."""
    maker = visit.request.config_dict.get(CODES)
    if maker is None:
        return "这里没有接公众号,生成不了。"
    if len(scene) > _LONGEST_SCENE:
        return "大厅和窗口的代码太长,微信最多收 64 个字符。请联系管理员改短代码。"
    try:
        url = await maker.make(scene)
    except WeChatError as error:
        log.warning("code_not_made", code=error.code)
        return f"微信没有给出二维码(错误 {error.code})。请稍后再试;还不行,请管理员运行 banshi doctor 检查。"
    except (ClientError, TimeoutError, OSError):
        log.warning("code_not_made", code="unreachable")
        return "连不上微信,二维码没有生成。请稍后再试。"
    await visit.house.redis.set(_KEPT + scene, url)
    return ""


async def sheet(visit: Visit) -> web.StreamResponse:
    """One code on a sheet, or all that were made (`all`), a page each."""
    everything, wanted = "all" in visit.request.query, visit.request.query.get("group", "")
    sheets = []
    for group, name in _places(visit):
        if not everything and group != wanted:
            continue
        url = await _kept(visit.house.redis, scene_of(visit.hall, group))
        if url:
            hall = hall_name(visit.house.library.view, visit.hall)
            sheets.append(Sheet(hall, name if group else "", _picture(url)))
    if not sheets:
        return visit.go(HOME, "这个二维码还没有生成,请先生成。", wrong=True)
    return visit.page("codes_sheet.html", sheets=sheets)


def _picture(url: str) -> Markup:
    # Level Q: it is still read with a quarter of it dirty or torn.
    drawn = segno.make(url, error="q", micro=False).svg_inline(omitsize=True, border=2, dark="#000")
    return Markup(drawn)  # noqa: S704 - drawn by segno out of numbers; the address is not in it as text


async def _kept(redis: Redis, scene: str) -> str:
    found = await redis.get(_KEPT + scene)
    return found.decode() if isinstance(found, bytes) else ""
