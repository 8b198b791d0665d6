"""The page in headless Chromium, against a tiny server."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from simulator.app import create_app
from simulator.standalone import Simulator
from tests.simulator.bots import Bot, Push, envelope, running_bot, text_reply

# one Chromium for all of them: starting it takes longer than most of these tests
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MENU = {
    "button": [
        {
            "name": "办事",
            "sub_button": [
                {"type": "click", "name": "办事指南", "key": "guide"},
                {"type": "pic_photo_or_album", "name": "拍材料", "key": "photo"},
                {"type": "scancode_waitmsg", "name": "扫码取号", "key": "scan"},
            ],
        },
        {"type": "click", "name": "我的", "key": "mine"},
    ]
}


async def answer(push: Push) -> bytes | str:
    said = push.get("Recognition") or push.get("Content") or push.get("EventKey")
    if said == "慢":
        await asyncio.sleep(1)
    if push.get("Event") in ("LOCATION", "unsubscribe", "subscribe_msg_popup_event"):
        return "success"
    if said == "坏":
        return b"<xml"
    text = (
        f'{push.get("MsgType")}:{said} <b>粗</b> <a href="javascript:alert(1)">坏链接</a>\n'
        '<a href="weixin://bizmsgmenu?msgmenucontent=预约&msgmenuid=4">4 预约</a> '
        f'<a href="{PAGE_URL[0]}">完整指南</a>'
    )
    return envelope(text_reply(push.openid, text))


PAGE_URL = [""]


@pytest_asyncio.fixture(loop_scope="module")
async def bot() -> AsyncIterator[Bot]:
    async with running_bot(answer) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def sim(bot: Bot) -> AsyncIterator[Simulator]:
    async with Simulator(bot.url, answer_seconds=2.0) as simulator:
        PAGE_URL[0] = f"{simulator.url}/connect/oauth2/authorize"
        yield simulator


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def closed_pages(browser: Browser) -> AsyncIterator[None]:
    yield
    for context in browser.contexts:
        await context.close()


class Visit:
    """A page and what went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.troubles.append(message.text) if message.type in ("error", "warning") else None
            ),
        )


async def visit(browser: Browser, url: str, width: int, height: int = 844) -> Visit:
    context = await browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(8000)
    opened = Visit(await context.new_page())
    await opened.page.goto(f"{url}/")
    await opened.page.wait_for_selector(".phone")
    return opened


async def call(sim: Simulator, path: str, body: Any) -> dict[str, Any]:
    token = sim.platform.tokens.stable(sim.platform.now()).value
    url = f"{sim.api_base}/cgi-bin/{path}?access_token={token}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=json.dumps(body, ensure_ascii=False).encode()) as response,
    ):
        fields: dict[str, Any] = await response.json(content_type=None)
        return fields


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def test_a_citizen_follows_talks_and_taps_on_a_phone(
    browser: Browser, sim: Simulator, bot: Bot
) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    box = await page.locator(".phone").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844)
    await page.get_by_role("button", name="关注公众号").click()
    passive = page.locator('[data-via="passive"]')
    await expect(passive).to_have_count(1)
    await expect(passive.last).to_contain_text("被动回复")
    await expect(page.get_by_text("banshi menu push")).to_be_visible()

    await page.get_by_role("textbox", name="消息").fill("身份证到期了")
    await page.keyboard.press("Enter")
    await expect(passive.last).to_contain_text("text:身份证到期了 <b>粗</b>")
    assert await page.locator(".bubble b, .bubble script").count() == 0
    assert await page.get_by_role("link", name="坏链接").count() == 0

    await passive.last.get_by_role("button", name="4 预约").click()
    await expect(passive).to_have_count(3)
    assert (bot.pushes[-1].get("Content"), bot.pushes[-1].get("bizmsgmenuid")) == ("预约", "4")

    await page.get_by_role("textbox", name="消息").fill("慢")
    await page.get_by_role("button", name="发送", exact=True).click()
    await expect(page.locator(".working")).to_be_visible()
    await expect(passive).to_have_count(4)
    await expect(page.locator(".working")).to_be_hidden()

    await page.get_by_role("textbox", name="消息").fill("坏")
    await page.keyboard.press("Enter")
    await expect(page.locator(".note").last).to_contain_text("该公众号暂时无法提供服务")
    assert await fits(page)
    assert opened.troubles == []


