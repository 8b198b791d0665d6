"""Makes the README's pictures anew: `python -m tests.browser.screenshots` writes them to docs/images/."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, expect

from bot.clock import running_from
from bot.h5.signing import Links
from bot.settings import DEVELOPMENT_SECRET
from nlu.training.project import Project
from nlu.training.train import ensure
from tests.bot.h5.centre import ROOT
from tests.bot.h5.own_house import id_number
from tests.browser.chromium import DESK, PHONE, chromium, opened
from tests.browser.houses import whole_product
from tests.browser.screenshots_hall import hall_pictures
from tests.browser.talking import Phone, phone

IMAGES = ROOT / "docs" / "images"
# A Tuesday morning in the opening hours, so that the pictures do not change with the hour they are made.
TUESDAY = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)


async def main() -> None:
    """Start the product with the demo centre, drive it, and keep what is seen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    models = ROOT / "models"
    await ensure(Project.at(ROOT), models, progress=print, now=datetime.now(UTC))
    with tempfile.TemporaryDirectory() as directory:
        async with (
            chromium() as browser,
            whole_product(Path(directory), models, running_from(TUESDAY)) as address,
        ):
            await _simulator_on_a_phone(browser, address)
            await _simulator_on_a_desk(browser, address)
            await _pages(browser, address)
            await _own_pages(browser, address)
            await hall_pictures(browser, address, Path(directory), running_from(TUESDAY), _keep)
    for picture in sorted(IMAGES.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1024} KB")


async def _simulator_on_a_phone(browser: Browser, address: str) -> None:
    one = await phone(browser, address, PHONE)
    await one.follow()
    await one.say("身份证快到期了咋换啊")
    await _keep(one.page, "simulator-390")


async def _simulator_on_a_desk(browser: Browser, address: str) -> None:
    one = await phone(browser, address, DESK, 860)
    await one.tap("材料明细")
    await one.tap("16 周岁以上本人")
    two = Phone(one.visit, one.page.locator(".phone").nth(1))
    await two.follow()
    await two.say("停车方便吗")
    await expect(one.page.get_by_role("tablist")).to_be_visible()
    await _keep(one.page, "simulator-1280")


async def _pages(browser: Browser, address: str) -> None:
    for name, path in (("h5-index-390", ""), ("h5-item-390", "items/GA-0101?age=adult&home=local")):
        visit = await opened(browser, f"{address}/h5/{path}", height=1400)
        await _keep(visit.page, name)


async def _own_pages(browser: Browser, address: str) -> None:
    """Booking with a tap, by day and by night: the calendar, the last look, what one shows at the desk."""
    links = Links([DEVELOPMENT_SECRET], address)
    for number, scheme in enumerate(("light", "dark")):
        name = "" if scheme == "light" else f"-{scheme}"
        link = links.sign("/h5/book/GA-0101?hall=main", f"oScreenshots{number}", TUESDAY)
        visit = await opened(browser, link, height=1180, color_scheme=scheme)
        page = visit.page
        await page.get_by_role("link", name="12月3日").click()
        await _keep(page, f"h5-calendar-390{name}")
        await page.get_by_role("link", name="9:30").click()
        await page.get_by_label("姓名").fill("欧阳修")
        await page.get_by_label("身份证号").fill(id_number(number))
        await page.get_by_label("手机号").fill("13800138000")
        await page.get_by_role("checkbox").check()
        await _keep(page, f"h5-confirm-390{name}")
        await page.get_by_role("button", name="确认预约").click()
        await page.get_by_text("约好了").wait_for()
        await _keep(page, f"h5-booking-390{name}")


async def _keep(page: Page, name: str) -> None:
    path = IMAGES / f"{name}.png"
    await page.evaluate("document.activeElement.blur()")
    await page.wait_for_timeout(400)  # what slides has come to rest
    await page.screenshot(path=path)
    # 256 colours are enough for type and a third of the size.
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    asyncio.run(main())
