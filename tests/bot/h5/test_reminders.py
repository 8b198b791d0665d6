"""The page where WeChat's reminders are allowed: its words, its headers, the signature, what is left."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.h5.reminders import SDK, Popups, askings, told_by
from bot.notices.templates import Template
from bot.wechat.errors import Unavailable
from bot.wechat.jssdk import signature
from hall.db import create_sessions
from hall.notices import consents
from hall.notices.consents import Left
from hall.notices.kinds import Kind
from tests.bot.h5.own_house import Browser, House, opened_house
from tests.bot.h5.test_pages import Outline

OPENID = "oCitizenOfReminders000001"
WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50 WeChat/arm64"}
CALLS, VISIT = Template(id="t-calls"), Template(id="t-visit")
SUBSCRIPTIONS = {Kind.CALLING_SOON: CALLS, Kind.CALLED: CALLS, Kind.REMINDER_EVENING: VISIT}
PLAIN = "default-src 'none'; style-src 'self'; img-src data:; "


async def ticket() -> str:
    return "ticket-1"


async def no_ticket() -> str:
    raise Unavailable(0, "away")


@pytest.fixture
async def made(
    engine: AsyncEngine, redis: Redis
) -> AsyncIterator[Callable[[Popups | None], Awaitable[House]]]:
    """Opens the pages with a way of asking."""
    opened = []

    async def make(popups: Popups | None) -> House:
        opened.append(opened_house(engine, redis, popups=popups))
        return await opened[-1].__aenter__()

    yield make
    for one in opened:
        await one.__aexit__(None, None, None)


Made = Callable[[Popups | None], Awaitable[House]]


async def looked(house: House, headers: Mapping[str, str] = WECHAT) -> Browser:
    browser = await house.at(OPENID, "/h5/reminders")
    await browser.go("/h5/reminders", headers=headers)
    assert browser.status == 200
    return browser


async def grant(house: House, template: str, *, lasting: bool = False) -> None:
    async with create_sessions(house.engine).begin() as session:
        await consents.granted(session, OPENID, template, source="popup", now=house.clock(), lasting=lasting)


async def test_page_says_what_is_told_and_gives_wechat_its_tag(made: Made) -> None:
    house = await made(Popups("wx1", ticket, SUBSCRIPTIONS))
    browser = await looked(house)
    assert "前一天晚上提醒 还没有打开" in browser.text
    assert "快叫到您、轮到您 还没有打开" in browser.text
    assert '<wx-open-subscribe template="t-visit,t-calls">' in browser.page
    outline = Outline(browser.page)
    assert not outline.open
    assert OPENID not in browser.page
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", browser.page, re.DOTALL)
    assert [inside for _, inside in scripts] == ["", ""], "no inline script"
    assert f'src="{SDK}"' in scripts[0][0]
    address = re.search(r'src="([^"]+)"', scripts[1][0])
    assert address is not None
    await browser.go(address[1])
    assert browser.status == 200
    assert browser.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in browser.headers["Cache-Control"]


async def test_page_is_signed_for_its_own_address(made: Made) -> None:
    house = await made(Popups("wx1", ticket, SUBSCRIPTIONS))
    data = dict(re.findall(r'data-(\w+)="([^"]*)"', (await looked(house)).page))
    assert data["appid"] == "wx1"
    url = str(house.server.make_url("/h5/reminders"))
    assert data["signature"] == signature("ticket-1", data["nonce"], int(data["timestamp"]), url)


async def test_this_page_alone_lets_wechats_script_in(made: Made) -> None:
    house = await made(Popups("wx1", ticket, SUBSCRIPTIONS))
    browser = await looked(house)
    policy = browser.headers["Content-Security-Policy"]
    assert policy.startswith(PLAIN)
    assert "script-src 'self' https://res.wx.qq.com;" in policy
    assert "unsafe" not in policy
    assert browser.headers["Cache-Control"] == "no-store"
    for other in ("/h5/bookings", "/h5/", "/h5/my-data"):
        await browser.go(other, headers=WECHAT)
        policy = browser.headers["Content-Security-Policy"]
        assert policy.startswith(PLAIN)
        assert "script-src" not in policy
        assert "<script" not in browser.page


async def test_what_is_left_is_counted_from_the_ledger(made: Made) -> None:
    house = await made(Popups("wx1", ticket, SUBSCRIPTIONS))
    await grant(house, "t-calls")
    assert "轮到您 还能提醒 1 次" in (await looked(house)).text
    await grant(house, "t-calls")
    await grant(house, "t-visit", lasting=True)
    text = (await looked(house)).text
    assert "轮到您 还能提醒 2 次" in text
    assert "前一天晚上提醒 一直有效" in text


@pytest.mark.parametrize(
    ("popups", "headers", "words"),
    [
        (None, WECHAT, "您不用打开什么"),
        (Popups("wx1", ticket, {}), WECHAT, "您不用打开什么"),
        (Popups("wx1", ticket, SUBSCRIPTIONS), {"User-Agent": "Firefox"}, "请在微信里从公众号的链接打开"),
        (Popups("wx1", no_ticket, SUBSCRIPTIONS), WECHAT, "请过一会儿再来"),
    ],
    ids=["no asking", "no templates", "no WeChat", "no ticket"],
)
async def test_where_there_is_no_button_the_page_says_what_happens_instead(
    made: Made, popups: Popups | None, headers: dict[str, str], words: str
) -> None:
    browser = await looked(await made(popups), headers)
    assert words in browser.text
    assert "48 小时内" in browser.text
    assert "<script" not in browser.page
    assert "wx-open" not in browser.page
    assert "script-src" not in browser.headers["Content-Security-Policy"]


async def test_strangers_see_nothing(made: Made) -> None:
    house = await made(Popups("wx1", ticket, SUBSCRIPTIONS))
    browser = await house.browser()
    await browser.go("/h5/reminders", headers=WECHAT)
    assert browser.status == 403


def test_one_popup_has_three_templates_and_one_sort_of_them() -> None:
    templates = {
        kind: Template(id=f"t{number}", lasting=number == 2) for number, kind in enumerate(list(Kind)[:6])
    }
    parts = askings(told_by(templates, {}))
    assert [[one.id for one in part] for part in parts] == [["t0", "t1", "t3"], ["t4", "t5"], ["t2"]]


def test_every_kind_of_notice_has_words() -> None:
    told = told_by({kind: Template(id=kind.value) for kind in Kind}, {"called": Left(3)})
    assert len(told) == len(Kind)
    assert all(one.words for one in told)
    assert next(one.left for one in told if one.id == "called") == "还能提醒 3 次"