async def test_voice_photo_scan_place_and_subscription(browser: Browser, sim: Simulator, bot: Bot) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)

    await page.get_by_role("button", name="发语音").click()
    await page.get_by_role("textbox", name="微信听成的文字").fill("我要办居住证")
    await page.get_by_role("button", name="发送语音").click()
    await expect(page.locator(".heard").last).to_have_text("识别:我要办居住证")
    assert bot.pushes[-1].get("Recognition") == "我要办居住证"

    await page.get_by_role("button", name="发语音").click()
    await page.get_by_role("checkbox", name="带语音识别结果").uncheck()
    await page.get_by_role("button", name="发送语音").click()
    await expect(page.locator(".heard").last).to_have_text("没有识别结果")
    assert b"<Recognition>" not in bot.pushes[-1].plain

    photo = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(photo, "PNG")
    await page.locator(".picker").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    await expect(page.locator(".picture img")).to_have_count(1)
    await sim.wait_for(openid, "passive", count=4)
    media = sim.platform.media.get(bot.pushes[-1].get("MediaId"), sim.platform.now())
    assert media.data == photo.getvalue()

    async def tray(name: str) -> None:
        if await page.locator(".tray").is_hidden():
            await page.get_by_role("button", name="更多功能").click()
        await page.get_by_role("button", name=name, exact=True).click()

    await tray("示例照片")
    await page.get_by_role("button", name="营业执照").click()
    await expect(page.locator(".picture img")).to_have_count(2)
    await tray("扫一扫")
    await page.get_by_role("textbox", name="场景值").fill("hall-main")
    await page.get_by_role("button", name="扫这个码").click()
    await tray("位置")
    await page.get_by_role("button", name="只上报位置(LOCATION 事件)").click()
    await expect(page.locator(".note").last).to_contain_text("上报位置")
    await tray("订阅通知")
    await page.get_by_role("button", name="允许").click()
    await expect(page.locator(".note").last).to_contain_text("同意订阅")
    events = [p.get("Event") for p in bot.pushes]
    assert {"SCAN", "LOCATION", "subscribe_msg_popup_event"} <= set(events)
    assert sim.platform.consents.of(openid) == {"sim-subscribe-calling": 1, "sim-subscribe-result": 1}
    assert opened.troubles == []


async def test_the_menu_the_server_pushed(browser: Browser, sim: Simulator, bot: Bot) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)
    assert (await call(sim, "menu/create", MENU))["errcode"] == 0
    await page.get_by_role("button", name="办事", exact=True).click()
    await page.get_by_role("button", name="办事指南").click()
    await expect(page.locator(".note").last).to_have_text("点击菜单「办事指南」")
    assert bot.pushes[-1].get("EventKey") == "guide"
    await page.get_by_role("button", name="办事", exact=True).click()
    await page.keyboard.press("Escape")
    await expect(page.locator(".menu-list").first).to_be_hidden()
    await page.get_by_role("button", name="办事", exact=True).click()
    await page.get_by_role("button", name="扫码取号").click()
    await page.get_by_role("textbox", name="扫到的内容").fill("SN-1")
    await page.get_by_role("button", name="确定").click()
    await sim.wait_for(openid, "passive", count=3)
    assert bot.pushes[-1].get("ScanResult") == "SN-1"
    await page.get_by_role("button", name="切换到键盘").click()
    await expect(page.get_by_role("textbox", name="消息")).to_be_focused()
    assert opened.troubles == []


