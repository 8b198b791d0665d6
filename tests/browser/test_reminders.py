"""From a number to WeChat's reminders, all the way: the offer, the page, the popup, the ledger."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import PHONE
from tests.browser.houses import whole_product
from tests.browser.talking import phone
from tests.desk import HandClock

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]


async def test_who_took_a_number_can_allow_reminders(
    browser: Browser, model_dir: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("product")
    async with whole_product(directory, model_dir, HandClock()) as address:  # type: ignore[arg-type]
        one = await phone(browser, address, PHONE)
        await one.follow()
        assert "打开提醒" in await one.scan("queue:main:A2")
        page = await one.follow_link("打开提醒")
        await expect(page.get_by_text("还没有打开")).to_be_visible()
        await page.get_by_role("button", name="打开提醒").click()
        await one.frame.get_by_role("button", name="允许").click()
        await expect(page.get_by_role("status")).to_have_text("好了,打开了 1 种提醒。")
        await page.get_by_role("link", name="看还剩几次").click()
        await expect(page.get_by_text("还能提醒 1 次")).to_be_visible()
        assert one.visit.troubles == []
