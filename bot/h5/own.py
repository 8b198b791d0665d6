"""What the own pages work with: the database, the vault, the door, the rules; and how they answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.h5.entrance import Entrance, NotAdmitted, OwnPage, Visitor, Why
from bot.h5.login import Login
from bot.h5.pages import Pages
from bot.h5.signing import TOKEN, Links
from bot.h5.verdicts import Verdict
from hall.appointments.errors import UnknownBooking
from hall.appointments.service import BookingRules, Terms
from hall.db import reading, writing
from hall.people import service as people
from hall.people.service import Vault

if TYPE_CHECKING:
    from bot.h5.reminders import Popups


def _nobody_listens(_: frozenset[str]) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """Where a citizen's own pages stand. `announce` tells those who watch live what was changed; `popups` is
    how consents to subscription notices are asked for, None where they are not.
    """

    engine: AsyncEngine
    vault: Vault
    links: Links
    redis: Redis
    rules: BookingRules = field(default_factory=BookingRules)
    login: Login | None = None
    announce: Callable[[frozenset[str]], None] = _nobody_listens
    popups: Popups | None = None

    def terms(self, now: datetime) -> Terms:
        """On what terms a request of this moment is carried out."""
        return Terms(now, self.rules)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that reads what is committed."""
        async with AsyncSession(bind=reading(self.engine), expire_on_commit=False) as session:
            yield session

    @contextlib.asynccontextmanager
    async def change(self, *topics: str) -> AsyncIterator[AsyncSession]:
        """A session of one transaction: kept where the block ends well, undone where it raises."""
        async with writing(self.engine) as connection:
            async with _session_on(connection) as session:
                yield session
                await session.flush()
            await connection.commit()
        if topics:
            self.announce(frozenset(topics))


def _session_on(connection: AsyncConnection) -> AsyncSession:
    return AsyncSession(bind=connection, expire_on_commit=False)


@dataclass(frozen=True, slots=True)
class _Refusal:
    heading: str
    text: str
    status: int = 403


_CHAT: Final = "回公众号发“预约”,我再给您一个新的。"
_REFUSALS: Final[Mapping[Why, _Refusal]] = {
    "expired": _Refusal("链接过期了", f"为了您的信息安全,链接和页面放久了会失效。{_CHAT}"),
    "forged": _Refusal("链接打不开", f"这个链接不完整,或者被改过。{_CHAT}"),
    "foreign": _Refusal(
        "这是发给别人的链接",
        "这部手机上开着另一个微信号的页面,这个链接不是发给它的。别人转给您的链接不能用,"
        "请回公众号发“预约”,用您自己的。",
    ),
    "used": _Refusal("链接已经打开过", f"每个链接只在第一次打开的手机上有效,转给别人打不开。{_CHAT}"),
    "stranger": _Refusal("请从公众号打开", f"这一页有您的个人信息,要从公众号给您的链接打开。{_CHAT}"),
    "stale": _Refusal(
        "没有提交成功", "这一页放得太久,或者不是从我们的页面提交的。什么都没有改动,请返回上一页刷新再试。"
    ),
    "large": _Refusal("没有提交成功", "提交的内容太长,什么都没有改动。请返回上一页改短再试。", 413),
    "hurried": _Refusal("点得太快了", "什么都没有改动,请过一分钟再试。", 429),
}


class OwnPages:
    """Lets citizens in, and answers in the look of the other pages."""

    def __init__(self, desk: OwnDesk, pages: Pages) -> None:
        self.desk = desk
        self.pages = pages
        self._entrance = Entrance(desk.links, desk.redis, pages.clock, desk.login)

    def own(self, page: OwnPage) -> Handler:
        """A page that its citizen alone sees."""

        async def handler(request: web.Request) -> web.Response:
            return await self._kept_private(request, self._entrance.answer(request, page))

        return handler

    async def switch(self, request: web.Request) -> web.Response:
        """Another citizen's link in a browser where somebody else was before."""
        return await self._kept_private(request, self._entrance.switch(request))

    async def enter(self, request: web.Request) -> web.Response:
        """Back from WeChat's authorisation."""
        return await self._kept_private(request, self._entrance.enter(request))

    def render(self, request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page from its template."""
        return self.pages.render(request, template, status, **values)

    def refuse(self, request: web.Request, verdict: Verdict) -> web.Response:
        """Why something cannot be had, with ways on."""
        return self.pages.render(request, "own_verdict.html", verdict.status, verdict=verdict)

    async def _kept_private(self, request: web.Request, answering: Any) -> web.Response:
        try:
            response: web.Response = await answering
        except NotAdmitted as refused:
            response = self._refused(request, refused.why)
        response.headers["Cache-Control"] = "no-store"
        # A form says where it comes from, which no-referrer would forbid it.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _refused(self, request: web.Request, why: Why) -> web.Response:
        refusal = _REFUSALS[why]
        switch = {}
        if why == "foreign" and TOKEN in request.query:
            switch = {"path": request.rel_url.raw_path, TOKEN: request.query[TOKEN]}
        return self.pages.render(
            request,
            "own_refused.html",
            refusal.status,
            refusal=refusal,
            switch=switch,
        )


def to(address: str) -> web.Response:
    """Send the browser on after a form, so that going back or reloading sends nothing twice."""
    return web.Response(status=303, headers={"Location": address})


async def citizen_of(session: AsyncSession, visitor: Visitor) -> int:
    """The id of the citizen who is at the page. Raises UnknownBooking for one who never booked."""
    citizen_id = await people.citizen_id_of(session, visitor.openid)
    if citizen_id is None:
        raise UnknownBooking("nobody who booked")
    return citizen_id


def number_of(request: web.Request) -> int:
    """The number in the address: the route lets digits through alone."""
    return int(request.match_info["id"])
