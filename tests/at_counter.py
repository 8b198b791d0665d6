"""Somebody of the staff at a counter, over HTTP as their browser would: logged in, pressing buttons."""

from __future__ import annotations

import re
import secrets
from typing import Any

import aiohttp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from hall.db import create_engine, writing
from hall.staff.service import Passwords, Role, add, set_password

PASSWORD = "Counter-5-at-nine"
_AT_WINDOW = re.compile(r'name="ticket" form="act" value="(\d*)"')
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


async def hire(
    database_url: str, login: str, clock: Clock, *, role: Role = Role.CLERK, hall: str = "main"
) -> None:
    """An account that need not change its password."""
    engine, passwords = create_engine(database_url), Passwords()
    hashed = await passwords.hash(PASSWORD)
    async with writing(engine) as connection:
        async with AsyncSession(bind=connection, expire_on_commit=False) as session:
            more: dict[str, Any] = {"by": "tests", "now": clock()}
            await add(session, login=login, name=login, role=role, hall=hall, password=hashed, **more)
            await set_password(session, login, password=hashed, must_change=False, **more)
            await session.flush()
        await connection.commit()
    await engine.dispose()


async def somebody_scans(http: aiohttp.ClientSession, base: str, scene: str) -> None:
    """A new citizen of the simulator scans a code in the hall."""
    control, headers = f"{base}/simulator/control", {"X-Simulator": "1"}
    async with http.post(f"{control}/citizens", json={"name": ""}, headers=headers) as response:
        openid = (await response.json())["openid"]
    scan = {"act": "scan", "openid": openid, "scene": scene}
    async with http.post(f"{control}/act", json=scan, headers=headers) as response:
        assert response.status == 200, await response.text()


class Clerk:
    """A clerk with a browser's cookies."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base
        self._token = self._of = ""
        self.window = ""

    async def log_in(self, login: str) -> None:
        """Enter the console."""
        await self._page("/console/login")
        await self._post("/console/login", login=login, password=PASSWORD)

    async def open(self, name: str, group: str) -> None:
        """Open a window for a counter group."""
        await self._page("/console/counter?choose")
        where = await self._post("/console/counter/open", name=name, group=group)
        self.window = where.rpartition("/")[2]
        assert self.window.isdecimal(), where
        await self._page(f"/console/counter/{self.window}")

    async def press(self, do: str, **more: str) -> dict[str, Any]:
        """Press a button of the window; what is said."""
        body = {"form_token": self._token, "do": do, "ticket": self._of, "key": secrets.token_hex(8), **more}
        url = f"{self._base}/console/counter/{self.window}/act"
        headers = {"Origin": self._base, "Accept": "application/json"}
        async with self._http.post(url, data=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            said: dict[str, Any] = await response.json()
        self._see(str(said.get("html", "")))
        return said

    def _see(self, html: str) -> None:
        found = _AT_WINDOW.search(html)
        self._of = found[1] if found else ""

    async def _page(self, path: str) -> str:
        async with self._http.get(self._base + path) as response:
            text = await response.text()
            assert response.status == 200, text
        found = _TOKEN.search(text)
        assert found is not None, text
        self._token = found[1]
        return text

    async def _post(self, path: str, **fields: str) -> str:
        body = {"form_token": self._token, **fields}
        headers = {"Origin": self._base}
        async with self._http.post(
            self._base + path, data=body, headers=headers, allow_redirects=False
        ) as response:
            assert response.status == 303, await response.text()
            return response.headers["Location"]
