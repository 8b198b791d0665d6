"""Notices through the whole product: told by a desk, on the phone a moment later, answered by a number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hall.db import create_engine, create_sessions
from hall.notices.models import NoticeRow
from hall.notices.service import Kind, Notice, tell
from tests.desk import Desk

pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="session")]


async def told(desk: Desk, openid: str, kind: Kind, subject: str = "booking:987654") -> None:
    engine = create_engine(desk.settings.database_url)
    now = desk.clock()
    notice = Notice(
        kind,
        openid,
        subject,
        due=now,
        useful_until=now + timedelta(hours=1),
        values={"item": "", "hall": "main", "starts": (now + timedelta(hours=1)).isoformat()},
    )
    async with create_sessions(engine).begin() as session:
        assert await tell(session, notice, now=now)
    await engine.dispose()


async def states(desk: Desk, openid: str) -> list[str]:
    engine = create_engine(desk.settings.database_url)
    async with create_sessions(engine)() as session:
        rows = await session.scalars(select(NoticeRow.state).where(NoticeRow.openid == openid))
        found = list(rows)
    await engine.dispose()
    return found


async def test_a_reminder_is_changed_by_its_number(desk: Desk) -> None:
    citizen = desk.citizen()
    await citizen.say("你好")
    await told(desk, citizen.openid, Kind.REMINDER_HOUR)
    (text,) = await desk.platform.texts_to(citizen.openid, 1)
    assert text.startswith("快到时间了")
    # Somebody else's number, or one that is gone: the way is understood all the same.
    answer = await citizen.say("1")
    assert "预约" in answer
    citizen.answer = text
    assert await citizen.tap(2) != ""


async def test_what_waits_follows_the_answer_to_the_next_message(desk: Desk) -> None:
    citizen = desk.citizen()
    await told(desk, citizen.openid, Kind.UNBANNED, "citizen:987654")
    desk.clock.forward(timedelta(seconds=1))
    answer = await citizen.say("你好")
    assert "您又可以预约" not in answer
    (text,) = await desk.platform.texts_to(citizen.openid, 1)
    assert text.startswith("预约限制解除了")


async def test_wechats_reports_are_not_answered(desk: Desk) -> None:
    citizen = desk.citizen()
    report = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "1", "Status": "failed"}
    assert await citizen.send(**report) == ""
