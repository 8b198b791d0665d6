from __future__ import annotations

import re
from datetime import timedelta

import pytest

from hall.appointments.day_sheet import by_id
from hall.people.service import accesses
from hall.queue.service import QueueTerms, stop_group, tickets
from hall.staff.service import Role
from tests.console.desk import (
    NAME,
    NUMBER,
    PHONE,
    TUESDAY,
    WEDNESDAY,
    at,
    audit,
    booked,
    citizen,
    state_of,
    told,
)
from tests.console.house import Stage

DAY = "/console/bookings?day=2026-12-02"


async def test_the_day_shows_who_comes_when_with_the_name_masked(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    text = await (await sitter.see(DAY)).text()
    assert "9:30" in text
    assert "欧**思" in text
    assert "居民身份证" in text
    assert "待到" in text
    for hidden in (NAME, NUMBER, PHONE, one.code):
        assert hidden not in text
    assert one.code[-4:] in text
    assert "没有预约" in await (await sitter.see("/console/bookings")).text()
    assert "没有预约" in await (await sitter.see(DAY + "&group=B1")).text()
    assert "没有预约" in await (await sitter.see("/console/bookings?day=nonsense")).text()


async def test_another_halls_booking_is_not_shown_nor_touched(console: Stage) -> None:
    await console.staff(hall="branch")
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    assert "没有预约" in await (await sitter.see(DAY)).text()
    assert (await sitter.see(f"/console/bookings/{one.id}")).status == 403
    assert (await sitter.send(f"/console/bookings/{one.id}/cancel", reason="x")).status == 403
    assert (await sitter.see("/console/bookings/999")).status == 404
    response = await sitter.send("/console/bookings/find", code=one.code)
    assert response.status == 403
    assert "不归本厅" in await response.text()
    assert await state_of(console, one.id) == "confirmed"


async def test_a_code_typed_at_the_desk_becomes_a_ticket_and_again_the_same_one(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console), "10:30", TUESDAY)
    sitter = await console.logged_in()
    spoken = f"{one.code[:4]} {one.code[4:]}"
    async with console.live.listening("queue:main") as changes:
        await anext(changes)
        response = await sitter.send("/console/bookings/check-in", code=spoken)
        await anext(changes)
    assert response.status == 303
    text = await (await sitter.see("/console/bookings")).text()
    assert "签到好了:A2001 号" in text
    assert "已签到" in text
    await sitter.send("/console/bookings/check-in", code=one.code)
    assert "早先已经签到:A2001 号" in await (await sitter.see("/console/bookings")).text()
    async with console.session() as session:
        (ticket,) = await tickets(session, "main", now=console.clock())
    assert (ticket.booking_id, ticket.number) == (one.id, "A2001")
    assert [line.who for line in await audit(console, "booking_checked_in")] == ["li.na"]


@pytest.mark.parametrize(
    ("clock", "day", "after", "words"),
    [
        ("11:30", TUESDAY, 0, "来早了:约的是 11:30,11:00 起可以签到"),
        ("09:30", WEDNESDAY, 0, "约的不是今天,是 12月2日(周三)9:30"),
        ("10:30", TUESDAY, 100, "已经记为爽约"),
    ],
)
async def test_who_cannot_be_checked_in_is_told_why_and_what_to_do(
    console: Stage, clock: str, day: object, after: int, words: str
) -> None:
    await console.staff()
    one = await booked(console, await citizen(console), clock, day)  # type: ignore[arg-type]
    if after:
        console.clock.forward(timedelta(minutes=after))
        async with console.session() as session:
            from hall.appointments.service import Terms, mark_no_shows

            await mark_no_shows(session, terms=Terms(console.clock()))
    sitter = await console.logged_in()
    response = await sitter.send("/console/bookings/check-in", code=one.code)
    text = await response.text()
    assert response.status == 409
    assert words in text
    assert one.code in text  # what was typed stands in its field


