"""Who comes in to the own pages, and what is said to those who do not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot.wechat.answers import OAuthUser
from bot.wechat.errors import BadMessage
from tests.bot.h5.own_house import ZHANG, Browser, House, opened_house


def path_of(address: str) -> str:
    """An address of the pages without its host."""
    return "/h5/" + address.split("/h5/", 1)[1]


CONFIRM = "/h5/book/GA-1/confirm?starts=2026-12-02T09:00"
OPENID = "oCitizenOfTheDoor0000000001"


async def test_a_link_is_exchanged_for_a_cookie_and_leaves_no_trace_in_the_address(house: House) -> None:
    browser = await house.browser()
    link = house.link(OPENID, "/h5/book/GA-1?form=abc")
    response = await browser.client.get(path_of(link), allow_redirects=False)
    assert response.status == 303
    assert response.headers["Location"] == "/h5/book/GA-1?form=abc"
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/h5/"):
        assert part in cookie
    assert OPENID not in cookie
    await browser.go("/h5/bookings")
    assert browser.status == 200
    assert browser.headers["Cache-Control"] == "no-store"
    assert browser.headers["Referrer-Policy"] == "same-origin"
    assert "Content-Encoding" not in browser.headers
    assert OPENID not in browser.page


async def test_without_a_link_nothing_is_shown(house: House) -> None:
    browser = await house.browser()
    for path in ("/h5/bookings", "/h5/book/GA-1", "/h5/my-data", "/h5/check-in", "/h5/bookings/1"):
        await browser.go(path)
        assert browser.status == 403, path
        assert "请从公众号打开" in browser.text
        assert "发“预约”" in browser.text
    await browser.post("/h5/my-data/download")
    assert browser.status == 403


async def test_a_forged_link_is_refused_in_words(house: House) -> None:
    browser = await house.browser()
    link = house.link(OPENID, "/h5/bookings")
    for bad in (
        link[:-4] + "AAAA",
        link.replace("/h5/bookings", "/h5/my-data"),
        "/h5/bookings?t=",
        "/h5/bookings?t=é",
    ):
        await browser.go(bad)
        assert browser.status == 403, bad
        assert "链接打不开" in browser.text
        assert "再给您一个新的" in browser.text


async def test_an_expired_link_is_refused_in_words(house: House) -> None:
    link = house.link(OPENID)
    house.clock.forward(minutes=61)
    browser = await house.browser()
    await browser.go(link)
    assert browser.status == 403
    assert "链接过期了" in browser.text


async def test_a_forwarded_link_opens_for_the_first_browser_alone(house: House) -> None:
    link = house.link(OPENID)
    one, two = await house.browser(), await house.browser()
    await one.go(link)
    assert one.status == 200
    await two.go(link)
    assert two.status == 403
    assert "链接已经打开过" in two.text
    await one.go(link)  # the citizen taps it again
    assert one.status == 200


async def test_of_two_browsers_that_open_a_link_at_once_the_first_to_come_back_has_it(house: House) -> None:
    link = house.link(OPENID)
    one, two = await house.browser(), await house.browser()
    for browser in (one, two):
        response = await browser.client.get(path_of(link), allow_redirects=False)
        assert response.status == 303
    await two.go("/h5/book/GA-1")
    assert two.status == 200
    await one.go("/h5/book/GA-1")
    assert one.status == 403
    assert "链接已经打开过" in one.text
    await two.go("/h5/bookings")
    assert two.status == 200


async def test_looking_at_a_link_without_opening_it_does_not_use_it_up(house: House) -> None:
    link = house.link(OPENID)
    scanner = await house.browser()
    response = await scanner.client.get(path_of(link), allow_redirects=False)
    assert response.status == 303
    browser = await house.browser()
    response = await browser.client.head(path_of(link), allow_redirects=False)
    assert response.status == 403
    await browser.go(link)
    assert browser.status == 200


async def test_another_citizens_link_is_refused_where_somebody_is_at_the_pages(house: House) -> None:
    browser = await house.at("o-1")
    link = house.link("o-2", "/h5/bookings")
    await browser.go(link)
    assert browser.status == 403
    assert "这是发给别人的链接" in browser.text
    await browser.go("/h5/bookings")
    assert browser.status == 200  # still the first citizen
    # Whoever changed the account on this phone leaves the other one first.
    await browser.go(link)
    await browser.send(action="/h5/switch")
    assert browser.path == "/h5/bookings"
    assert browser.status == 200


async def test_leaving_for_another_link_needs_a_good_one(house: House) -> None:
    browser = await house.at("o-1")
    for path, token in (
        ("/h5/bookings", "x"),
        ("https://elsewhere.example", "x"),
        ("//elsewhere.example", ""),
    ):
        await browser.post("/h5/switch", path=path, t=token)
        assert browser.status == 403
        assert "链接打不开" in browser.text


async def test_a_session_that_lies_idle_ends_and_one_in_use_goes_on(house: House) -> None:
    browser = await house.at(OPENID)
    for _ in range(4):
        house.clock.forward(minutes=50)
        await browser.go("/h5/bookings")
        assert browser.status == 200
    house.clock.forward(minutes=61)
    await browser.go("/h5/bookings")
    assert browser.status == 403
    assert "放久了会失效" in browser.text


async def test_forms_come_from_our_own_pages_alone(house: House) -> None:
    browser = await house.at(OPENID)
    for headers, fields in (
        ({}, {"token": ""}),
        ({}, {"token": "x"}),
        ({"Origin": "https://elsewhere.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Sec-Fetch-Site": "same-site"}, {}),
    ):
        await browser.go(CONFIRM)
        await browser.send({**ZHANG, **fields}, headers=headers)
        assert browser.status == 403, headers
        assert "什么都没有改动" in browser.text
    await browser.go(CONFIRM)
    here = f"http://{browser.client.host}:{browser.client.port}"
    await browser.send(ZHANG, headers={"Origin": here, "Sec-Fetch-Site": "same-origin"})
    assert "约好了" in browser.text


async def test_a_form_of_another_visit_is_not_taken(house: House) -> None:
    one, two = await house.at("o-1"), await house.at("o-2")
    await one.go(CONFIRM)
    two.page = one.page
    await two.send(ZHANG)
    assert two.status == 403


async def test_a_form_is_bounded(house: House) -> None:
    browser = await house.at(OPENID)
    await browser.go(CONFIRM)
    await browser.send({**ZHANG, "name": "张" * 20_000})
    assert browser.status == 413
    response = await browser.client.post(
        "/h5/my-data", data=b"{}", headers={"Content-Type": "application/json"}
    )
    assert response.status == 403


async def test_haste_is_slowed_down(house: House) -> None:
    browser = await house.at(OPENID)
    await browser.go(CONFIRM)
    form = browser.page
    said = []
    for _ in range(31):
        browser.page = form
        said.append(await browser.send({"name": ""}))
    assert browser.status == 429
    assert "点得太快了" in said[-1]
    other = await house.at("o-2", "/h5/bookings")
    assert other.status == 200


async def test_nothing_personal_is_logged(house: House) -> None:
    with capture_logs() as logs:
        browser = await house.at(OPENID)
        await browser.go(CONFIRM)
        await browser.send({**ZHANG, "phone": "1"})
        await browser.send(ZHANG)
        await (await house.browser()).go(house.link(OPENID)[:-3] + "AAA")
    for secret in (OPENID, *ZHANG.values()):
        if secret != "yes":
            assert secret not in str(logs)


class WeChat:
    """Who the platform says has opened the page."""

    def __init__(self) -> None:
        self.openid = OPENID
        self.snapshot = False

    async def __call__(self, code: str) -> OAuthUser:
        if code != "good":
            raise BadMessage(40029, "invalid code")
        return OAuthUser(self.openid, snapshot=self.snapshot)


@pytest.fixture
def wechat() -> WeChat:
    return WeChat()


@pytest.fixture
async def verified(engine: AsyncEngine, redis: Redis, wechat: WeChat) -> AsyncIterator[House]:
    """The pages of an account that may ask WeChat who opened them."""
    async with opened_house(engine, redis, login=wechat) as house:
        yield house


async def sent_to_wechat(browser: Browser, address: str) -> str:
    """Open a page; the state with which WeChat is asked."""
    response = await browser.client.get(path_of(address), allow_redirects=False)
    assert response.status == 303
    target = response.headers["Location"]
    assert target.startswith("http://wechat.test/connect/oauth2/authorize?appid=wxtest&redirect_uri=http%3A")
    assert target.endswith("#wechat_redirect")
    return target.split("state=")[1].split("#")[0]


async def test_where_wechat_says_who_it_is_a_link_opens_for_them(verified: House, wechat: WeChat) -> None:
    browser = await verified.browser()
    state = await sent_to_wechat(browser, verified.link(OPENID, "/h5/book/GA-1?form=abc"))
    await browser.go(f"/h5/enter?code=good&state={state}")
    assert browser.path == "/h5/book/GA-1?form=abc"
    assert browser.status == 200
    # Own pages open without a link as well, for whoever it is.
    wechat.openid = "oSomebodyElse"
    other = await verified.browser()
    state = await sent_to_wechat(other, "/h5/bookings")
    await other.go(f"/h5/enter?code=good&state={state}")
    assert other.path == "/h5/bookings"
    assert other.status == 200


async def test_a_link_in_other_hands_is_refused_by_what_wechat_says(verified: House, wechat: WeChat) -> None:
    wechat.openid = "oSomebodyElse"
    browser = await verified.browser()
    state = await sent_to_wechat(browser, verified.link(OPENID))
    await browser.go(f"/h5/enter?code=good&state={state}")
    assert browser.status == 403
    assert "这是发给别人的链接" in browser.text


async def test_who_was_not_sent_to_wechat_does_not_come_back_from_it(verified: House, wechat: WeChat) -> None:
    browser, other = await verified.browser(), await verified.browser()
    state = await sent_to_wechat(browser, verified.link(OPENID))
    for path in ("/h5/enter", f"/h5/enter?code=bad&state={state}", "/h5/enter?code=good&state=x"):
        await browser.go(path)
        assert browser.status == 403, path
    await other.go(f"/h5/enter?code=good&state={state}")
    assert other.status == 403
    wechat.snapshot = True
    await browser.go(f"/h5/enter?code=good&state={state}")
    assert browser.status == 403
    wechat.snapshot = False
    verified.clock.forward(minutes=11)
    await browser.go(f"/h5/enter?code=good&state={state}")
    assert browser.status == 403