async def test_each_way_of_sending_is_told_apart(browser: Browser, sim: Simulator) -> None:
    opened = await visit(browser, sim.url, 1280, 800)
    page = opened.page
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)
    await sim.acts.answer_popup(openid, {"sim-subscribe-calling": True})
    await call(sim, "message/custom/typing", {"touser": openid, "command": "Typing"})
    await expect(page.get_by_text("对方正在输入…")).to_be_visible()
    choices = {"head_content": "有用吗", "list": [{"id": "1", "content": "有用"}], "tail_content": ""}
    await call(sim, "message/custom/send", {"touser": openid, "msgtype": "msgmenu", "msgmenu": choices})
    template = {
        "thing1": {"value": "身份证换领"},
        "time2": {"value": "12月2日 09:30"},
        "thing3": {"value": "一楼 A 区"},
        "character_string4": {"value": "A-12"},
    }
    await call(
        sim,
        "message/template/send",
        {"touser": openid, "template_id": "sim-template-appointment", "data": template},
    )
    calling = {
        "character_string1": {"value": "A012"},
        "thing2": {"value": "5 号窗口"},
        "number3": {"value": 3},
        "thing4": {"value": "请到等候区"},
    }
    await call(
        sim,
        "message/subscribe/bizsend",
        {"touser": openid, "template_id": "sim-subscribe-calling", "data": calling},
    )
    phone = page.locator(".phone").first
    for way, words in (
        ("passive", "被动回复"),
        ("custom", "客服消息"),
        ("template", "模板消息"),
        ("subscribe", "订阅通知"),
    ):
        label = phone.locator(f".way-{way}").last
        await expect(label).to_contain_text(words)
        assert await label.locator("use").get_attribute("href") == f"#i-{way}"
    await expect(page.get_by_text("对方正在输入…")).to_be_hidden()
    await phone.get_by_role("button", name="有用").click()
    await sim.wait_for(openid, "citizen", count=1)
    assert sim.received(openid, "citizen")[0].text == "有用"
    assert opened.troubles == []


async def test_two_phones_and_the_panel_side_by_side(browser: Browser, sim: Simulator) -> None:
    opened = await visit(browser, sim.url, 1280, 800)
    page = opened.page
    await expect(page.locator(".phone")).to_have_count(2)
    await expect(page.get_by_role("tablist")).to_be_visible()
    assert await fits(page)
    for phone in await page.locator(".phone").all():
        box = await phone.bounding_box()
        assert box is not None
        assert box["width"] >= 380

    await page.get_by_role("tab", name="故障").click()
    await page.get_by_role("button", name="客服消息:窗口已关一次").click()
    await expect(page.locator(".fault-list")).to_contain_text("返回错误码 45015")
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)
    body = {"touser": openid, "msgtype": "text", "text": {"content": "一"}}
    assert (await call(sim, "message/custom/send", body))["errcode"] == 45015
    await expect(page.locator(".fault-list")).to_contain_text("现在没有故障")

    await page.get_by_role("tab", name="凭证").click()
    await page.get_by_role("button", name="让当前凭证失效").click()
    await expect(page.locator(".tab-body")).to_contain_text("已失效 40001")
    await page.get_by_role("tab", name="设置").click()
    await page.get_by_role("button", name="校验服务器地址").click()
    await expect(page.locator(".toast")).to_contain_text("Token 校验成功")
    await page.get_by_role("tab", name="日志").click()
    row = page.locator(".log details", has_text="message/custom/send")
    await row.locator("summary").click()
    await expect(row.locator("pre").first).to_be_visible()
    await expect(row).to_contain_text("45015")

    first = page.locator(".phone").first
    await first.get_by_role("button", name="换一位市民").click()
    await page.get_by_role("textbox", name="再加一位").fill("周文静")
    await page.get_by_role("button", name="添加").click()
    await expect(first.locator(".who-name")).to_have_text("周文静")
    await first.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="关上这部手机").click()
    await expect(page.locator(".phone")).to_have_count(1)
    assert opened.troubles == []