async def test_codes_that_are_none_and_those_of_another_hall_are_told_apart(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console), "10:30", TUESDAY, group="F", hall="branch")
    sitter = await console.logged_in()
    for code, status, words in (
        ("12", 409, "没有这个签到码"),
        ("", 400, "请输入签到码"),
        (one.code, 409, "约的不是本厅,是不动产·税务分厅"),
    ):
        response = await sitter.send("/console/bookings/check-in", code=code)
        assert response.status == status
        assert words in await response.text()


async def test_who_comes_late_gets_an_ordinary_ticket_and_stays_in_good_standing(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console), "10:30", TUESDAY)
    console.clock.forward(timedelta(minutes=50))
    sitter = await console.logged_in()
    for _ in range(2):
        await sitter.send("/console/bookings/check-in", code=one.code)
        assert "给普通号 A2001" in await (await sitter.see("/console/bookings")).text()
    assert await state_of(console, one.id) == "late"


async def test_who_has_no_phone_gets_a_number_at_the_desk_once_a_press(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    await sitter.see("/console/bookings")
    form = {"hall": "main", "ticket_group": "A2", "key": "one"}
    for key, number in (("one", "A2001"), ("one", "A2001"), ("two", "A2002")):
        assert (await sitter.send("/console/bookings/ticket", **form | {"key": key})).status == 303
        assert f"取好了:{number} 号" in await (await sitter.see("/console/bookings")).text()
    assert len(await audit(console, "ticket_given")) == 2
    response = await sitter.send("/console/bookings/ticket", **form | {"ticket_group": ""})
    assert response.status == 409
    assert "请选一组窗口" in await response.text()
    assert (await sitter.send("/console/bookings/ticket", **form | {"hall": "branch"})).status == 403
    async with console.session() as session:
        await stop_group(
            session,
            hall="main",
            group="A2",
            by="x",
            reason="系统升级",
            terms=QueueTerms(console.clock()),
        )
    response = await sitter.send("/console/bookings/ticket", **form | {"key": "three"})
    assert "今天停发号了:系统升级" in await response.text()
    console.clock.forward(timedelta(hours=9))
    response = await sitter.send("/console/bookings/ticket", **form | {"key": "four", "ticket_group": "A3"})
    assert "今天的号发完了" in await response.text()


async def test_personal_data_is_shown_once_for_a_reason_and_the_citizen_can_see_who_looked(
    console: Stage,
) -> None:
    await console.staff()
    citizen_id = await citizen(console)
    one = await booked(console, citizen_id)
    sitter = await console.logged_in()
    path = f"/console/bookings/{one.id}"
    await sitter.see(path)
    response = await sitter.send(f"{path}/reveal", fields="name", reason=" ")
    assert response.status == 400
    assert "请写明为什么要看" in await response.text()
    response = await sitter.send(f"{path}/reveal", reason="核对")
    assert "请勾选" in await response.text()
    response = await sitter.send(f"{path}/reveal", fields="phone", reason="电话核对到场时间")
    text = await response.text()
    assert "138" in text
    assert PHONE[-8:] in text
    assert NAME not in text
    assert PHONE[-8:] not in await (await sitter.see(path)).text()
    async with console.session() as session:
        (line,) = await accesses(session, citizen_id)
    assert (line.who, line.fields, line.why) == ("li.na", ("phone",), "电话核对到场时间")
    (line2,) = await audit(console, "person_revealed")
    assert line2.subject == f"booking:{one.id}"


async def test_the_centre_cancels_with_a_reason_that_the_citizen_is_told(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    path = f"/console/bookings/{one.id}"
    await sitter.see(path)
    assert (await sitter.send(f"{path}/cancel", reason="")).status == 400
    assert await state_of(console, one.id) == "confirmed"
    for _ in range(2):
        assert (await sitter.send(f"{path}/cancel", reason="窗口设备故障")).status == 303
    assert await state_of(console, one.id) == "cancelled"
    (notice,) = await told(console, "booking_cancelled")
    assert notice["reason"] == "窗口设备故障"
    assert len(await audit(console, "booking_cancelled")) == 1
    text = await (await sitter.see(path)).text()
    assert "窗口设备故障" in text
    assert "li.na" in text


async def test_the_centre_moves_to_a_free_time_and_a_full_one_is_refused_with_what_is_near(
    console: Stage,
) -> None:
    await console.staff()
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    path = f"/console/bookings/{one.id}"
    text = await (await sitter.see(f"{path}?to=2026-12-03")).text()
    assert at("10:00", WEDNESDAY + timedelta(days=1)).isoformat() in text
    later = at("10:00", WEDNESDAY + timedelta(days=1)).isoformat()
    refused = await sitter.send(f"{path}/move", starts=at("12:30").isoformat(), reason="停电", key="k1")
    assert refused.status == 409
    assert "那个时间不办理。最近的空号" in await refused.text()
    assert 'value="停电"' in await refused.text()
    for starts, reason in ((later, ""), ("", "停电"), ("2026-12-03T10:00", "停电")):
        assert (await sitter.send(f"{path}/move", starts=starts, reason=reason, key="k2")).status == 400
    for _ in range(2):
        assert (await sitter.send(f"{path}/move", starts=later, reason="停电", key="k3")).status == 303
    text = await (await sitter.see(path)).text()
    assert "12月3日(周四)10:00" in text
    assert "原来 12月2日(周三)9:30;停电" in text
    (notice,) = await told(console, "booking_changed")
    assert notice["reason"] == "停电"


async def test_what_is_over_can_no_longer_be_changed(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console), "10:30", TUESDAY)
    console.clock.forward(timedelta(minutes=45))
    sitter = await console.logged_in()
    path = f"/console/bookings/{one.id}"
    assert "改到这个时间" not in await (await sitter.see(path)).text()
    response = await sitter.send(f"{path}/cancel", reason="x")
    assert response.status == 409
    assert "时间已经到了" in await response.text()


async def test_no_form_that_is_not_ours_and_nobody_without_a_log_in(console: Stage) -> None:
    await console.staff(role=Role.CLERK)
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    path = f"/console/bookings/{one.id}/cancel"
    assert (await sitter.send(path, reason="x", form_token="0" * 64)).status == 403
    stranger = console.browser()
    await stranger.see("/console/login")
    assert (await stranger.send(path, reason="x")).status == 401
    assert (await stranger.see(DAY)).status == 303
    assert await state_of(console, one.id) == "confirmed"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31"])
async def test_a_day_out_of_the_calendar_is_today(console: Stage, day: str) -> None:
    await console.staff()
    sitter = await console.logged_in()
    for page in ("/console/bookings?day=", "/console/bookings?group=A2&day="):
        response = await sitter.see(page + day)
        assert response.status == 200
        assert 'value="2026-12-01"' in await response.text()


async def test_what_nobody_types_is_refused_and_does_not_fail(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    await sitter.see(f"/console/bookings/{one.id}")
    for starts in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "soon"):
        response = await sitter.send(f"/console/bookings/{one.id}/move", starts=starts, reason="停电")
        assert response.status == 400, starts
    response = await sitter.send(f"/console/bookings/{one.id}/cancel", reason="停\0电")
    assert response.status == 415
    assert await state_of(console, one.id) == "confirmed"
    assert (await sitter.see("/console/bookings?group=%00")).status == 404


async def test_moved_away_and_back_it_can_be_moved_again(console: Stage) -> None:
    await console.staff()
    one = await booked(console, await citizen(console))
    sitter = await console.logged_in()
    path = f"/console/bookings/{one.id}"
    for goal in ("10:00", "09:30", "11:00"):
        page = await (await sitter.see(path)).text()
        (key,) = set(re.findall(r'name="key" value="([^"]+)"', page))
        given = {"starts": at(goal).isoformat(), "reason": "停电", "key": key}
        assert (await sitter.send(f"{path}/move", **given)).status == 303
        # The same page sent twice is one move.
        assert (await sitter.send(f"{path}/move", **given)).status == 303
        async with console.session() as session:
            assert (await by_id(session, one.id)).starts == at(goal)
