"""Staff (人员): who may log in, as what, where; a one-time password is shown once and never again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from console.naming import hall_name, when
from console.permissions import Entry, get, post
from console.refusals import not_allowed
from console.visit import ROLE_NAMES, Visit
from hall.staff.attempts import forget, lock_of
from hall.staff.errors import LastAdmin, LoginTaken, LoginWrong, NameWrong, NoSuchPlace, NoSuchStaff
from hall.staff.service import (
    Account,
    Role,
    account,
    accounts,
    add,
    change,
    disable,
    enable,
    generate,
    set_password,
)

ENTRIES: tuple[Entry, ...] = (Entry("/console/staffing", "人员", Role.ADMIN, 80),)
HOME: Final = "/console/staffing"
_WRONG: Final[Mapping[type[Exception], str]] = {
    LoginWrong: "登录名要用 2 到 40 个小写字母、数字、点或短横。",
    NameWrong: "请写姓名,最多 60 个字。",
    LoginTaken: "这个登录名已经有人用了(停用的也算),请换一个。",
    NoSuchPlace: "没有这个大厅,请从列表里选。",
    NoSuchStaff: "没有这个人,可能刚被改过,请看列表。",
    LastAdmin: "这是最后一位管全部大厅的管理员,不能停用也不能改角色。先加一位再改。",
}
_REFUSALS: Final = tuple(_WRONG)


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/staffing", Role.ADMIN, show),
        post("/staffing/add", Role.ADMIN, add_one),
        post("/staffing/change", Role.ADMIN, change_one),
        post("/staffing/disable", Role.ADMIN, disable_one),
        post("/staffing/enable", Role.ADMIN, enable_one),
        post("/staffing/password", Role.ADMIN, reset_password),
        post("/staffing/unlock", Role.ADMIN, unlock),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """An account in the list."""

    account: Account
    role: str
    hall: str
    seen: str
    locked: str
    mine: bool


async def show(visit: Visit) -> web.StreamResponse:
    """All accounts."""
    return await _page(visit)


async def _page(
    visit: Visit, status: int = 200, *, wrong: str = "", once: tuple[str, str] | None = None
) -> web.Response:
    _whole(visit)
    rows = []
    async with visit.reading() as session:
        for one in await accounts(session):
            locked = await lock_of(session, one.login, now=visit.now)
            rows.append(_row(visit, one, when(locked) if locked is not None else ""))
    halls = [(hall.code, hall.name) for hall in visit.house.library.view.halls.values()]
    return visit.page(
        "staffing.html",
        status,
        rows=rows,
        halls=[("", "全部大厅"), *halls],
        role_names=ROLE_NAMES,
        given=visit.form,
        once=once,
        wrong=wrong,
    )


def _row(visit: Visit, one: Account, locked: str) -> Row:
    hall = hall_name(visit.house.library.view, one.hall) if one.hall else "全部大厅"
    seen = when(one.seen) if one.seen is not None else "还没登录过"
    return Row(one, ROLE_NAMES[one.role], hall, seen, locked, one.login == visit.account.login)


def _whole(visit: Visit) -> None:
    """Accounts are for who looks after all halls: an admin of one could make one of all."""
    if visit.account.hall:
        raise not_allowed()


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.form.get("role", ""))
    except ValueError:
        return Role.CLERK


async def add_one(visit: Visit) -> web.StreamResponse:
    """Add somebody; their first password is shown on the page that answers, and nowhere else."""
    _whole(visit)
    form, password = visit.form, generate()
    hashed = await visit.house.passwords.hash(password)
    try:
        async with visit.writing() as session:
            made = await add(
                session,
                login=form.get("login", ""),
                name=form.get("name", ""),
                role=_role(visit),
                hall=form.get("hall", ""),
                password=hashed,
                by=visit.account.login,
                now=visit.now,
            )
    except _REFUSALS as wrong:
        return await _page(visit, 400, wrong=_WRONG[type(wrong)])
    visit.form = {}
    return await _page(visit, once=(f"{made.name}({made.login})", password))


async def change_one(visit: Visit) -> web.StreamResponse:
    """Another name, role or hall; with another role or hall their log-in ends."""
    _whole(visit)
    form = visit.form
    try:
        async with visit.writing() as session:
            made = await change(
                session,
                form.get("login", ""),
                name=form.get("name", ""),
                role=_role(visit),
                hall=form.get("hall", ""),
                by=visit.account.login,
                now=visit.now,
            )
    except _REFUSALS as wrong:
        return await _page(visit, 400, wrong=_WRONG[type(wrong)])
    return visit.go(HOME, f"{made.name} 改好了。")


async def disable_one(visit: Visit) -> web.StreamResponse:
    """Let somebody no longer log in; whoever is logged in is out at once."""
    _whole(visit)
    login = visit.form.get("login", "")
    if login == visit.account.login:
        return await _page(visit, 400, wrong="不能停用自己。请让另一位管理员来做。")
    try:
        async with visit.writing() as session:
            made = await disable(session, login, by=visit.account.login, now=visit.now)
    except _REFUSALS as wrong:
        return await _page(visit, 400, wrong=_WRONG[type(wrong)])
    return visit.go(HOME, f"{made.name} 停用了,已登录的也退出了。")


async def enable_one(visit: Visit) -> web.StreamResponse:
    """Let a disabled account log in again."""
    _whole(visit)
    try:
        async with visit.writing() as session:
            made = await enable(session, visit.form.get("login", ""), by=visit.account.login, now=visit.now)
    except _REFUSALS as wrong:
        return await _page(visit, 400, wrong=_WRONG[type(wrong)])
    return visit.go(HOME, f"{made.name} 可以登录了,用原来的密码。")


async def reset_password(visit: Visit) -> web.StreamResponse:
    """A new one-time password, shown once; log-ins end."""
    _whole(visit)
    login = visit.form.get("login", "")
    if login == visit.account.login:
        return await _page(visit, 400, wrong="自己的密码请用右上角的“改密码”。")
    password = generate()
    hashed = await visit.house.passwords.hash(password)
    try:
        async with visit.writing() as session:
            made = await set_password(
                session, login, password=hashed, must_change=True, by=visit.account.login, now=visit.now
            )
    except _REFUSALS as wrong:
        return await _page(visit, 400, wrong=_WRONG[type(wrong)])
    visit.form = {}
    return await _page(visit, once=(f"{made.name}({made.login})", password))


async def unlock(visit: Visit) -> web.StreamResponse:
    """Let an account that was locked out be tried anew."""
    _whole(visit)
    login = visit.form.get("login", "")
    async with visit.writing() as session:
        known = {one.login: one for one in await accounts(session)}
        if login not in known:
            raise not_allowed()
        made = await account(session, known[login].id)
        await forget(session, login)
        visit.record(session, "staff_unlocked", f"staff:{login}")
    return visit.go(HOME, f"{made.name} 可以再试密码了。")
