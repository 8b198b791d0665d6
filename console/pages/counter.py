"""The counter page (窗口): a window is opened, and numbers are called, served and finished at it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web

from console.counter_acts import ACTS, OF_THE_WINDOW, REFUSALS, Done, Press, in_words, number
from console.counter_view import CounterView, counter_view, window_choices
from console.permissions import Entry, get, post
from console.refusals import Refused, not_allowed
from console.streams import stream
from console.visit import BOARDS, Visit
from hall.queue import service as queue
from hall.queue.service import Board, QueueTerms, Window
from hall.staff.service import Role, accounts

HERE: Final = "/console/counter"
ENTRIES = (Entry(HERE, "窗口", Role.CLERK, order=10),)
# What a pause is for: short, so that it can be chosen without typing.
REASONS: Final = ("短暂离开", "系统故障", "整理材料", "午间轮休", "开会")
_KEY: Final = re.compile(r"[0-9a-zA-Z-]{8,64}")


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/here", Role.CLERK, here),
        get("/counter", Role.CLERK, choose),
        post("/counter/open", Role.CLERK, open_window),
        get(r"/counter/{window:\d{1,9}}", Role.CLERK, show),
        get(r"/counter/{window:\d{1,9}}/live", Role.CLERK, live),
        post(r"/counter/{window:\d{1,9}}/act", Role.CLERK, act),
    ]


async def here(visit: Visit) -> web.StreamResponse:
    """Somebody sits before the page: the session goes on."""
    return web.json_response({"here": True})


async def choose(visit: Visit) -> web.StreamResponse:
    """The windows of the hall; whoever has one open is shown it."""
    if not visit.hall:
        return visit.page("told.html", heading="还没有大厅", words="目录里没有大厅,请管理员先导入中心资料。")
    board = await visit.request.config_dict[BOARDS].of(visit.hall)
    mine = [window for window in board.windows if _is_of(visit, window)]
    if mine and "choose" not in visit.request.query:
        return visit.go(f"{HERE}/{mine[0].id}")
    async with visit.reading() as session:
        names = {one.login: one.name for one in await accounts(session)}
    chosen = window_choices(board, visit.house.library.view, visit.account.login, names)
    known = {choice.name for _, choices in chosen for choice in choices}
    others = [window for window in board.windows if window.name not in known]
    return visit.page("counter_choose.html", groups=chosen, others=others, names=names)


async def open_window(visit: Visit) -> web.StreamResponse:
    """Open a window for a counter group and, where ticked, others."""
    also = [code for code in visit.form.get("also", "").split("\n") if code]
    group = visit.form.get("group", "") or (also[0] if also else "")
    try:
        async with visit.writing(_topic(visit.hall)) as session:
            window = await queue.open_window(
                session,
                hall=visit.hall,
                group=group,
                name=visit.form.get("name", ""),
                by=visit.account.login,
                also=also,
                terms=_terms(visit),
            )
            visit.record(session, "window_opened", f"window:{window.id}", ",".join(window.groups))
    except ValueError:
        return visit.go(f"{HERE}?choose", "请写上窗口的名字,比如“5 号窗口”。", wrong=True)
    except (queue.UnknownGroup, queue.WindowTaken) as error:
        return visit.go(f"{HERE}?choose", in_words(error), wrong=True)
    return visit.go(f"{HERE}/{window.id}")


async def show(visit: Visit) -> web.StreamResponse:
    """The page of a window."""
    board, window = await _found(visit)
    if window is None:
        return visit.go(f"{HERE}?choose", "这个窗口已经关了。")
    async with visit.reading() as session:
        staff = [one for one in await accounts(session, hall=board.hall) if one.disabled is None]
    return visit.page(
        "counter.html",
        **_shown(visit, board, window),
        key=secrets.token_hex(8),
        reasons=REASONS,
        staff=[one for one in staff if one.login != window.staff],
        staff_names={one.login: one.name for one in staff},
    )


async def live(visit: Visit) -> web.StreamResponse:
    """The window's page, as it changes."""

    async def snapshot() -> dict[str, Any] | None:
        if not await visit.still_here():
            return None
        board, window = await _found(visit)
        return _snapshot(visit, board, window)

    board, _ = await _found(visit)
    async with visit.house.live.listening(_topic(board.hall)) as changes:
        return await stream(visit.request, changes, snapshot)


