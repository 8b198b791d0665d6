"""The console over a database with the demo centre, and people who sit before it."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.live import Live
from bot.preparing import prepare_database
from bot.redis_server import private_redis
from bot.settings import Settings
from console.app import create_app
from console.house import House
from console.visit import HOUSE
from hall.catalogue.view import CatalogueView, load_view
from hall.db import create_engine, create_sessions
from hall.people.service import Vault
from hall.staff.service import Account, Passwords, Role, add, set_password
from tests.desk import HandClock

SECRET = "a secret of the console's tests, long enough"
PASSWORD = "Window-5-am"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


@cache
def _demo() -> Path:
    """A database with the demo centre, made once."""
    import asyncio
    import atexit
    from concurrent.futures import ThreadPoolExecutor

    directory = Path(tempfile.mkdtemp(prefix="banshi-console-"))
    atexit.register(shutil.rmtree, directory, True)
    settings = Settings(_env_file=None, data_dir=directory, simulator=False)
    with ThreadPoolExecutor(1) as thread:
        made = prepare_database(settings, HandClock(), echo=lambda _: None)
        thread.submit(asyncio.run, made).result()
    return directory / "banshi.db"


@dataclass
class Stage:
    """The console, running, and its parts."""

    engine: AsyncEngine
    redis: Redis
    live: Live
    clock: HandClock
    house: House
    app: web.Application
    view: CatalogueView
    server: TestServer
    _clients: list[TestClient[Any, Any]] = field(default_factory=list)

    async def staff(
        self, login: str = "li.na", role: Role = Role.CLERK, hall: str = "main", *, fresh: bool = False
    ) -> Account:
        """An account; with `fresh` its password must still be changed."""
        hashed = await self.house.passwords.hash(PASSWORD)
        async with create_sessions(self.engine)() as session:
            made = await add(
                session,
                login=login,
                name="李娜",
                role=role,
                hall=hall,
                password=hashed,
                by="x",
                now=self.clock(),
            )
            if not fresh:
                made = await set_password(
                    session, login, password=hashed, must_change=False, by="x", now=self.clock()
                )
            await session.commit()
        return made

    def browser(self) -> Sitter:
        """Somebody's browser."""
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self._clients.append(client)
        return Sitter(client)

    async def logged_in(self, login: str = "li.na") -> Sitter:
        """A browser in which this account is logged in."""
        sitter = self.browser()
        response = await sitter.log_in(login)
        assert response.status == 303, await response.text()
        return sitter

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        async with create_sessions(self.engine)() as session:
            yield session
            await session.commit()


@dataclass
class Sitter:
    """Somebody before the console."""

    client: TestClient[Any, Any]
    token: str = ""

    async def see(self, path: str, **how: Any) -> ClientResponse:
        """Open a page; its form's token is remembered."""
        response = await self.client.get(path, allow_redirects=False, **how)
        found = _TOKEN.search(await response.text()) if "html" in response.content_type else None
        self.token = found.group(1) if found else self.token
        return response

    async def send(
        self, path: str, /, *, headers: dict[str, str] | None = None, **fields: str
    ) -> ClientResponse:
        """Send a form as a browser does."""
        here = {"Origin": str(self.client.make_url("")).rstrip("/")} | (headers or {})
        given = {"form_token": self.token} | fields
        return await self.client.post(path, data=given, headers=here, allow_redirects=False)

    async def log_in(self, login: str = "li.na", password: str = PASSWORD, **more: str) -> ClientResponse:
        await self.see("/console/login")
        response = await self.send("/console/login", login=login, password=password, **more)
        if response.status == 303:
            await self.see("/console/password")
        return response

    @property
    def cookie(self) -> str:
        found = [cookie.value for cookie in self.client.session.cookie_jar if cookie.key == "banshi_console"]
        return found[0] if found else ""


@contextlib.asynccontextmanager
async def stage(directory: Path, *, heartbeat: float = 5.0) -> AsyncIterator[Stage]:
    """The console on SQLite with the demo centre, on a Tuesday at ten in the morning."""
    shutil.copy(_demo(), directory / "banshi.db")
    engine = create_engine(f"sqlite:///{directory / 'banshi.db'}")
    async with private_redis() as url:
        redis, clock = Redis.from_url(url), HandClock()
        live = Live(redis, heartbeat=heartbeat)
        async with create_sessions(engine)() as session:
            view = await load_view(session)
        house = House(
            engine=engine,
            redis=redis,
            live=live,
            library=SimpleNamespace(view=view),
            clock=clock,
            secrets=[SECRET],
            public_url="http://127.0.0.1:8080",
            vault=Vault.of([SECRET]),
            passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        )
        app = web.Application()
        app[HOUSE] = house
        app.add_subapp("/console/", create_app(house))
        async with live.running(), TestServer(app) as server:
            set_up = Stage(engine, redis, live, clock, house, app, view, server)
            try:
                yield set_up
            finally:
                for client in set_up._clients:
                    await client.close()
        await redis.aclose()
    await engine.dispose()
