"""The pictures of the hall: the counter's page, the wall's screen, a number on the phone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, expect

from bot.clock import Clock
from hall.staff.service import Role
from tests.at_counter import PASSWORD, hire, somebody_scans
from tests.browser.chromium import DESK, PHONE, opened
from tests.browser.talking import Phone, phone

SCREEN = 1920
GROUPS = ("A2", "A2", "C1", "A2", "C1", "A2", "A2")
LOGIN = "zhao"

Keep = Callable[[Page, str], Awaitable[None]]


async def hall_pictures(browser: Browser, address: str, directory: Path, clock: Clock, keep: Keep) -> None:
    """People take numbers, a counter calls; the counter by day and by night, the screen, a phone."""
    await hire(f"sqlite:///{directory / 'banshi.db'}", LOGIN, clock, role=Role.SUPERVISOR)
    waiting = await _take_numbers(browser, address)
    visit = await opened(browser, f"{address}/console/", DESK, 860)
    page = visit.page
    await page.get_by_label("登录名").fill(LOGIN)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="A 区 5 号窗口").click()
    await expect(page.locator("#connection")).to_have_text("● 实时")
    for key in ("1", "3", "9"):
        await page.keyboard.press(key)
        await page.wait_for_timeout(2200)  # sooner it is the same press
    await keep(page, "counter-1280")
    await page.emulate_media(color_scheme="dark")
    await keep(page, "counter-1280-dark")
    wall = await page.context.new_page()
    await wall.set_viewport_size({"width": SCREEN, "height": 1080})
    await wall.goto(f"{address}/console/display/main")
    await expect(wall.locator(".newest .number")).to_have_text("A2002")
    await keep(wall, "display-1920")
    await waiting.say("还有几个到我")
    await keep(waiting.page, "queue-390")


async def _take_numbers(browser: Browser, address: str) -> Phone:
    """Numbers out of the hall's codes; the phone that waits longest."""
    async with aiohttp.ClientSession() as http:
        for group in GROUPS:
            await somebody_scans(http, address, f"queue:main:{group}")
    one = await phone(browser, address, PHONE)
    await one.scan("queue:main:A2")
    return one
