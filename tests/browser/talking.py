"""A citizen on the simulator's phone, by what a person would touch."""

from __future__ import annotations

from playwright.async_api import Browser, FrameLocator, Locator, Page, expect

from tests.browser.chromium import Visit, opened


class Phone:
    """One phone of the simulator's page. `answers` are the passive replies on it."""

    def __init__(self, visit: Visit, frame: Locator) -> None:
        self.visit = visit
        self.frame = frame

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def answers(self) -> Locator:
        return self.frame.locator('[data-via="passive"]')

    async def follow(self) -> None:
        await self.frame.get_by_role("button", name="关注公众号").click()
        await expect(self.answers).to_have_count(1)

    async def say(self, text: str) -> Locator:
        """Send a text; the answer's bubble."""
        before = await self.answers.count()
        if not await self.frame.get_by_role("textbox", name="消息").is_visible():
            await self.frame.get_by_role("button", name="切换到键盘").click()
        await self.frame.get_by_role("textbox", name="消息").fill(text)
        await self.page.keyboard.press("Enter")
        return await self.answered(before)

    async def tap(self, choice: str) -> Locator:
        """Tap a choice of the last answer, by its words; the next answer's bubble."""
        before = await self.answers.count()
        await self.answers.last.get_by_role("button", name=choice).click()
        return await self.answered(before)

    async def speak(self, words: str) -> Locator:
        """A voice message that WeChat hears as `words`."""
        before = await self.answers.count()
        await self.frame.get_by_role("button", name="发语音").click()
        await self.frame.get_by_role("textbox", name="微信听成的文字").fill(words)
        await self.frame.get_by_role("button", name="发送语音").click()
        return await self.answered(before)

    async def photo(self, picture: bytes) -> Locator:
        before = await self.answers.count()
        file = {"name": "photo.png", "mimeType": "image/png", "buffer": picture}
        await self.frame.locator(".picker").set_input_files(file)  # type: ignore[arg-type]
        return await self.answered(before)

    async def scan(self, scene: str) -> str:
        """Scan a QR code of this scene, as one that hangs in a hall; the words of the answer."""
        before = await self.answers.count()
        if not await self.frame.get_by_role("button", name="扫一扫").is_visible():
            if not await self.frame.locator(".plus").is_visible():
                await self.frame.get_by_role("button", name="切换到键盘").click()
            await self.frame.locator(".plus").click()
        await self.frame.get_by_role("button", name="扫一扫").click()
        await self.frame.get_by_label("场景值").fill(scene)
        await self.frame.get_by_role("button", name="扫这个码").click()
        return await (await self.answered(before)).inner_text()

    async def menu(self, name: str, entry: str) -> Locator:
        before = await self.answers.count()
        if not await self.frame.get_by_role("button", name=name, exact=True).is_visible():
            await self.frame.get_by_role("button", name="切换到菜单").click()
        await self.frame.get_by_role("button", name=name, exact=True).click()
        await self.frame.get_by_role("button", name=entry).click()
        return await self.answered(before)

    async def follow_link(self, name: str) -> FrameLocator:
        """Tap a link of the last answer; the page that opens in the phone."""
        await self.answers.last.get_by_role("link", name=name).click()
        return self.frame.frame_locator("iframe.web")

    async def answered(self, before: int) -> Locator:
        await expect(self.answers).to_have_count(before + 1, timeout=15_000)
        await expect(self.frame.locator(".working")).to_be_hidden()
        return self.answers.last


async def phone(browser: Browser, address: str, width: int, height: int = 844) -> Phone:
    """The simulator's page at this width; its first phone."""
    visit = await opened(browser, f"{address}/simulator/", width, height)
    first = visit.page.locator(".phone").first
    await first.wait_for()
    return Phone(visit, first)
