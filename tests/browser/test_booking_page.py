"""The calendar on a phone, scripts switched off: by touch, by keyboard alone, by two at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from redis.asyncio import Redis
from sqlalchemy import func, select

from bot.redis_server import private_redis
from hall.appointments.models import Booking
from hall.appointments.service import BookingRules
from hall.db import create_engine
from tests.bot.h5.own_house import NOW, ZHANG, House, id_number, opened_house
from tests.browser.chromium import Visit, opened
from tests.engines import make_tables

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CONFIRM = "/h5/book/GA-1/confirm?starts="


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    url = f"sqlite:///{Path(tmp_path_factory.mktemp('pages')) / 'pages.db'}"
    make_tables(url)
    engine = create_engine(url)
    async with (
        private_redis() as redis_url,
        Redis.from_url(redis_url) as redis,
        opened_house(engine, redis, rules=BookingRules(per_counter=1)) as house,
    ):
        yield house
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def house(shared: House) -> House:
    """The pages, with the clock where it began."""
    shared.clock.now = NOW
    return shared


async def booked(house: House) -> int:
    async with house.session() as session:
        number = await session.scalar(select(func.count(Booking.id)).where(Booking.state == "confirmed"))
    return number or 0


async def at(browser: Browser, house: House, openid: str, path: str = "/h5/book/GA-1", **how: Any) -> Visit:
    """A citizen's phone at one of their pages; scripts are off."""
    return await opened(browser, house.link(openid, path), **{"java_script_enabled": False, **how})


async def fill_in(page: Page, serial: int, name: str = "张三") -> None:
    await page.get_by_label("姓名").fill(name)
    await page.get_by_label("身份证号").fill(id_number(serial))
    await page.get_by_label("手机号").fill(ZHANG["phone"])
    await page.get_by_role("checkbox").check()


async def known(browser: Browser, house: House, openid: str, serial: int, starts: str) -> Visit:
    """A citizen who has booked before, so that nothing is asked of them any more."""
    visit = await at(browser, house, openid)
    await visit.page.goto(f"{house.links.origin}{CONFIRM}{starts}")
    await fill_in(visit.page, serial)
    await visit.page.get_by_role("button", name="确认预约").click()
    await expect(visit.page.get_by_text("约好了")).to_be_visible()
    return visit


async def test_a_visit_is_booked_moved_and_cancelled_by_touch(browser: Browser, house: House) -> None:
    visit = await at(browser, house, "o-touch", has_touch=True, is_mobile=True)
    page = visit.page
    assert "t=" not in page.url
    await page.get_by_role("link", name="12月3日(周四) 可约").tap()
    await expect(page.get_by_role("heading", name="12月3日(周四)")).to_be_in_viewport()
    await page.get_by_role("link", name="9:30 余 1").tap()
    await page.get_by_role("button", name="确认预约").tap()
    await expect(page.get_by_role("alert")).to_contain_text("有 4 处要改")
    await page.get_by_label("姓名").fill("张三")
    await page.get_by_label("身份证号").fill(id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1"))
    await page.get_by_label("手机号").fill("13800138000")
    await page.get_by_text("同意保存这些信息").tap()
    await page.get_by_role("button", name="确认预约").tap()
    await expect(page.get_by_role("alert")).to_contain_text("有一位写错了")
    await expect(page.get_by_label("姓名")).to_have_value("张三")
    await expect(page.get_by_role("checkbox")).to_be_checked()
    await page.get_by_label("身份证号").fill(id_number(1))
    await page.get_by_role("button", name="确认预约").tap()
    await expect(page.get_by_text("约好了")).to_be_visible()
    await expect(page.locator(".sum")).to_contain_text("12月3日(周四)9:30–10:00")
    await expect(page.locator(".code")).to_have_text(re.compile(r"\d{4} \d{4}"))
    await expect(page.locator("svg")).to_be_visible()

    await page.get_by_role("link", name="改时间").tap()
    await page.get_by_role("link", name="12月4日(周五) 可约").tap()
    await page.get_by_role("link", name="14:00 余 1").tap()
    await page.get_by_role("button", name="确认改时间").tap()
    await expect(page.get_by_text("改好了")).to_be_visible()
    await expect(page.locator(".sum")).to_contain_text("12月4日(周五)14:00")
    await page.get_by_role("link", name="取消预约").tap()
    await page.get_by_role("button", name="确认取消").tap()
    await expect(page.locator(".sum")).to_contain_text("已取消")
    # That something was filled in wrongly is itself said on the console.
    assert [said for said in visit.troubles if "422" not in said] == []


async def enter(page: Page) -> None:
    """Press Enter, which leads to another page."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def tab_to(page: Page, words: str) -> None:
    """Press Tab until what is focused is called so."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        name = await page.evaluate(
            "(e => e.labels?.length ? e.labels[0].textContent : e.textContent)(document.activeElement)"
        )
        if words in re.sub(r"\s+", " ", name):
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", words
            return
    raise AssertionError(f"the keyboard does not reach {words}")


