"""A day of a hall in the browser: a counter, the hall's screen, and two citizens' phones, of one product."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.clock import SHANGHAI
from hall.staff.service import Role
from tests.at_counter import PASSWORD, hire
from tests.browser.chromium import DESK, Visit, opened
from tests.browser.houses import whole_product
from tests.browser.talking import Phone, phone
from tests.desk import HandClock

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]

SCREEN = 1920
WINDOW = "A 区 5 号窗口"
ID_NUMBER = "110101199003070134"


@dataclass
class Hall:
    """The running product and its clock."""

    address: str
    clock: HandClock

    def at(self, hour: int, minute: int) -> None:
        self.clock.set(datetime(2026, 12, 1, hour, minute, tzinfo=SHANGHAI))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(
    browser: Browser, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hall]:
    """The product on a Tuesday before the counters open, with a supervisor who also serves."""
    directory, clock = tmp_path_factory.mktemp("day"), HandClock()
    clock.set(datetime(2026, 12, 1, 8, 40, tzinfo=SHANGHAI))
    async with whole_product(directory, model_dir, clock) as address:
        await hire(f"sqlite:///{directory / 'banshi.db'}", "zhao", clock, role=Role.SUPERVISOR)
        yield Hall(address, clock)


async def clerk_at(browser: Browser, hall: Hall) -> Visit:
    visit = await opened(browser, f"{hall.address}/console/", DESK, 860)
    page = visit.page
    await page.get_by_label("登录名").fill("zhao")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name=WINDOW).click()
    await expect(page.locator("#connection")).to_have_text("● 实时")
    return visit


async def screen_of(clerk: Visit, hall: Hall) -> Page:
    page = await clerk.page.context.new_page()
    await page.set_viewport_size({"width": SCREEN, "height": 1080})
    await page.goto(f"{hall.address}/console/display/main")
    return page


async def phones(browser: Browser, hall: Hall) -> tuple[Phone, Phone]:
    one = await phone(browser, hall.address, SCREEN, 1000)
    two = Phone(one.visit, one.page.locator(".phone").nth(1))
    await one.follow()
    await two.follow()
    return one, two


async def told(one: Phone, words: str) -> None:
    """A notice with these words has come to the phone."""
    await expect(one.frame.get_by_text(re.compile(words)).last).to_be_visible(timeout=15_000)


async def test_a_day_from_the_first_number_to_the_last(browser: Browser, hall: Hall) -> None:
    booked, walked_in = await phones(browser, hall)
    await _book(booked)
    clerk = await clerk_at(browser, hall)
    wall = await screen_of(clerk, hall)
    page = clerk.page

    # The one without an appointment is first at the door; the one with it goes first at the counter.
    hall.at(9, 5)
    assert "A2001" in await walked_in.scan("queue:main:A2")
    hall.at(9, 12)
    arrived = await booked.scan("queue:main")
    assert "签到好了" in arrived
    assert "A2002" in arrived
    await expect(page.locator(".next li").first).to_have_text("A2002")
    await page.keyboard.press("1")
    await expect(page.locator(".ticket .number")).to_have_text("A2002")
    await expect(page.locator(".ticket")).to_contain_text("预约")
    await expect(wall.locator(".newest .number")).to_have_text("A2002")
    await told(booked, "轮到您了:A2002")
    await page.keyboard.press("3")
    await expect(page.get_by_text("正在办理")).to_be_visible()
    hall.at(9, 20)
    await page.keyboard.press("4")
    await expect(page.locator("#told")).to_contain_text("A2002 办结")

    # Called and not there; back in the line by a tap, and served.
    await page.keyboard.press("1")
    await expect(wall.locator(".newest .number")).to_have_text("A2001")
    await told(walked_in, "轮到您了:A2001")
    hall.clock.forward(timedelta(minutes=2))
    await page.keyboard.press("5")
    await told(walked_in, "A2001 号过号了")
    before = await walked_in.answers.count()
    await walked_in.frame.get_by_role("button", name="回到队里").last.click()
    await expect(await walked_in.answered(before)).to_contain_text("A2001 回到队里了")
    await expect(page.locator(".next li").first).to_have_text("A2001")
    await page.keyboard.press("1")
    await expect(page.locator(".ticket .number")).to_have_text("A2001")
    hall.clock.forward(timedelta(minutes=6))
    await page.keyboard.press("9")
    await expect(page.locator("#told")).to_contain_text("没有人在等")

    # Nothing is left in the evening; who asks then hears when it opens.
    hall.at(17, 5)
    await page.keyboard.press("0")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="今天在哪个窗口")).to_be_visible()
    assert "今天的号停了" in await walked_in.scan("queue:main:A2")
    await expect(await walked_in.say("我的号排到哪了")).to_contain_text("您今天还没有号")
    # A page that is left ends its stream.
    assert [trouble for trouble in clerk.troubles if "/live: net::ERR_ABORTED" not in trouble] == []
    assert booked.visit.troubles == []


async def _book(one: Phone) -> None:
    """An appointment for half past nine, from nothing to the code."""
    await expect(await one.say("我想约今天上午九点半换身份证,到期换领")).to_contain_text("9:30")
    answer = await one.tap("区政务服务中心主厅")
    await expect(answer).to_contain_text("您同意记下吗")
    await one.tap("1 同意")
    await expect(await one.say(f"王小明 {ID_NUMBER} 13800138000")).to_contain_text("请核对")
    await expect(await one.tap("1 确认")).to_contain_text("约好了")
