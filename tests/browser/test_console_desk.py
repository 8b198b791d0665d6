"""The desk's pages in a browser: without scripts wherever the page itself is meant; looked at by axe."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from console.pages.codes import CODES, CodeMaker
from hall.appointments.service import appeal
from hall.notices.alarms import ring
from hall.queue.models import QueueHour
from hall.queue.service import QueueTerms, join
from hall.staff.service import Role
from tests.browser.chromium import DESK, Visit, opened
from tests.console.desk import TUESDAY, booked, citizen, missed
from tests.console.house import PASSWORD, Stage, stage
from tests.console.test_notices import notice

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

# Set to keep pictures of what was looked at.
PICTURES = os.environ.get("BANSHI_TEST_PICTURES", "")
PAGES = {
    "bookings-today": "/console/bookings",
    "bookings": "/console/bookings?day=2026-12-02",
    "bookings-none": "/console/bookings?day=2026-12-05",
    "booking": "/console/bookings/1?to=2026-12-03",
    "penalties": "/console/penalties",
    "rooms": "/console/calendar",
    "rooms-group": "/console/calendar/group?group=A2&day=2026-12-02",
    "days": "/console/calendar/days",
    "years": "/console/calendar/years",
    "notices": "/console/notices",
    "queue-day": "/console/queue-day?group=A2",
    "codes": "/console/codes",
    "codes-sheet": "/console/codes/sheet?group=A2",
    "staffing": "/console/staffing",
    "audit": "/console/audit",
}


@contextlib.asynccontextmanager
async def _stage(directory: Path) -> AsyncIterator[Stage]:
    async with stage(directory, heartbeat=1.0) as running:
        await running.staff("boss", Role.ADMIN, "")

        async def make(scene: str) -> str:
            return f"http://weixin.qq.com/q/{scene}"

        running.app._state[CODES] = CodeMaker(make)  # the application is frozen once it runs
        await running.redis.set("banshi:console:scene:queue:main:A2", "http://weixin.qq.com/q/02abcdefgh")
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def console(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    async with _stage(tmp_path) as running:
        yield running
        for context in browser.contexts:
            await context.close()


async def lived_in(console: Stage) -> None:
    """A day with something on every page."""
    names = ("欧阳静思", "张伟", "王小明")
    numbers = ("110101199001011237", "110101199003074514", "11010119900307301X")
    people = [
        await citizen(console, f"o-{count}", name=name, number=number)
        for count, (name, number) in enumerate(zip(names, numbers, strict=True))
    ]
    for person, clock in zip(people, ("09:30", "10:00", "14:00"), strict=True):
        await booked(console, person, clock)
    await missed(console, people[1], *(date(2026, 11, day) for day in (25, 26, 27)))
    await notice(console)
    now = console.clock()
    async with console.session() as session:
        await appeal(session, console.house.vault.seal, people[1], "那几天孩子住院,没法过来。", now=now)
        until = now + timedelta(hours=1)
        cause = "isv.AMOUNT_NOT_ENOUGH"
        await ring(session, channel="sms", cause=cause, kind="", message="x", closed_until=until, now=now)
        for number in range(4):
            await join(session, hall="main", group="A2", openid=f"w-{number}", terms=QueueTerms(now))
        for week, hour in ((1, 9), (2, 9), (1, 10), (2, 10)):
            day = TUESDAY - timedelta(weeks=week)
            key = {"hall_code": "main", "group_code": "A2", "day": day, "hour": hour}
            session.add(QueueHour(**key, taken=12 + hour, called=10, waited_minutes=14.0))


async def inside(
    browser: Browser, console: Stage, path: str = "/console/bookings", **how: bool | str
) -> Visit:
    """Through the log-in, by the keyboard."""
    visit = await opened(browser, str(console.server.make_url(path)), DESK, 860, **how)
    await visit.page.get_by_label("登录名").fill("boss")
    await visit.page.get_by_label("密码").fill(PASSWORD)
    await visit.page.keyboard.press("Enter")
    await visit.page.wait_for_url(f"**{path}")
    return visit


async def keep(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_readable_fits_and_has_no_serious_findings(
    browser: Browser, console: Stage, scheme: str
) -> None:
    await lived_in(console)
    visit = await inside(browser, console, color_scheme=scheme)
    for name, path in PAGES.items():
        response = await visit.page.goto(str(console.server.make_url(path)))
        assert response is not None
        assert response.status == 200, name
        await keep(visit.page, f"{name}-{scheme}")
        await visit.unfold()
        assert await visit.findings() == [], name
        assert await visit.fits(), name
    assert visit.troubles == []


async def test_a_code_is_typed_at_the_desk_without_scripts(browser: Browser, console: Stage) -> None:
    one = await booked(console, await citizen(console), "10:30", TUESDAY)
    visit = await inside(browser, console, java_script_enabled=False)
    page = visit.page
    await page.get_by_label("签到码").fill("1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("没有这个签到码,请核对 8 位数字。")
    await expect(page.get_by_label("签到码")).to_have_value("1")
    await page.get_by_label("签到码").fill(one.code)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("签到好了:A2001 号")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("已签到")


async def test_a_booking_is_opened_shown_for_a_reason_and_moved_without_scripts(
    browser: Browser, console: Stage
) -> None:
    await booked(console, await citizen(console))
    visit = await inside(browser, console, java_script_enabled=False)
    page = visit.page
    await page.get_by_role("link", name="后一天").click()
    await page.get_by_role("link", name="打开 9:30 欧**思 的预约").click()
    await page.get_by_text("查看完整信息").click()
    await page.get_by_label("姓名").check()
    await page.get_by_label("为什么要看").fill("核对证件")
    await page.get_by_role("button", name="显示").click()
    await expect(page.get_by_text("欧阳静思")).to_be_visible()
    await page.get_by_label("改到哪天").fill("2026-12-04")
    await page.get_by_role("button", name="看空号").click()
    await page.get_by_label("10:00").check()
    await page.locator("#move-why").fill("窗口停电")
    await page.get_by_role("button", name="改到这个时间").click()
    await expect(page.get_by_role("status")).to_have_text("预约已改到 12月4日(周五)10:00,会告诉本人。")
    await expect(page.get_by_text("欧阳静思")).to_have_count(0)


async def test_a_day_with_bookings_is_closed_after_the_choice_without_scripts(
    browser: Browser, console: Stage
) -> None:
    await booked(console, await citizen(console))
    visit = await inside(browser, console, "/console/calendar/days", java_script_enabled=False)
    page = visit.page
    await page.get_by_label("从", exact=True).fill("2026-12-02")
    await page.get_by_label("停业", exact=True).check()
    await page.get_by_label("说明(会告诉约了号的人)").fill("电路检修")
    await page.get_by_role("button", name="设好").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("有 1 个预约受影响")
    await expect(page.get_by_text("还没有改动任何安排")).to_be_visible()
    await keep(page, "affected")
    await page.get_by_label("全部取消,告诉本人另约").check()
    await page.get_by_role("button", name="就这样办").click()
    await expect(page.get_by_role("status")).to_contain_text("取消 1 个预约,都会告诉本人")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("电路检修")


async def test_a_file_is_read_into_the_field_that_one_can_look_over(
    browser: Browser, console: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "2027.csv"
    file.write_bytes("date,open,hours,note\n2027-01-01,否,,元旦\n2027-02-05,否,,春节".encode("gb18030"))
    visit = await inside(browser, console, "/console/calendar/years")
    page = visit.page
    await page.get_by_label("或者选一个文件").set_input_files(file)
    await expect(page.get_by_label("日子(CSV 或 JSON)")).to_have_value(
        "date,open,hours,note\n2027-01-01,否,,元旦\n2027-02-05,否,,春节"
    )
    await page.get_by_label("依据").fill("国办发明电〔2026〕7号")
    await page.get_by_role("button", name="公布").click()
    await expect(page.get_by_role("status")).to_contain_text("2027 年已经公布:写入 2 天")
    assert visit.troubles == []


async def test_a_code_is_made_and_its_sheet_is_one_page_of_a4(browser: Browser, console: Stage) -> None:
    visit = await inside(browser, console, "/console/codes")
    page = visit.page
    await page.get_by_role("button", name="生成 整个大厅").click()
    await expect(page.get_by_role("heading", name="微信扫码取号")).to_be_visible()
    pdf = await page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
    if PICTURES:
        (Path(PICTURES) / "sheet.pdf").write_bytes(pdf)


async def test_staff_are_added_and_the_password_stands_there_once(browser: Browser, console: Stage) -> None:
    visit = await inside(browser, console, "/console/staffing", java_script_enabled=False)
    page = visit.page
    adding = page.get_by_role("region", name="加一位")
    await adding.get_by_label("登录名").fill("wang.fang")
    await adding.get_by_label("姓名").fill("王芳")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("只显示这一次")
    await keep(page, "staffing-once")
    await page.get_by_role("link", name="人员").click()
    await expect(page.get_by_role("status")).to_have_count(0)
    await expect(page.get_by_role("row", name="王芳")).to_contain_text("等改密码")
