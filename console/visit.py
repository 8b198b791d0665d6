"""One request of somebody: who they are, where they work, and what a page needs to answer them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.boards import Boards
from console.house import House
from console.refusals import not_allowed
from console.sessions import DOOR_COOKIE, Session, Sessions, form_token, new_door
from hall.centres.schema import Hall
from hall.db import reading, writing
from hall.staff.service import Account, Role, account, record

HOUSE: Final = web.AppKey("house", House)
SESSIONS: Final = web.AppKey("sessions", Sessions)
BOARDS: Final = web.AppKey("boards", Boards)
# What the header links to, in order; a page that names no title is reached from others.
NAVIGATION: Final = web.AppKey("navigation", list)
_SAID: Final = "said"
_HALL: Final = "hall"


class Visitor:
    """A request of whoever it is, also before the log-in."""

    def __init__(
        self, request: web.Request, session: Session, account: Account | None, form: Mapping[str, str]
    ) -> None:
        self.request = request
        self.session = session
        self.known = account
        self.form = form
        self.house: House = request.config_dict[HOUSE]
        self.now: datetime = self.house.clock()
        self._door = ""

    @property
    def wants_data(self) -> bool:
        """Whether a script asks: it gets JSON where a browser gets a page."""
        return "application/json" in self.request.headers.get("Accept", "")

    @property
    def address(self) -> str:
        """Where the request comes from, as far as that can be known."""
        forwarded = self.request.headers.get("X-Forwarded-For", "")
        if self.house.behind_proxy and forwarded:
            return forwarded.rsplit(",", 1)[-1].strip()
        return self.request.remote or "?"

    @property
    def form_token(self) -> str:
        """What the forms of this page carry."""
        bound_to = self.session.cookie or self._open_door()
        return form_token(self.house.secrets[0], bound_to)

    def _open_door(self) -> str:
        self._door = self._door or self.request.cookies.get(DOOR_COOKIE, "") or new_door()
        return self._door

    def page(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """The page of a template, with what every page shows."""
        shown = {
            "visit": self,
            "account": self.known,
            "form_token": self.form_token,
            "said": self.session.pop(_SAID, None) if _SAID in self.session else None,
            "navigation": self.navigation(),
            "path": self.request.path,
            "centre_name": self.house.centre_name,
            "roles": ROLE_NAMES,
            **values,
        }
        response = aiohttp_jinja2.render_template(template, self.request, shown, status=status)
        if self._door:
            self.request.config_dict[SESSIONS].open_door(response, self._door)
        return response

    def fragment(self, template: str, **values: Any) -> str:
        """A part of a page, for a script that puts it in place."""
        return aiohttp_jinja2.render_string(template, self.request, {"visit": self, **values})

    def go(self, path: str, said: str = "", *, wrong: bool = False) -> web.Response:
        """On to a page of the console, where `said` is shown once; `wrong`: something was not done."""
        if said:
            self.session[_SAID] = {"text": said, "wrong": wrong}
        return web.Response(status=303, headers={"Location": path})

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that reads what is committed."""
        async with AsyncSession(reading(self.house.engine), expire_on_commit=False) as session:
            yield session

    async def still_here(self) -> bool:
        """Whether the session goes on: for what stays open long. Asking does not renew it."""
        if self.known is None or not await self.request.config_dict[SESSIONS].stands(self.session):
            return False
        async with self.reading() as session:
            now = await account(session, self.known.id)
        return now.disabled is None and now.epoch == self.known.epoch

    def navigation(self) -> list[dict[str, Any]]:
        """What the header links to for this role."""
        if self.known is None or self.known.must_change:
            return []
        return [
            {"path": entry.path, "title": entry.title, "here": self.request.path.startswith(entry.path)}
            for entry in self.request.config_dict[NAVIGATION]
            if self.known.role.covers(entry.role)
        ]


class Visit(Visitor):
    """A request of somebody who is logged in and may be here."""

    @property
    def account(self) -> Account:
        """Who it is."""
        if self.known is None:
            raise not_allowed()
        return self.known

    @property
    def halls(self) -> tuple[Hall, ...]:
        """The halls where they may work."""
        return tuple(
            hall
            for hall in self.house.library.view.halls.values()
            if self.account.may(Role.CLERK, hall=hall.code)
        )

    @property
    def hall(self) -> str:
        """The code of the hall they look at: their own, the one they chose last, else the first."""
        codes = [hall.code for hall in self.halls]
        chosen = str(self.session.get(_HALL, ""))
        return chosen if chosen in codes else (codes[0] if codes else "")

    def choose_hall(self, code: str) -> None:
        """Look at this hall from now on. Raises Refused."""
        self.must_reach(code)
        self.session[_HALL] = code

    def must_reach(self, hall: str, role: Role = Role.CLERK) -> None:
        """Raise Refused unless they may do what `role` may in this hall, and it is there."""
        if hall not in self.house.library.view.halls or not self.account.may(role, hall=hall):
            raise not_allowed()

    @contextlib.asynccontextmanager
    async def writing(self, *topics: str) -> AsyncIterator[AsyncSession]:
        """A session of one transaction, committed at the end; then those who watch `topics` are told."""
        async with (
            writing(self.house.engine) as connection,
            AsyncSession(connection, expire_on_commit=False) as session,
        ):
            yield session
            await session.flush()
            await connection.commit()
        self.house.live.announce(topics)

    def record(self, session: AsyncSession, action: str, subject: str, detail: str = "") -> None:
        """Add to the audit what they do, in the transaction that does it."""
        record(session, self.account.login, action, subject, detail, now=self.now)


ROLE_NAMES: Final = {Role.CLERK: "窗口", Role.SUPERVISOR: "主管", Role.ADMIN: "管理员"}
