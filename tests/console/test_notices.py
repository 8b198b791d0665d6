from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from console.pages.notices import KINDS, STATES
from hall.notices.alarms import ring
from hall.notices.models import Attempt, NoticeRow
from hall.notices.service import Kind, Notice, State, alarms, tell
from hall.staff.service import Role
from tests.console.desk import NAME, audit
from tests.console.house import Sitter, Stage


async def notice(console: Stage, state: State = State.WAITING, *, hall: str = "main", number: int = 1) -> int:
    """A notice of an appointment, in this state."""
    now = console.clock()
    values = {"item": "GA-0101", "hall": hall, "starts": "2026-12-02T01:30:00+00:00", "reason": NAME}
    async with console.session() as session:
        made = Notice(
            Kind.BOOKING_CANCELLED,
            "o-one",
            f"booking:{number}",
            due=now,
            useful_until=now + timedelta(hours=5),
            values=values,
        )
        await tell(session, made, now=now)
        row = (await session.scalars(select(NoticeRow).order_by(NoticeRow.id.desc()))).first()
        assert row is not None
        row.state = state
        session.add(
            Attempt(notice_id=row.id, at=now, channel="sms", outcome="failed", code="X", reason="余额不足")
        )
        return row.id


async def state_of(console: Stage, notice_id: int) -> str:
    async with console.session() as session:
        return (await session.get_one(NoticeRow, notice_id)).state


async def supervisor(console: Stage, hall: str = "main", role: Role = Role.SUPERVISOR) -> Sitter:
    await console.staff(role=role, hall=hall)
    sitter = await console.logged_in()
    await sitter.see("/console/notices")
    return sitter


def test_every_kind_and_state_has_words() -> None:
    assert set(KINDS) == set(Kind)
    assert set(STATES) == set(State)


async def test_a_clerk_is_refused(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    assert (await sitter.see("/console/notices")).status == 403
    assert (await sitter.send("/console/notices/retry", notice="1")).status == 403


@pytest.mark.parametrize("state", [State.WAITING, State.ALARM, State.UNSURE, State.REFUSED])
async def test_what_was_not_told_is_shown_without_the_citizen_or_the_words(
    console: Stage, state: State
) -> None:
    await notice(console, state)
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/notices")).text()
    for words in ("预约取消", "居民身份证", "12月2日(周三)9:30", STATES[state][0], "短信:余额不足 [X]"):
        assert words in text
    for hidden in (NAME, "o-one"):
        assert hidden not in text


async def test_a_notice_is_tried_again_once(console: Stage) -> None:
    number = await notice(console)
    sitter = await supervisor(console)
    for words in ("马上再发一次", "已经不在等了"):
        assert (await sitter.send("/console/notices/retry", notice=str(number))).status == 303
        assert words in await (await sitter.see("/console/notices")).text()
    assert await state_of(console, number) == "due"
    assert len(await audit(console, "notice_retried")) == 1


async def test_a_notice_is_put_aside_with_a_reason(console: Stage) -> None:
    number = await notice(console)
    sitter = await supervisor(console)
    response = await sitter.send("/console/notices/dismiss", notice=str(number), reason="")
    assert response.status == 400
    assert await state_of(console, number) == "waiting"
    for words in ("不再发了", "已经不在等了"):
        await sitter.send("/console/notices/dismiss", notice=str(number), reason="已电话告知")
        assert words in await (await sitter.see("/console/notices")).text()
    assert await state_of(console, number) == "withdrawn"
    assert len(await audit(console, "notice_dismissed")) == 1


async def test_a_hall_sees_and_touches_its_own_notices_only(console: Stage) -> None:
    number = await notice(console, hall="branch")
    sitter = await supervisor(console)
    assert "都送到了" in await (await sitter.see("/console/notices")).text()
    await sitter.send("/console/notices/retry", notice=str(number))
    await sitter.send("/console/notices/dismiss", notice=str(number), reason="x")
    assert await state_of(console, number) == "waiting"


async def test_an_alarm_says_what_to_do_and_an_admin_says_that_it_is_mended(console: Stage) -> None:
    now = console.clock()
    async with console.session() as session:
        await ring(
            session,
            channel="sms",
            cause="isv.AMOUNT_NOT_ENOUGH",
            kind="",
            message="x",
            closed_until=now + timedelta(hours=1),
            now=now,
        )
        (alarm,) = await alarms(session)
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/notices")).text()
    assert "短信账户余额不足" in text
    assert "请告诉管理员" in text
    assert (await sitter.send("/console/notices/mended", alarm=str(alarm.id))).status == 403
    await console.staff("admin2", role=Role.ADMIN, hall="")
    chief = await console.logged_in("admin2")
    for _ in range(2):
        assert (await chief.send("/console/notices/mended", alarm=str(alarm.id))).status == 303
    async with console.session() as session:
        assert await alarms(session) == ()
    assert len(await audit(console, "alarm_mended")) == 1


async def test_the_day_is_counted_by_state_and_channel(console: Stage) -> None:
    for number in (1, 2):
        await notice(console, State.WAITING, number=number)
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/notices")).text()
    assert "等本人发消息 <strong>2</strong>" in text


async def test_no_form_that_is_not_ours(console: Stage) -> None:
    number = await notice(console)
    sitter = await supervisor(console)
    form = {"notice": str(number), "form_token": "0" * 64}
    assert (await sitter.send("/console/notices/retry", **form)).status == 403
    assert await state_of(console, number) == "waiting"