async def test_the_service_desk_answers_from_the_page(browser: Browser, sim: Simulator, bot: Bot) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)

    async def transfer(push: Push) -> bytes:
        text = text_reply(push.openid, "x")
        return envelope(text.replace(b"[text]", b"[transfer_customer_service]"))

    bot.answer = transfer
    await sim.acts.say(openid, "人工")
    await expect(page.locator(".typing-note")).to_have_text("人工客服接待中")
    await page.get_by_role("button", name="更多", exact=True).click()
    await page.get_by_role("button", name="以客服身份回复").click()
    await page.get_by_role("textbox", name="客服说的话").fill("您好,我是小安")
    await page.get_by_role("button", name="发送", exact=True).click()
    await expect(page.locator('[data-via="desk"]')).to_contain_text("您好,我是小安")
    await expect(page.locator('[data-via="desk"]')).to_contain_text("人工客服")
    assert opened.troubles == []


async def test_media_can_be_aged_from_the_panel(browser: Browser, sim: Simulator) -> None:
    opened = await visit(browser, sim.url, 1280, 800)
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "PNG")
    await sim.acts.image(openid, picture.getvalue())
    await opened.page.get_by_role("tab", name="媒体").click()
    await opened.page.get_by_role("button", name="让它过期").click()
    await expect(opened.page.locator(".tab-body")).to_contain_text("已过期")
    assert opened.troubles == []


async def test_the_panel_is_a_sheet_on_a_small_screen(browser: Browser, sim: Simulator) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    await expect(page.locator(".panel")).to_be_hidden()
    await page.get_by_role("button", name="更多", exact=True).click()
    await page.get_by_role("button", name="平台面板").click()
    await expect(page.get_by_role("tab", name="日志")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="故障")).to_have_attribute("aria-selected", "true")
    assert await fits(page)
    await page.get_by_role("button", name="回到手机").click()
    await expect(page.locator(".panel")).to_be_hidden()
    assert opened.troubles == []


async def test_a_page_of_this_machine_opens_in_the_phone_as_its_citizen(
    browser: Browser, sim: Simulator
) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    openid = sim.platform.citizens.everyone()[0].openid
    target = (
        f"{sim.url}/connect/oauth2/authorize?appid=wxba5fad812f8e6fb9&response_type=code&scope=snsapi_base"
        f"&state=a1&redirect_uri={sim.url}/static/icon.svg"
    )
    PAGE_URL[0] = target.replace("&", "&amp;")
    await sim.acts.follow(openid)
    await page.get_by_role("link", name="完整指南").click()
    frame = page.frame_locator("iframe.web")
    await expect(frame.locator("svg")).to_be_visible()
    inside = page.frames[-1].url
    assert "code=" in inside
    code = inside.split("code=")[1].split("&")[0]
    assert sim.platform.codes.exchange(code, sim.platform.now()).openid == openid
    await page.get_by_role("button", name="关闭").click()
    await expect(page.locator("iframe.web")).to_have_count(0)
    assert opened.troubles == []


async def test_touch_targets_are_44_pixels(browser: Browser, sim: Simulator) -> None:
    opened = await visit(browser, sim.url, 390)
    page = opened.page
    openid = sim.platform.citizens.everyone()[0].openid
    await sim.acts.follow(openid)
    await call(sim, "menu/create", MENU)
    await page.get_by_role("button", name="切换到键盘").click()
    await page.get_by_role("button", name="更多功能").click()
    small = await page.evaluate(
        """[...document.querySelectorAll('button, textarea')]
            .filter((e) => e.offsetParent && !e.closest('.bubble'))
            .filter((e) => e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44)
            .map((e) => e.outerHTML)"""
    )
    assert small == []


async def test_it_works_when_mounted_under_another_name(browser: Browser, bot: Bot) -> None:
    from simulator.settings import SimulatorSettings

    settings = SimulatorSettings(
        callback_url=bot.url,
        appid="wxba5fad812f8e6fb9",
        secret="s",
        token="simulatortoken",
        aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    )
    root = web.Application()
    root.add_subapp("/dev/wechat", create_app(settings))
    runner = web.AppRunner(root, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        opened = await visit(browser, f"http://127.0.0.1:{runner.addresses[0][1]}/dev/wechat", 390)
        await opened.page.get_by_role("button", name="关注公众号").click()
        await expect(opened.page.locator('[data-via="passive"]')).to_have_count(1)
        assert opened.troubles == []
    finally:
        await runner.cleanup()