async def test_a_visit_is_booked_and_cancelled_by_the_keyboard_alone(browser: Browser, house: House) -> None:
    visit = await at(browser, house, "o-keys")
    page, keys = visit.page, visit.page.keyboard
    await tab_to(page, "12月8日(周二) 可约")
    await enter(page)
    await tab_to(page, "10:00")
    await enter(page)
    for label, typed in (("姓名", "李四"), ("身份证号", id_number(2)), ("手机号", "13900139000")):
        await tab_to(page, label)
        await keys.type(typed)
    await tab_to(page, "同意保存")
    await keys.press("Space")
    await tab_to(page, "确认预约")
    await enter(page)
    await expect(page.get_by_text("约好了")).to_be_visible()
    await tab_to(page, "取消预约")
    await enter(page)
    await tab_to(page, "确认取消")
    await enter(page)
    await expect(page.locator(".sum")).to_contain_text("已取消")
    assert visit.troubles == []


async def test_a_button_pressed_twice_books_once(browser: Browser, house: House) -> None:
    visit = await known(browser, house, "o-twice", 3, "2026-12-10T09:00")
    before = await booked(house)
    page = visit.page
    await page.goto(f"{house.links.origin}{CONFIRM}2026-12-11T09:00")
    await page.get_by_role("button", name="确认预约").dblclick()
    await expect(page.locator(".sum")).to_contain_text("12月11日(周五)9:00")
    assert await booked(house) == before + 1
    # Back to the form: the time is the citizen's own.
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("这个时间已有预约")
    await page.get_by_role("link", name="看这个预约").click()
    await expect(page.locator(".sum")).to_contain_text("12月11日(周五)9:00")
    assert await booked(house) == before + 1


async def test_two_browsers_race_for_the_last_place(browser: Browser, house: House) -> None:
    one = await known(browser, house, "o-one", 4, "2026-12-14T09:00")
    two = await known(browser, house, "o-two", 5, "2026-12-14T09:30")
    for visit in (one, two):
        await visit.page.goto(f"{house.links.origin}{CONFIRM}2026-12-15T09:00")
    before = await booked(house)
    await asyncio.gather(*(visit.page.get_by_role("button", name="确认预约").click() for visit in (one, two)))
    headings = [await visit.page.locator("main").inner_text() for visit in (one, two)]
    won = [said for said in headings if "约好了" in said]
    lost = [said for said in headings if "刚刚约满了" in said]
    assert (len(won), len(lost)) == (1, 1)
    assert await booked(house) == before + 1
    loser = one if "刚刚约满了" in headings[0] else two
    times = loser.page.locator(".stack a")
    await expect(times).to_have_count(3)
    await times.first.click()
    await loser.page.get_by_role("button", name="确认预约").click()
    await expect(loser.page.get_by_text("约好了")).to_be_visible()


