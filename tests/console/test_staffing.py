from __future__ import annotations

import re

from hall.staff.service import Account, Role, accounts
from tests.console.desk import audit
from tests.console.house import PASSWORD, Sitter, Stage

_ONCE = re.compile(r'class="bigger"><strong>([^<]+)<')


async def chief(console: Stage, hall: str = "") -> Sitter:
    await console.staff("boss", role=Role.ADMIN, hall=hall)
    sitter = await console.logged_in("boss")
    await sitter.see("/console/staffing")
    return sitter


async def known(console: Stage, login: str) -> Account | None:
    async with console.session() as session:
        return {one.login: one for one in await accounts(session)}.get(login)


NEW = {"login": "wang.fang", "name": "王芳", "role": "clerk", "hall": "main"}


async def test_only_an_admin_of_all_halls_sees_the_staff(console: Stage) -> None:
    await console.staff("sup", role=Role.SUPERVISOR, hall="")
    sitter = await console.logged_in("sup")
    assert (await sitter.see("/console/staffing")).status == 403
    assert (await sitter.send("/console/staffing/add", **NEW)).status == 403
    local = await chief(console, hall="main")
    assert (await local.see("/console/staffing")).status == 403
    assert (await local.send("/console/staffing/add", **NEW | {"role": "admin", "hall": ""})).status == 403
    assert await known(console, "wang.fang") is None


async def test_somebody_is_added_and_logs_in_with_the_password_that_is_shown_once(console: Stage) -> None:
    sitter = await chief(console)
    response = await sitter.send("/console/staffing/add", **NEW)
    found = _ONCE.search(await response.text())
    assert found is not None
    password = found.group(1)
    assert password not in await (await sitter.see("/console/staffing")).text()
    response = await console.browser().log_in("wang.fang", password)
    assert response.headers["Location"] == "/console/password"
    again = await sitter.send("/console/staffing/add", **NEW)
    assert again.status == 400
    assert "已经有人用了" in await again.text()
    response = await console.browser().log_in("wang.fang", password)
    assert response.status == 303


async def test_what_is_wrong_is_told_and_what_was_written_stays(console: Stage) -> None:
    sitter = await chief(console)
    for wrong, words in (
        ({"login": "王"}, "登录名要用"),
        ({"name": " "}, "请写姓名"),
        ({"hall": "nowhere"}, "没有这个大厅"),
    ):
        response = await sitter.send("/console/staffing/add", **NEW | wrong)
        assert response.status == 400
        text = await response.text()
        assert words in text
        if "name" not in wrong:
            assert 'value="王芳"' in text
    assert await known(console, "wang.fang") is None


async def test_another_role_ends_the_log_in(console: Stage) -> None:
    await console.staff()
    clerk = await console.logged_in()
    sitter = await chief(console)
    form = {"login": "li.na", "name": "李娜", "role": "supervisor", "hall": "branch"}
    assert (await sitter.send("/console/staffing/change", **form)).status == 303
    found = await known(console, "li.na")
    assert found is not None
    assert (found.role, found.hall) == (Role.SUPERVISOR, "branch")
    assert (await clerk.see("/console/bookings")).status == 303


async def test_who_is_disabled_is_out_at_once_and_may_come_back(console: Stage) -> None:
    await console.staff()
    clerk = await console.logged_in()
    sitter = await chief(console)
    for _ in range(2):
        assert (await sitter.send("/console/staffing/disable", login="li.na")).status == 303
    assert (await clerk.see("/console/bookings")).headers["Location"].startswith("/console/login")
    assert (await console.browser().log_in()).status == 403
    await sitter.send("/console/staffing/enable", login="li.na")
    assert (await console.browser().log_in()).status == 303
    assert len(await audit(console, "staff_disabled")) == 1


async def test_the_last_admin_stays_and_nobody_disables_themselves(console: Stage) -> None:
    sitter = await chief(console)
    response = await sitter.send("/console/staffing/disable", login="boss")
    assert "不能停用自己" in await response.text()
    form = {"login": "boss", "name": "老板", "role": "clerk", "hall": ""}
    response = await sitter.send("/console/staffing/change", **form)
    assert response.status == 400
    assert "最后一位" in await response.text()
    response = await sitter.send("/console/staffing/password", login="boss")
    assert "改密码" in await response.text()


async def test_a_password_is_set_anew_and_a_lock_is_taken_off(console: Stage) -> None:
    await console.staff()
    browser = console.browser()
    for _ in range(5):
        await browser.log_in(password="wrong")
    sitter = await chief(console)
    assert "锁到" in await (await sitter.see("/console/staffing")).text()
    assert (await sitter.send("/console/staffing/unlock", login="li.na")).status == 303
    assert (await browser.log_in()).status == 303
    response = await sitter.send("/console/staffing/password", login="li.na")
    found = _ONCE.search(await response.text())
    assert found is not None
    assert (await console.browser().log_in(password=PASSWORD)).status == 403
    assert (await console.browser().log_in(password=found.group(1))).headers[
        "Location"
    ] == "/console/password"
    assert len(await audit(console, "staff_unlocked")) == 1
    assert (await sitter.send("/console/staffing/password", login="nobody")).status == 400


async def test_no_form_that_is_not_ours(console: Stage) -> None:
    sitter = await chief(console)
    response = await sitter.send("/console/staffing/add", **NEW | {"form_token": "0" * 64})
    assert response.status == 403
    assert await known(console, "wang.fang") is None


async def test_the_audit_is_read_by_person_and_subject_a_page_at_a_time(console: Stage) -> None:
    sitter = await chief(console)
    await sitter.send("/console/staffing/add", **NEW)
    text = await (await sitter.see("/console/audit")).text()
    assert "加了人员" in text
    assert "staff:wang.fang" in text
    text = await (await sitter.see("/console/audit?subject=staff:wang.fang")).text()
    assert text.count("<tr>") == 2
    assert "没有这样的记录" in await (await sitter.see("/console/audit?who=nobody")).text()
    for number in range(120):
        async with console.session() as session:
            from hall.staff.service import record

            record(session, "zhou", "logged_in", f"staff:{number}", now=console.clock())
    text = await (await sitter.see("/console/audit?who=zhou")).text()
    (older,) = re.findall(r'href="([^"]*before=[^"]*)"', text)
    text = await (await sitter.see(older.replace("&amp;", "&"))).text()
    assert text.count("<tr>") == 21
    await console.staff()
    clerk = await console.logged_in()
    assert (await clerk.see("/console/audit")).status == 403
