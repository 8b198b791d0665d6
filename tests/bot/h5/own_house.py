"""The own pages over a real database and a real Redis, and citizens who come to them with a browser."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot import h5
from bot.h5.login import Login
from bot.h5.own import OwnDesk
from bot.h5.reminders import Popups
from bot.h5.signing import Links
from hall.appointments.service import BookingRules
from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.centres.intake import import_centre
from hall.centres.schema import parse_centre
from hall.db import create_sessions
from hall.people.id_numbers import check_character
from hall.people.service import Vault
from tests.bot.h5.centre import ID_CARD, Shelf

# Tuesday 10:00 in Shanghai; the next days are open, Saturday in the morning.
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
SECRET = "a secret of the tests, long enough"
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00,13:30-17:00") | {"sat": "09:00-12:00"}
CENTRE = {
    "centres": [{"code": "anlan", "name": "安澜区政务服务中心"}],
    "halls": [
        {"code": "main", "centre": "anlan", "name": "主厅", "address": "安澜大道 188 号", "hours": WEEK},
        {"code": "east", "centre": "anlan", "name": "东门站", "hours": WEEK},
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区 5 号窗口", "departments": ["公安局"]},
        {"hall": "east", "group": "E", "name": "E 区 1 号窗口", "departments": ["公安局"]},
        {"hall": "main", "group": "B", "name": "B 区 1 号窗口", "departments": ["市场监管局"]},
    ],
    "special_days": [{"date": "2026-12-09", "open": False, "note": "系统升级"}],
}
ONE = {
    **ID_CARD,
    "code": "GA-1",
    "offered_at": [{"hall": "main", "counter": "A 区 5 号窗口"}],
    "daily_quota": None,
}
TWO = {**ID_CARD, "code": "GA-2", "name": "居住证办理", "offered_at": [], "daily_quota": 3, "related": []}
WALK_IN = {"code": "SC-1", "name": "营业执照办理", "department": "市场监管局", "bookable": False}


def id_number(serial: int) -> str:
    """A valid number; another one for another serial."""
    first = f"11010119900307{serial:03d}"
    return first + check_character(first)


ZHANG = {"name": "张三", "id_number": "110101199001011237", "phone": "13800138000", "agreed": "yes"}
WANG = {**ZHANG, "name": "王五", "id_number": id_number(2)}
LI = {"name": "李小红", "id_number": id_number(3), "called": "我妈", "agreed": "yes"}


class Now:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Form(HTMLParser):
    """The fields of each form of a page, by its action; what is not filled in or chosen is left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._at = named["action"]
            self.forms[self._at] = {}
        if tag == "input" and "name" in named and self._at:
            chosen = named.get("type") not in {"radio", "checkbox"} or "checked" in named
            if chosen:
                self.forms[self._at][named["name"]] = named.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._at = ""


def text_of(page: str) -> str:
    """The page's text without its elements."""
    found = re.sub(r"<(style|title)>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


@dataclass
class Browser:
    """A browser with cookies of its own. `path` and `page` are where it is."""

    client: TestClient[Any, Any]
    path: str = ""
    page: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return text_of(self.page)

    async def go(self, address: str, **how: Any) -> str:
        """Open an address of these pages, with or without its host."""
        parts = urlsplit(address)
        return await self._read(
            await self.client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path, **how)
        )

    async def send(
        self,
        fields: Mapping[str, str] | None = None,
        *,
        action: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Fill in the page's form (the one with this action, or the only one) and send it."""
        forms = Form(self.page).forms
        at = action or next(at for at in forms if at != "/h5/search")
        filled = {**forms[at], **(fields or {})}
        return await self._read(await self.client.post(at, data=filled, headers=headers))

    async def post(self, action: str, **fields: str) -> str:
        return await self._read(await self.client.post(action, data=fields))

    def link(self, words: str) -> str:
        """The address of the link that holds these words."""
        for href, inside in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', self.page, re.DOTALL):
            if words in re.sub(r"<[^>]+>", "", inside):
                return str(href).replace("&amp;", "&")
        raise AssertionError(f"no link with {words} in {self.text}")

    async def tap(self, words: str) -> str:
        return await self.go(self.link(words))

    async def _read(self, response: ClientResponse) -> str:
        self.page, self.status = await response.text(), response.status
        self.path, self.headers = str(response.url.relative()), dict(response.headers)
        return self.text


@dataclass
class House:
    """The pages, and what stands behind them."""

    server: TestServer
    engine: AsyncEngine
    links: Links
    clock: Now
    announced: list[frozenset[str]]
    open: contextlib.AsyncExitStack

    async def browser(self) -> Browser:
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        # The server is the house's own to start and stop.
        await client.session.__aenter__()
        self.open.push_async_callback(client.session.close)
        return Browser(client)

    def link(self, openid: str, path: str = "/h5/book/GA-1") -> str:
        return self.links.sign(path, openid, self.clock())

    async def at(self, openid: str, path: str = "/h5/book/GA-1") -> Browser:
        """A citizen's browser, at a page that they came to by a link."""
        browser = await self.browser()
        await browser.go(self.link(openid, path))
        return browser

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        async with create_sessions(self.engine)() as session:
            yield session


def _free_port() -> int:
    """Links are full addresses: the port is known before anybody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def view() -> CatalogueView:
    return CatalogueView.of(map(parse_item, (ONE, TWO, WALK_IN)), parse_centre(CENTRE), revision=1)


@contextlib.asynccontextmanager
async def opened_house(
    engine: AsyncEngine,
    redis: Redis,
    *,
    rules: BookingRules | None = None,
    login: Any = None,
    popups: Popups | None = None,
) -> AsyncIterator[House]:
    """The pages as the product mounts them, with one place a half-hour unless the rules say otherwise."""
    async with create_sessions(engine)() as session:
        await import_centre(session, parse_centre(CENTRE))
        await session.commit()
    clock, announced = Now(), list[frozenset[str]]()
    async with contextlib.AsyncExitStack() as stack:
        app, port = web.Application(), _free_port()
        server = TestServer(app, port=port)
        links = Links([SECRET], f"http://127.0.0.1:{port}")
        desk = OwnDesk(
            engine,
            Vault.of([SECRET]),
            links,
            redis,
            rules or BookingRules(per_counter=1),
            Login(links, appid="wxtest", base="http://wechat.test", user_of=login) if login else None,
            announced.append,
            popups,
        )
        app.add_subapp("/h5/", h5.create_app(Shelf.of(view()), clock, desk))
        await server.start_server()
        stack.push_async_callback(server.close)
        yield House(server, engine, links, clock, announced, stack)
