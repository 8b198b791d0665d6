"""Logging in and out, one's own password, and which hall one looks at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Final

from aiohttp import web

from console.guard import EPOCH, STAFF
from console.permissions import PASSWORD, SESSION, Entry, get, open_get, open_post, post
from console.sessions import Session
from console.visit import SESSIONS, Visit, Visitor
from hall.staff.errors import LockedOut, NotAdmitted, PasswordWeak, Weakness
from hall.staff.service import Account, Role, change_own_password, log_in

ENTRIES: tuple[Entry, ...] = ()
HOME: Final = "/console/"

_WEAK: Final = {
    Weakness.SHORT: "新密码太短,至少 10 位。",
    Weakness.LONG: "新密码太长,最多 128 位。",
    Weakness.PLAIN: "新密码太简单:大写字母、小写字母、数字、符号里至少用三种,或者长到 16 位以上。",
    Weakness.COMMON: "新密码太容易猜到,请换一个。",
    Weakness.LIKE_LOGIN: "新密码里不能有登录名。",
    Weakness.SAME: "新密码要和原来的不一样。",
}


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        open_get("/login", show_log_in),
        open_post("/login", enter),
        post("/logout", Role.CLERK, leave, unchanged_password=True),
        get("/password", Role.CLERK, show_password, unchanged_password=True),
        post("/password", Role.CLERK, set_own_password, unchanged_password=True),
        post("/hall", Role.CLERK, choose_hall),
        get("/", Role.CLERK, home),
    ]


async def home(visit: Visit) -> web.StreamResponse:
    """The first page that the role sees."""
    entries = visit.navigation()
    if entries:
        return visit.go(entries[0]["path"])
    return visit.page("told.html", heading="工作台", words="您已登录。这里还没有给您的页面。")


async def show_log_in(visitor: Visitor) -> web.StreamResponse:
    """The form of the log-in."""
    if visitor.known is not None:
        return visitor.go(_inside(visitor.request.query.get("next", "")))
    return visitor.page("login.html", next=visitor.request.query.get("next", ""), login="", wrong="")


async def enter(visitor: Visitor) -> web.StreamResponse:
    """Let somebody in, under a new session."""
    form, house = visitor.form, visitor.house
    wrong, status = "", 403
    try:
        account = await log_in(
            house.engine,
            house.passwords,
            login=form.get("login", ""),
            password=form.get("password", ""),
            address=visitor.address,
            now=visitor.now,
            rules=house.lockout,
        )
    except NotAdmitted:
        wrong = "登录名或者密码不对。"
    except LockedOut as locked:
        wrong, status = f"错得太多了,请 {_minutes(locked.until, visitor.now)} 分钟后再试。", 429
    if wrong:
        login = form.get("login", "")[:40]
        return visitor.page("login.html", status, next=form.get("next", ""), login=login, wrong=wrong)
    await _begin_session(visitor, account)
    goal = PASSWORD if account.must_change else _inside(form.get("next", ""))
    return web.Response(status=303, headers={"Location": goal})


async def leave(visit: Visit) -> web.StreamResponse:
    """Log out."""
    async with visit.writing() as session:
        visit.record(session, "logged_out", f"staff:{visit.account.login}")
    visit.session.clear()
    return web.Response(status=303, headers={"Location": "/console/login"})


async def show_password(visit: Visit) -> web.StreamResponse:
    """The form for another password."""
    return visit.page("password.html", wrong="")


async def set_own_password(visit: Visit) -> web.StreamResponse:
    """Take another password; all other sessions end, this one goes on under a new id."""
    form, house = visit.form, visit.house
    if form.get("new", "") != form.get("again", ""):
        return visit.page("password.html", 400, wrong="两次输入的新密码不一样。")
    try:
        account = await change_own_password(
            house.engine,
            house.passwords,
            visit.account,
            old=form.get("old", ""),
            new=form.get("new", ""),
            address=visit.address,
            now=visit.now,
            rules=house.lockout,
        )
    except PasswordWeak as weak:
        return visit.page("password.html", 400, wrong=_WEAK[weak.weakness])
    except NotAdmitted:
        return visit.page("password.html", 403, wrong="原来的密码不对。")
    except LockedOut as locked:
        wrong = f"错得太多了,请 {_minutes(locked.until, visit.now)} 分钟后再试。"
        return visit.page("password.html", 429, wrong=wrong)
    await _begin_session(visit, account)
    visit.session["said"] = {"text": "密码已改好,其他地方的登录都已退出。", "wrong": False}
    return web.Response(status=303, headers={"Location": HOME})


async def choose_hall(visit: Visit) -> web.StreamResponse:
    """Look at another hall."""
    visit.choose_hall(visit.form.get("hall", ""))
    return visit.go(_inside(visit.form.get("next", "")))


async def _begin_session(visitor: Visitor, account: Account) -> None:
    """A session with a new id; the one before, if any, ends."""
    await visitor.request.config_dict[SESSIONS].end(visitor.session.cookie)
    visitor.session = visitor.request[SESSION] = Session()
    visitor.session |= {STAFF: account.id, EPOCH: account.epoch}


def _inside(path: str) -> str:
    """A path of the console, whatever an address says."""
    ours = path.startswith("/console/") and "\\" not in path and "//" not in path and path.isprintable()
    return path if ours and ".." not in path else HOME


def _minutes(until: datetime, now: datetime) -> int:
    return max(1, ceil((until - now).total_seconds() / 60))
