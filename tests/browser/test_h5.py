"""The citizens' pages on a phone, with scripts switched off wherever the page itself is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import parse_centre
from tests.bot.h5.centre import CENTRE, HOSTILE, ID_CARD, demo_view
from tests.browser.chromium import opened
from tests.browser.houses import pages_alone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

KINDS = [
    "/",
    "/search",
    "/search?q=身份证",
    "/search?q=xyzzy",
    "/search?q=" + "很长的话" * 40,
    "/items/GA-0101",
    "/items/GA-0101?home=away&age=minor",
    "/items/MZ-0105",
    "/items/BDC-0102",
    "/topics/户籍身份",
    "/departments/公安局",
    "/departments",
    "/events/restaurant",
    "/info",
    "/items/NO-SUCH",
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[str]:
    async with pages_alone(demo_view()) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def odd_site() -> AsyncIterator[str]:
    """A catalogue with an item that has everything, and one with names that break what can be broken."""
    view = CatalogueView.of([parse_item(ID_CARD), parse_item(HOSTILE)], parse_centre(CENTRE))
    async with pages_alone(view) as address:
        yield address


async def test_a_citizen_finds_an_item_taps_the_case_and_goes_back(browser: Browser, site: str) -> None:
    visit = await opened(browser, f"{site}/", java_script_enabled=False)
    page = visit.page
    await page.get_by_role("searchbox", name="想办什么事").fill("身份证")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("“身份证”的结果")
    await page.get_by_role("link", name="居民身份证到期换领").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("居民身份证到期换领")
    await expect(page.locator(".facts")).to_contain_text("20 个工作日")
    await expect(page.locator(".depends")).to_contain_text("监护人居民身份证")

    await page.get_by_role("link", name="外地").click()
    await expect(page.get_by_role("link", name="外地")).to_have_attribute("aria-current", "true")
    await expect(page.locator(".facts")).to_contain_text("40 个工作日")
    await page.get_by_role("link", name="16 周岁以下孩子").click()
    await expect(page.locator(".must")).to_contain_text("监护人居民身份证")
    await expect(page.locator(".depends")).to_have_count(0)
    await expect(page.get_by_text("按“16 周岁以下孩子、外地”").first).to_be_visible()
    assert await page.locator(".question").nth(0).evaluate("e => e.matches(':target')")

    await page.get_by_role("link", name="外地").click()  # a second tap takes it back
    await expect(page.locator(".facts")).to_contain_text("20 个工作日")
    await page.get_by_role("link", name="全部重选").click()
    await expect(page.locator("[aria-current]")).to_have_count(0)
    for _ in range(4):
        await page.go_back()
    await expect(page.locator(".depends")).to_contain_text("监护人居民身份证")
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("“身份证”的结果")
    assert visit.troubles == []


async def test_browsing_by_life_event_topic_and_department(browser: Browser, site: str) -> None:
    visit = await opened(browser, f"{site}/", java_script_enabled=False)
    page = visit.page
    await page.get_by_role("link", name="开饭店").click()
    await expect(page.locator("ol.rows li").first).to_contain_text("1. 个体工商户设立登记")
    await page.locator("ol.rows a").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("个体工商户设立登记")
    await page.get_by_role("link", name="市场监管局的全部事项").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("市场监管局")
    await page.get_by_role("link", name="户籍身份").click()
    await page.get_by_role("link", name="居民身份证到期换领").click()
    await page.get_by_role("link", name="安澜区政务服务中心", exact=True).click()
    await expect(page.get_by_role("heading", name="区政务服务中心主厅")).to_be_visible()
    await expect(page.locator(".state").first).to_have_text("现在开着12:00–13:30 午休,今天开到 17:00")
    assert visit.troubles == []


async def test_every_kind_of_page_fits_can_be_touched_and_read(browser: Browser, site: str) -> None:
    for path in KINDS:
        visit = await opened(browser, f"{site}{path}")
        await visit.unfold()
        assert await visit.fits(), path
        assert await visit.too_small() == [], path
        assert await visit.cut_off() == [], path
        assert await visit.findings() == [], path
        # that a page is missing is itself said on the console
        assert [said for said in visit.troubles if "404" not in said] == [], path
        await visit.page.context.close()


async def test_dark_is_dark_and_as_easy_to_read(browser: Browser, site: str) -> None:
    for path in ("/", "/search?q=身份证", "/items/GA-0101?home=away", "/items/NO-SUCH"):
        visit = await opened(browser, f"{site}{path}", color_scheme="dark")
        await visit.unfold()
        for part in ("body", "section"):
            colour = await visit.page.locator(part).first.evaluate("e => getComputedStyle(e).backgroundColor")
            assert int(colour[4:].split(",")[0]) < 64, (path, part, colour)
        assert await visit.findings(["color-contrast", "link-in-text-block"]) == [], path
        await visit.page.context.close()


@pytest.mark.parametrize("width", [320, 390])
async def test_at_twice_the_size_of_type_nothing_is_lost(browser: Browser, site: str, width: int) -> None:
    for path in KINDS:
        visit = await opened(browser, f"{site}{path}", width)
        await visit.enlarge(200)
        await visit.unfold()
        size = await visit.page.locator("h1 + *, h1").last.evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        assert size > 28
        assert await visit.fits(), path
        assert await visit.cut_off() == [], path
        assert await visit.too_small() == [], path
        await visit.page.context.close()


async def test_endless_names_and_hostile_content_do_not_break_a_page(browser: Browser, odd_site: str) -> None:
    for path in (
        "/items/XX-1",
        "/items/GA-1",
        "/",
        "/search?q=" + "W" * 100,
        "/search?q=<img src=x onerror=alert(1)>",
    ):
        for percent in (100, 200):
            visit = await opened(browser, f"{odd_site}{path}")
            await visit.enlarge(percent)
            assert await visit.fits(), path
            assert await visit.cut_off() == [], path
            assert await visit.too_small() == [], path
            assert await visit.findings() == [], path
            assert await visit.page.locator("script, img, iframe").count() == 0
            assert visit.troubles == [], path
            await visit.page.context.close()


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser: Browser, site: str) -> None:
    visit = await opened(browser, f"{site}/items/GA-0101")
    page = visit.page
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="材料", exact=True)).to_be_focused()
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    names = []
    for _ in range(60):
        names.append(await page.evaluate("document.activeElement.textContent.trim()"))
        await page.keyboard.press("Tab")
    assert {"16 周岁以上本人", "外地", "0000-88012300"} <= set(names)
    question = page.locator("#faq ~ details summary").first
    await question.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("到期前三个月就可以来换")).to_be_visible()


async def test_on_paper_answers_stand_open_and_what_is_for_tapping_is_gone(
    browser: Browser, site: str
) -> None:
    visit = await opened(browser, f"{site}/items/GA-0101?home=away", java_script_enabled=True)
    page = visit.page
    assert await page.locator("details").first.evaluate("e => e.open") is False
    await page.emulate_media(media="print")
    for gone in ("header.top", ".choices", ".jump", ".rows"):
        await expect(page.locator(gone).first).to_be_hidden()
    answer = page.get_by_text("到期前三个月就可以来换")
    assert await answer.evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")
    box = await answer.bounding_box()
    assert box is not None
    assert box["height"] > 10
    await expect(page.get_by_text("按“外地”").first).to_be_visible()
    await expect(page.get_by_text("指南 2026-10-08 版")).to_be_visible()
    assert len(await page.pdf(format="A4")) > 10_000


async def test_a_page_needs_little(browser: Browser, site: str) -> None:
    """Two files, nothing from elsewhere, under 100 KB even as they are before compression."""
    asked: list[str] = []
    sizes: list[int] = []
    visit = await opened(browser, "about:blank")
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.on("requestfinished", lambda request: sizes.append(1))
    await visit.page.goto(f"{site}/items/GA-0101")
    files = [url for url in asked if not url.startswith("data:")]
    assert [url.startswith(site) for url in files] == [True, True]
    total = 0
    for url in files:
        total += len(await (await visit.page.request.get(url)).body())
    assert total < 100 * 1024
