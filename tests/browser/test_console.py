"""The counter and the hall's screen in a browser, by keys alone, live, and after a lost connection."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, LocatorAssertions, Page, expect

from hall.queue import service as queue
from hall.queue.service import QueueTerms, Ticket
from hall.staff.service import Role
from tests.browser.chromium import DESK, Visit, opened
from tests.console.house import PASSWORD, Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SCREEN = 1920
_THREE_SECONDS = timedelta(seconds=3)
# Chromium on a server has no voices: what is handed to it is what a voice would say.
HEAR = """
window.heard = [];
const speak = (said) => { window.heard.push(said.text); setTimeout(() => said.onend?.(), 5); };
const quiet = { getVoices: () => [], cancel() {}, speak };
Object.defineProperty(window, "speechSynthesis", { value: quiet });
"""


@contextlib.asynccontextmanager
async def _stage(directory: Path) -> AsyncIterator[Stage]:
    async with stage(directory, heartbeat=1.0) as running:
        await running.staff()
        await running.staff("zhao", Role.SUPERVISOR)
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def console(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    """The console, its browser started before it."""
    async with _stage(tmp_path) as running:
        yield running
        for context in browser.contexts:
            await context.close()


async def take(console: Stage, count: int, group: str = "A2") -> list[Ticket]:
    """So many people take a number."""
    item = next(code for code, item in console.view.items.items() if item.name == "居民身份证到期换领")
    async with console.session() as session:
        taken = [
            await queue.join(
                session,
                hall="main",
                group=group,
                openid=f"someone-{group}-{number}",
                item_code=item,
                terms=QueueTerms(console.clock()),
            )
            for number in range(count)
        ]
    await console.live.publish("queue:main")
    return taken


async def sit(browser: Browser, console: Stage, login: str = "li.na", window: str = "A 区 5 号窗口") -> Visit:
    """Log in by the keyboard and open a window."""
    visit = await opened(browser, str(console.server.make_url("/console/")), DESK, 860)
    page = visit.page
    await expect(page.get_by_label("登录名")).to_be_focused()
    await page.keyboard.type(login)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name=window).click()
    await expect(page.locator("#connection")).to_have_text("● 实时")
    return visit


def now(page: Page) -> LocatorAssertions:
    return expect(page.locator(".ticket .number"))


def said(page: Page) -> LocatorAssertions:
    return expect(page.locator("#told"))


async def drop(console: Stage) -> None:
    """Cut every connection, as a switch that loses its power."""
    for protocol in console.server.handler.connections:  # type: ignore[union-attr]
        if protocol.transport is not None:
            protocol.transport.abort()


async def test_a_clerk_works_through_the_line_by_keys_alone(browser: Browser, console: Stage) -> None:
    first, second, third, fourth = await take(console, 4)
    visit = await sit(browser, console)
    page = visit.page
    await expect(page.get_by_text("4 人在等")).to_be_visible()

    await page.keyboard.press("1")
    await now(page).to_have_text(first.number)
    await expect(page.locator(".ticket .item")).to_have_text("居民身份证到期换领")
    await page.keyboard.press("1")
    await said(page).to_contain_text("还在窗口")
    await page.wait_for_timeout(2100)  # sooner it is the same press
    await page.keyboard.press("2")
    await said(page).to_contain_text("还能再呼 2 次")
    await page.keyboard.press("5")
    await said(page).to_contain_text("过号")
    await expect(page.get_by_text("窗口空着")).to_be_visible()

    await page.keyboard.press("1")
    await now(page).to_have_text(second.number)
    await page.keyboard.press("6")
    await said(page).to_contain_text("已挂起")

    await page.keyboard.press("1")
    await now(page).to_have_text(third.number)
    await page.keyboard.press("7")
    await expect(page.get_by_label("转到别的队或窗口")).to_be_focused()
    await page.keyboard.type("B1")
    await page.keyboard.press("Enter")
    await said(page).to_contain_text("已转走")

    await page.keyboard.press("1")
    await now(page).to_have_text(fourth.number)
    await page.keyboard.press("3")
    await expect(page.get_by_text("正在办理")).to_be_visible()
    await page.keyboard.press("4")
    await said(page).to_contain_text(f"{fourth.number} 办结")

    await page.get_by_role("button", name="回来了").click()
    await page.keyboard.press("1")
    await now(page).to_have_text(second.number)
    await page.keyboard.press("9")
    await said(page).to_contain_text("没有人在等")

    await page.keyboard.press("8")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("‖ 暂停:短暂离开")).to_be_visible()
    await page.keyboard.press("8")
    await said(page).to_contain_text("恢复服务")
    await page.keyboard.press("0")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="今天在哪个窗口")).to_be_visible()
    # Leaving a page ends its stream; that is no trouble.
    assert [trouble for trouble in visit.troubles if "/live" not in trouble] == []


async def test_two_counters_see_each_other_and_a_key_held_down_is_one_press(
    browser: Browser, console: Stage
) -> None:
    first, second, _ = await take(console, 3)
    one = await sit(browser, console)
    two = await sit(browser, console, "zhao", "A 区 6 号窗口")
    for _ in range(5):
        await one.page.keyboard.down("1")  # down again and again: what a held key sends
    await one.page.keyboard.up("1")
    await now(one.page).to_have_text(first.number)
    await expect(two.page.locator(".next li").first).to_have_text(second.number)
    await two.page.keyboard.press("1")
    await now(two.page).to_have_text(second.number)
    await expect(one.page.locator(".count")).to_have_text("1")


async def test_a_number_typed_in_a_field_is_no_press(browser: Browser, console: Stage) -> None:
    await take(console, 1)
    visit = await sit(browser, console)
    await visit.page.get_by_label("替岗").focus()
    await visit.page.keyboard.press("1")
    await visit.page.wait_for_timeout(300)
    await expect(visit.page.locator(".ticket .number")).to_have_count(0)


async def test_a_lost_connection_says_so_mends_itself_and_misses_nothing(
    browser: Browser, console: Stage
) -> None:
    visit = await sit(browser, console)
    page = visit.page
    await page.context.set_offline(True)
    await drop(console)
    await expect(page.locator("#connection")).to_contain_text("连接断了,正在重连")
    (ticket,) = await take(console, 1)
    await page.keyboard.press("1")
    await said(page).to_contain_text("没有连上")
    await page.context.set_offline(False)
    # The press that was on its way is sent again, once.
    await now(page).to_have_text(ticket.number)
    await expect(page.locator("#connection")).to_have_text("● 实时", timeout=15_000)
    async with console.session() as session:
        board = await queue.board(session, "main", now=console.clock())
    assert [call.number for call in board.calls] == [ticket.number]


async def test_when_the_session_ends_the_page_says_so_and_leads_back(
    browser: Browser, console: Stage
) -> None:
    visit = await sit(browser, console)
    for key in await console.redis.keys("banshi:console:session:*"):
        await console.redis.delete(key)
    await expect(visit.page.locator("#connection")).to_contain_text("登录已过期")
    await visit.page.keyboard.press("1")
    await said(visit.page).to_contain_text("没有执行")
    await visit.page.get_by_role("link", name="重新登录").click()
    await visit.page.get_by_label("登录名").fill("li.na")
    await visit.page.get_by_label("密码").fill(PASSWORD)
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("heading", name="A 区 5 号窗口")).to_be_visible()


async def test_without_scripts_a_window_is_worked_by_its_buttons(browser: Browser, console: Stage) -> None:
    (ticket,) = await take(console, 1)
    visit = await opened(
        browser, str(console.server.make_url("/console/")), DESK, 860, java_script_enabled=False
    )
    page = visit.page
    await page.get_by_label("登录名").fill("li.na")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("button", name="A 区 5 号窗口").click()
    await page.get_by_role("button", name="呼叫下一位").first.click()
    await expect(page.locator(".ticket .number")).to_have_text(ticket.number)
    await page.get_by_role("button", name="办结", exact=False).first.click()
    await expect(page.get_by_text(f"{ticket.number} 办结。")).to_be_visible()


async def screen(browser: Browser, console: Stage, clerk: Page) -> Visit:
    """A wall display under its link, with its sound on."""
    await clerk.goto(str(console.server.make_url("/console/displays")))
    await clerk.get_by_label("大屏在哪里").fill("一楼东")
    await clerk.get_by_role("button", name="生成链接").click()
    link = await clerk.get_by_label("大屏的链接").input_value()
    path = link.split("8080", 1)[1]
    context = await browser.new_context(viewport={"width": SCREEN, "height": 1080})
    context.set_default_timeout(10_000)
    await context.add_init_script(HEAR)
    visit = Visit(await context.new_page())
    await visit.page.goto(str(console.server.make_url("/")).rstrip("/") + path)
    await visit.page.get_by_role("button", name="打开声音").click()
    await expect(visit.page.get_by_role("button", name="声音开着")).to_be_visible()
    return visit


async def heard(page: Page) -> list[str]:
    spoken: list[str] = await page.evaluate("window.heard")
    return spoken[1:]  # the first says that the sound is on


async def until_heard(page: Page, count: int) -> list[str]:
    await page.wait_for_function("count => window.heard.length > count", arg=count, timeout=15_000)
    return await heard(page)


async def call(console: Stage, window: int) -> str:
    """Somebody is called elsewhere in the hall."""
    async with console.session() as session:
        ticket = await queue.call_next(
            session, window_id=window, by="zhao", finish=True, terms=QueueTerms(console.clock())
        )
        assert ticket is not None
    console.clock.forward(_THREE_SECONDS)
    await console.live.publish("queue:main")
    return ticket.number


async def test_the_screen_shows_and_says_every_call_once_also_across_lost_connections(
    browser: Browser, console: Stage
) -> None:
    await take(console, 8)
    clerk = await sit(browser, console, "zhao")
    window = int(clerk.page.url.rsplit("/", 1)[1])
    await call(console, window)
    wall = await screen(browser, console, clerk.page)
    page = wall.page
    # What was called before the screen was there is shown and not said.
    await expect(page.locator(".newest .number")).to_have_text("A2001")
    await call(console, window)
    await expect(page.locator(".newest .number")).to_have_text("A2002")
    await expect(page.locator(".newest .window")).to_have_text("A 区 5 号窗口")
    assert await until_heard(page, 1) == ["请 A 二 零 零 二 号,到 A 区 5 号窗口"]

    await page.context.set_offline(True)
    await drop(console)
    await expect(page.locator("#connection")).to_contain_text("连接断了,正在重连")
    await call(console, window)
    await call(console, window)
    assert len(await heard(page)) == 1
    await page.context.set_offline(False)
    spoken = await until_heard(page, 3)
    await call(console, window)
    spoken = await until_heard(page, 4)
    assert spoken == [f"请 A 二 零 零 {figure} 号,到 A 区 5 号窗口" for figure in "二三四五"]

    for _ in range(3):
        await drop(console)
        await page.wait_for_timeout(300)
    await expect(page.locator("#connection")).to_have_text("", timeout=15_000)
    await page.wait_for_timeout(1500)
    assert len(await heard(page)) == 4
    # Recalled, it is said again: that is a call of its own.
    async with console.session() as session:
        await queue.recall(session, window_id=window, by="zhao", terms=QueueTerms(console.clock()))
    await console.live.publish("queue:main")
    assert (await until_heard(page, 5))[-1] == "请 A 二 零 零 五 号,到 A 区 5 号窗口"


async def test_a_screen_whose_link_is_revoked_stops(browser: Browser, console: Stage) -> None:
    clerk = await sit(browser, console, "zhao")
    wall = await screen(browser, console, clerk.page)
    await clerk.page.get_by_role("button", name="停用").click()
    await expect(wall.page.locator("#connection")).to_contain_text("链接停用了")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_read_without_a_fault_and_the_screen_never_scrolls(
    browser: Browser, console: Stage, scheme: str
) -> None:
    for group, count in (("A2", 3), ("B1", 2), ("C1", 2), ("C3", 2), ("A3", 2), ("B2", 1), ("C2", 1)):
        await take(console, count, group)
    async with console.session() as session:
        for name in ("C 区 7 号窗口", "C 区 8 号窗口", "C 区 9 号窗口"):
            terms = QueueTerms(console.clock())
            window = await queue.open_window(session, hall="main", group="C3", name=name, by="x", terms=terms)
            await queue.pause_window(session, window_id=window.id, by="x", reason="开会", terms=terms)
    visit = await opened(browser, str(console.server.make_url("/console/")), DESK, 860, color_scheme=scheme)
    page = visit.page
    assert await visit.findings() == []
    await page.get_by_label("登录名").fill("zhao")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="今天在哪个窗口").wait_for()
    assert await visit.findings() == []
    assert await visit.fits()
    await page.get_by_role("button", name="A 区 5 号窗口").click()
    await expect(page.locator("#connection")).to_have_text("● 实时")
    await page.keyboard.press("1")
    await now(page).to_have_text("A2001")
    assert await visit.findings() == []
    assert await visit.fits()
    assert await visit.too_small(28) == []
    keys = await page.locator(".key").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(keys) >= 48
    for path in ("/console/displays", "/console/password", "/console/nowhere"):
        await page.goto(str(console.server.make_url(path)))
        assert await visit.findings() == [], path
    for width, height in ((SCREEN, 1080), (3840, 2160), (1366, 768)):
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(str(console.server.make_url("/console/display/main")))
        await expect(page.locator(".newest .number")).to_have_text("A2001")
        assert await visit.findings() == []
        assert await visit.fits()
        assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        for part in (".coming", ".calls", ".before"):
            full = await page.locator(part).evaluate("e => e.scrollHeight - e.clientHeight")
            assert full <= 1, part
        number = await page.locator(".newest .number").bounding_box()
        assert number is not None
        # Ten metres need a two-hundredth of it: 5 cm, on a screen 68 cm high a thirteenth.
        assert number["height"] > height / 10