async def act(visit: Visit) -> web.StreamResponse:
    """A button of the window was pressed."""
    board, window = await _found(visit)
    if window is None:
        return _answer(visit, Done("这个窗口已经关了,请重新选。", wrong=True), None, None)
    # Who was put aside is called back by a button of their own: `resume:12`.
    name, _, other = visit.form.get("do", "").partition(":")
    if name not in ACTS:
        raise Refused(400, "没有这个操作", "请从窗口的页面里操作。")
    if name in OF_THE_WINDOW and not _is_of(visit, window) and not _looks_after(visit, window):
        raise not_allowed()
    try:
        done = await _done(visit, window, name, other)
    except REFUSALS as error:
        done = Done(in_words(error), wrong=True)
    board, fresh = await _found(visit)
    return _answer(visit, done, board, fresh)


async def _done(visit: Visit, window: Window, name: str, other: str) -> Done:
    doing, verb = ACTS[name]
    form = visit.form
    async with visit.writing(_topic(window.hall), "notices") as session:
        done = await doing(
            Press(
                session=session,
                hall=window.hall,
                window=window.id,
                by=visit.account.login,
                ticket=number(other or form.get("ticket", "")),
                key=form["key"] if _KEY.fullmatch(form.get("key", "")) else "",
                terms=_terms(visit),
                to=form.get("to_staff" if name == "stand_in" else "to", ""),
                reason=form.get("reason", ""),
            )
        )
        if not done.wrong and done.subject:
            visit.record(session, verb, done.subject, f"{window.name} {form.get('reason', '')}")
    return done


def _answer(visit: Visit, done: Done, board: Board | None, window: Window | None) -> web.Response:
    if not visit.wants_data:
        goal = f"{HERE}/{window.id}" if window is not None else f"{HERE}?choose"
        return visit.go(goal, done.said, wrong=done.wrong)
    told = {"said": done.said, "wrong": done.wrong}
    return web.json_response({**told, **(_snapshot(visit, board, window) if board is not None else {})})


def _snapshot(visit: Visit, board: Board, window: Window | None) -> dict[str, Any]:
    if window is None:
        return {"revision": board.revision, "closed": True}
    html = visit.fragment("counter_live.html", **_shown(visit, board, window))
    return {"revision": board.revision, "html": html}


def _shown(visit: Visit, board: Board, window: Window) -> dict[str, Any]:
    shown: CounterView = counter_view(board, window, visit.house.library.view)
    return {
        "view": shown,
        "window": window,
        "may_act": _is_of(visit, window),
        "looks_after": _looks_after(visit, window),
        "recalls": visit.house.queue_rules.recalls,
    }


async def _found(visit: Visit) -> tuple[Board, Window | None]:
    """The board with this window, and the window while it is not closed. Raises Refused."""
    number = int(visit.request.match_info["window"])
    boards = visit.request.config_dict[BOARDS]
    hall = await boards.hall_of(number) or visit.hall
    visit.must_reach(hall)
    board = await boards.of(hall)
    return board, next((window for window in board.windows if window.id == number), None)


def _is_of(visit: Visit, window: Window) -> bool:
    return visit.account.login in (window.staff, window.stand_in)


def _looks_after(visit: Visit, window: Window) -> bool:
    return visit.account.may(Role.SUPERVISOR, hall=window.hall)


def _terms(visit: Visit) -> QueueTerms:
    return QueueTerms(visit.now, visit.house.queue_rules)


def _topic(hall: str) -> str:
    return f"queue:{hall}"