async def test_a_forged_an_expired_and_a_foreign_link_are_refused_in_words(
    browser: Browser, house: House
) -> None:
    link = house.link("o-links")
    forged = await opened(browser, link[:-5] + "AAAAA")
    await expect(forged.page.get_by_role("heading", level=1)).to_have_text("链接打不开")

    mine = await opened(browser, house.link("o-links", "/h5/bookings"))
    await mine.page.goto(house.link("o-somebody", "/h5/bookings"))
    await expect(mine.page.get_by_role("heading", level=1)).to_have_text("这是发给别人的链接")

    forwarded = await opened(browser, mine_link := house.link("o-links-2"))
    await expect(forwarded.page.get_by_role("heading", level=1)).to_have_text("居民身份证换领")
    elsewhere = await opened(browser, mine_link)
    await expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("链接已经打开过")

    house.clock.now += timedelta(minutes=61)
    expired = await opened(browser, link)
    await expect(expired.page.get_by_role("heading", level=1)).to_have_text("链接过期了")
    for visit in (forged, mine, elsewhere, expired):
        await expect(visit.page.locator("main")).to_contain_text("回公众号发“预约”")
        assert await visit.fits()
        assert await visit.too_small() == []
        assert await visit.findings() == []


async def every_page(
    browser: Browser, house: House, serial: int, clock: str, **how: Any
) -> AsyncIterator[Visit]:
    """A citizen's walk through all their pages."""
    visit = await at(browser, house, f"o-look-{serial}", java_script_enabled=True, **how)
    page = visit.page
    yield visit
    for path in (
        "/h5/book/GA-1?day=2026-12-09",
        "/h5/book/GA-2",
        "/h5/book/GA-1?n=2",
        f"{CONFIRM}2026-12-17T{clock}",
    ):
        await page.goto(f"{house.links.origin}{path}")
        yield visit
    await page.get_by_role("button", name="确认预约").click()
    yield visit
    await fill_in(page, serial, "欧阳修")
    await page.get_by_role("button", name="确认预约").click()
    await expect(page.get_by_text("约好了")).to_be_visible()
    yield visit
    mine = page.url.split("?")[0]
    for path in (
        f"{mine}/move",
        f"{mine}/move/confirm?starts=2026-12-18T09:00",
        f"{mine}/cancel",
        f"{house.links.origin}/h5/bookings",
        f"{house.links.origin}/h5/my-data",
        f"{house.links.origin}{CONFIRM}2026-12-19T09:00",
        f"{house.links.origin}{CONFIRM}2026-12-19T09:00&who=new",
        f"{house.links.origin}{CONFIRM}2026-12-20T09:00",
    ):
        await page.goto(path)
        yield visit
    await page.goto(f"{house.links.origin}/h5/my-data")
    await page.get_by_role("button", name="看全部内容").click()
    yield visit


@pytest.mark.parametrize(
    ("scheme", "width", "percent", "clock"),
    [
        ("light", 390, 100, "09:00"),
        ("dark", 390, 100, "09:30"),
        ("light", 390, 200, "10:00"),
        ("light", 320, 100, "10:30"),
        ("light", 320, 200, "11:00"),
    ],
)
async def test_every_own_page_fits_can_be_touched_and_read(
    browser: Browser, house: House, scheme: str, width: int, percent: int, clock: str
) -> None:
    serial = 10 + int(clock.replace(":", "")) // 10
    async for visit in every_page(browser, house, serial, clock, width=width, color_scheme=scheme):
        if percent > 100:
            await visit.enlarge(percent)
        where = visit.page.url
        assert await visit.fits(), where
        assert await visit.too_small() == [], where
        assert await visit.cut_off() == [], where
        assert await visit.findings() == [], where
        # That something is refused, or filled in wrongly, is itself said on the console.
        assert [said for said in visit.troubles if "40" not in said and "422" not in said] == [], where
