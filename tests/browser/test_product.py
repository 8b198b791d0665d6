"""The whole product in the simulator, as a citizen meets it: chat, choices, voice, photo, menu, pages."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, expect

from tests.browser.chromium import DESK, PHONE
from tests.browser.houses import whole_product
from tests.browser.talking import phone
from tests.desk import HandClock

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def address(
    browser: Browser, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """The running product; on a Tuesday at ten in the morning. The browser is started before it."""
    async with whole_product(tmp_path_factory.mktemp("product"), model_dir, HandClock()) as running:
        yield running


async def test_a_citizen_on_a_phone_from_following_to_the_guide(browser: Browser, address: str) -> None:
    one = await phone(browser, address, PHONE)
    await one.follow()
    await expect(one.answers.last).to_contain_text("回复数字或点一下")

    answer = await one.say("身份证到期了怎么换")
    await expect(answer).to_contain_text("【居民身份证到期换领】")
    await expect(answer).to_contain_text("20 个工作日")
    await expect(answer).to_contain_text("被动回复")
    await expect(answer).to_contain_text("加密")
    guide = await one.follow_link("完整指南")
    await expect(guide.get_by_role("heading", level=1)).to_have_text("居民身份证到期换领")
    await guide.get_by_role("link", name="外地").click()
    await expect(guide.locator(".facts")).to_contain_text("40 个工作日")
    await one.page.get_by_role("button", name="关闭").click()

    await expect(await one.tap("材料明细")).to_contain_text("给谁办")
    answer = await one.tap("16 周岁以上本人")
    await expect(answer).to_contain_text("旧居民身份证")
    await expect(answer).to_contain_text("被动回复")

    answer = await one.speak("营业执照要多久办好")
    await expect(one.frame.locator(".heard").last).to_have_text("识别:营业执照要多久办好")
    await expect(answer).to_contain_text("营业执照")

    picture = io.BytesIO()
    Image.new("RGB", (800, 500), "white").save(picture, "PNG")
    answer = await one.photo(picture.getvalue())
    await expect(one.frame.locator(".picture img").first).to_be_visible()
    assert len((await answer.inner_text()).strip()) > 10

    answer = await one.menu("办事指南", "大厅地址和时间")
    await expect(answer).to_contain_text("区政务服务中心主厅")
    await expect(answer).to_contain_text("安澜大道 188 号")
    assert await one.visit.fits()
    assert one.visit.troubles == []


async def test_two_citizens_side_by_side_do_not_meet(browser: Browser, address: str) -> None:
    one = await phone(browser, address, DESK, 860)
    frames = one.page.locator(".phone")
    await expect(frames).to_have_count(2)
    await expect(one.page.get_by_role("tablist")).to_be_visible()
    two = type(one)(one.visit, frames.nth(1))
    before = await one.answers.count()
    await two.follow()
    answer = await two.say("停车方便吗")
    await expect(answer).to_contain_text("120 个车位")
    await expect(one.frame).not_to_contain_text("停车方便吗")
    answer = await two.say("身份证丢了怎么补")
    await expect(answer).to_contain_text("【居民身份证丢失补领】")
    await expect(answer.locator(".way-passive")).to_be_visible()
    assert await one.answers.count() == before
    log = one.page.locator(".log")
    await expect(log).to_contain_text("text")
    await expect(log.get_by_text(re.compile("已回复")).first).to_be_visible()
    assert await one.visit.fits()
    assert one.visit.troubles == []


async def test_what_a_citizen_types_is_never_markup(browser: Browser, address: str) -> None:
    one = await phone(browser, address, PHONE)
    if await one.frame.get_by_role("button", name="关注公众号").is_visible():
        await one.follow()
    before = await one.answers.count()
    answer = await one.say('<img src=x onerror="document.title=1"> {{7*7}} ]]> 身份证')
    assert await one.answers.count() == before + 1
    assert "49" not in await answer.inner_text()
    assert await one.frame.locator(".bubble img[src=x]").count() == 0
    assert await one.page.title() != "1"
    assert one.visit.troubles == []
