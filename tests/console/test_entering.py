from __future__ import annotations

from datetime import timedelta

import pytest

from console.sessions import IDLE, LONGEST
from hall.staff.service import Role, audit_lines, change, disable
from tests.console.house import PASSWORD, Stage

NEW = "Counter-6-pm"


async def test_who_is_not_logged_in_is_sent_to_the_door_and_back_to_the_page(console: Stage) -> None:
    await console.staff()
    sitter = console.browser()
    response = await sitter.see("/console/password?a=1")
    assert response.headers["Location"] == "/console/login?next=%2Fconsole%2Fpassword%3Fa%3D1"
    response = await sitter.see(response.headers["Location"])
    assert "登录工作台" in await response.text()
    response = await sitter.send(
        "/console/login", login="li.na", password=PASSWORD, next="/console/password?a=1"
    )
    assert response.headers["Location"] == "/console/password?a=1"


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example",
        "/console/../h5/",
        "/console//evil",
        "\\\\evil",
        "/h5/",
        "/console/\n",
    ],
)
async def test_the_door_leads_nowhere_else(console: Stage, goal: str) -> None:
    await console.staff()
    sitter = console.browser()
    response = await sitter.log_in(next=goal)
    assert response.headers["Location"] == "/console/"


async def test_the_cookie_is_shut_to_scripts_and_other_sites(console: Stage) -> None:
    await console.staff()
    sitter = console.browser()
    response = await sitter.log_in()
    cookie = response.cookies["banshi_console"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/console/"
    assert not cookie["max-age"]
    kept = [key.decode() for key in await console.redis.keys("*")]
    assert not any(cookie.value in key for key in kept)


async def test_over_https_the_cookie_goes_no_other_way(console: Stage) -> None:
    from dataclasses import replace

    assert not console.house.secure
    assert replace(console.house, public_url="https://banshi.example").secure


async def test_an_id_that_was_planted_before_the_log_in_is_not_used(console: Stage) -> None:
    await console.staff()
    sitter = console.browser()
    planted = "A" * 43
    sitter.client.session.cookie_jar.update_cookies(
        {"banshi_console": planted}, sitter.client.make_url("/console/")
    )
    await sitter.see("/console/login")
    response = await sitter.send("/console/login", login="li.na", password=PASSWORD)
    assert response.status == 303
    assert response.cookies["banshi_console"].value != planted


async def test_logging_in_again_ends_the_session_before(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    before = sitter.cookie
    response = await sitter.send("/console/password", old=PASSWORD, new=NEW, again=NEW)
    assert response.status == 303
    assert sitter.cookie != before
    old = console.browser()
    old.client.session.cookie_jar.update_cookies({"banshi_console": before}, old.client.make_url("/console/"))
    assert (await old.see("/console/password")).status == 303


async def test_another_password_logs_out_everywhere_else(console: Stage) -> None:
    await console.staff()
    one, other = await console.logged_in(), await console.logged_in()
    await one.send("/console/password", old=PASSWORD, new=NEW, again=NEW)
    assert (await one.see("/console/password")).status == 200
    assert (await other.see("/console/password")).status == 303


async def test_a_disabled_account_and_one_of_another_role_are_out_at_once(console: Stage) -> None:
    for login in ("one", "two"):
        await console.staff(login)
    one, two = await console.logged_in("one"), await console.logged_in("two")
    async with console.session() as session:
        await disable(session, "one", by="x", now=console.clock())
        await change(
            session, "two", name="乙", role=Role.SUPERVISOR, hall="main", by="x", now=console.clock()
        )
    assert (await one.see("/console/password")).status == 303
    assert (await two.see("/console/password")).status == 303


async def test_a_session_ends_without_use_and_after_twelve_hours(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    (key,) = await console.redis.keys("banshi:console:session:*")
    await console.redis.expire(key, 60)
    await sitter.see("/console/password")
    assert await console.redis.ttl(key) > IDLE.total_seconds() - 5
    console.clock.forward(LONGEST - timedelta(seconds=1))
    assert (await sitter.see("/console/password")).status == 200
    console.clock.forward(timedelta(seconds=2))
    assert (await sitter.see("/console/password")).status == 303
    assert await console.redis.keys("banshi:console:session:*") == []


async def test_logging_out_ends_the_session_for_good(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    cookie = sitter.cookie
    response = await sitter.send("/console/logout")
    assert response.headers["Location"] == "/console/login"
    old = console.browser()
    old.client.session.cookie_jar.update_cookies({"banshi_console": cookie}, old.client.make_url("/console/"))
    assert (await old.see("/console/password")).status == 303
    async with console.session() as session:
        assert [line.action for line in await audit_lines(session, who="li.na")][:2] == [
            "logged_out",
            "logged_in",
        ]


async def test_a_form_of_another_site_or_another_session_does_nothing(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    fields = {"old": PASSWORD, "new": NEW, "again": NEW}
    good = sitter.token
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}):
        response = await sitter.send("/console/password", headers=headers, **fields)
        assert response.status == 403
    for token in ("", "0" * 64, good[:-1], "汉" * 64):
        response = await sitter.send("/console/password", **fields | {"form_token": token})
        assert response.status == 403
        assert "没有执行" in await response.text()
    other = await console.logged_in()
    sitter.token = other.token
    assert (await sitter.send("/console/password", **fields)).status == 403
    sitter.token = good
    assert (await sitter.send("/console/password", **fields)).status == 303


async def test_the_log_in_itself_takes_no_foreign_form(console: Stage) -> None:
    await console.staff()
    sitter = console.browser()
    response = await sitter.send("/console/login", login="li.na", password=PASSWORD)
    assert response.status == 403
    await sitter.see("/console/login")
    response = await sitter.send(
        "/console/login", headers={"Origin": "https://evil.example"}, login="li.na", password=PASSWORD
    )
    assert response.status == 403
    assert sitter.cookie == ""


async def test_five_wrong_passwords_lock_out_and_the_page_says_for_how_long(console: Stage) -> None:
    await console.staff()
    sitter = console.browser()
    for _ in range(4):
        response = await sitter.log_in(password="wrong")
        assert response.status == 403
        assert "登录名或者密码不对" in await response.text()
    response = await sitter.log_in(password="wrong")
    assert response.status == 429
    assert "请 15 分钟后再试" in await response.text()
    assert (await sitter.log_in()).status == 429
    console.clock.forward(timedelta(minutes=15))
    assert (await sitter.log_in()).status == 303


async def test_a_password_set_by_somebody_else_is_changed_before_anything(console: Stage) -> None:
    await console.staff(fresh=True)
    sitter = console.browser()
    response = await sitter.log_in()
    assert response.headers["Location"] == "/console/password"
    assert (await sitter.see("/console/")).headers["Location"] == "/console/password"
    for new, again, words in (
        (NEW, "other", "不一样"),
        ("short", "short", "太短"),
        (PASSWORD, PASSWORD, "不一样"),
    ):
        response = await sitter.send("/console/password", old=PASSWORD, new=new, again=again)
        assert words in await response.text()
    response = await sitter.send("/console/password", old="wrong", new=NEW, again=NEW)
    assert "原来的密码不对" in await response.text()
    response = await sitter.send("/console/password", old=PASSWORD, new=NEW, again=NEW)
    assert response.headers["Location"] == "/console/"


async def test_every_answer_carries_the_headers_that_keep_a_page_what_it_is(console: Stage) -> None:
    sitter = console.browser()
    for path in ("/console/login", "/console/nowhere", "/console/password", "/console/static/x/none.js"):
        response = await sitter.see(path)
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Frame-Options"] == "DENY"
    page = await (await sitter.see("/console/login")).text()
    assert "<script>" not in page
    assert " style=" not in page
    response = await sitter.send("/console/login", **{"x": "y" * 70_000})
    assert response.status == 413
    assert (await sitter.client.get("/console", allow_redirects=False)).headers["Location"] == "/console/"
    response = await sitter.client.put(
        "/console/login", headers={"Origin": str(sitter.client.make_url("")).rstrip("/")}
    )
    assert response.status in (405, 415)


async def test_a_hall_that_is_not_theirs_cannot_be_chosen(console: Stage) -> None:
    await console.staff("one", hall="main")
    await console.staff("all", Role.ADMIN, hall="")
    one, everywhere = await console.logged_in("one"), await console.logged_in("all")
    assert (await one.send("/console/hall", hall="branch")).status == 403
    assert (await everywhere.send("/console/hall", hall="branch")).status == 303
    assert (await everywhere.send("/console/hall", hall="nowhere")).status == 403
    assert 'value="branch" selected' in await (await everywhere.see("/console/password")).text()
