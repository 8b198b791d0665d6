"""From the chat to the calendar and back, in the simulator: the chat knows what was booked with a tap."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, expect

from tests.bot.h5.own_house import id_number
from tests.browser.chromium import PHONE
from tests.browser.houses import whole_product
from tests.browser.talking import Phone, phone
from tests.desk import HandClock

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["link", "wechat"])
async def address(
    browser: Browser,
    model_dir: object,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> AsyncIterator[str]:
    """The running product, with links that open once, and with links that open by WeChat's word alone."""
    directory = tmp_path_factory.mktemp("product")
    running = whole_product(directory, model_dir, HandClock(), wechat_page_login=request.param)  # type: ignore[arg-type]
    async with running as at:
        yield at


async def book_on_the_page(one: Phone, serial: int) -> FrameLocator:
    """Follow the link to the calendar, choose a time and say who comes."""
    await one.say("我想预约结婚登记")
    page = await one.follow_link("在页面上选时间")
    await expect(page.get_by_role("heading", level=1)).to_have_text("结婚登记")
    await page.get_by_role("link", name="12月3日(周四) 可约").click()
    await page.get_by_role("link", name="10:00 余").click()
    await page.get_by_label("姓名").fill("张三")
    await page.get_by_label("身份证号").fill(id_number(serial))
    await page.get_by_label("手机号").fill("13800138000")
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="确认预约").click()
    await expect(page.get_by_text("约好了")).to_be_visible()
    return page


async def test_the_chat_knows_what_was_booked_on_the_page(browser: Browser, address: str) -> None:
    one = await phone(browser, address, PHONE)
    await one.follow()
    page = await book_on_the_page(one, 1)
    code = (await page.locator(".code").inner_text()).replace(" ", "")
    await one.page.get_by_role("button", name="关闭").click()
    answer = await one.say("好了")
    await expect(answer).to_contain_text("您在页面上约好了")
    await expect(answer).to_contain_text(code)
    answer = await one.say("我的预约")
    await expect(answer).to_contain_text("12月3日")
    assert one.visit.troubles == []
