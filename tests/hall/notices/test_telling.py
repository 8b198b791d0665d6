from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from hall.db import Sessions
from hall.notices.models import NoticeRow, State
from hall.notices.service import Kind, Notice, tell, withdraw

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def notice(**changes: Any) -> Notice:
    said: dict[str, Any] = {
        "kind": Kind.REMINDER_EVENING,
        "openid": "ocitizen",
        "subject": "booking:12",
        "event": "2026-12-02T01:30:00+00:00",
        "values": {"item": "A-1", "hall": "main", "starts": "2026-12-02T01:30:00+00:00"},
        "due": NOW + timedelta(hours=8),
        "useful_until": NOW + timedelta(hours=23),
    }
    return Notice(**(said | changes))


async def told(sessions: Sessions, said: Notice) -> bool:
    async with sessions.begin() as session:
        return await tell(session, said, now=NOW)


async def gone(sessions: Sessions, subject: str = "booking:12", **which: Any) -> int:
    async with sessions.begin() as session:
        return await withdraw(session, subject, now=NOW, **which)


async def states(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(NoticeRow.state).order_by(NoticeRow.id)))


async def test_the_same_notice_stands_once(sessions: Sessions) -> None:
    assert await told(sessions, notice())
    assert not await told(sessions, notice())
    assert await told(sessions, notice(event="2026-12-03T01:30:00+00:00"))
    assert await told(sessions, notice(kind=Kind.REMINDER_HOUR))
    assert await told(sessions, notice(openid="oother"))
    assert await states(sessions) == ["due"] * 4


async def test_an_undone_change_tells_nobody(sessions: Sessions) -> None:
    async with sessions() as session:
        await tell(session, notice(), now=NOW)
        await session.rollback()
    assert await states(sessions) == []


async def test_who_has_no_account_is_not_told(sessions: Sessions) -> None:
    assert not await told(sessions, notice(openid=""))
    assert await states(sessions) == []


async def test_what_is_withdrawn_is_of_this_subject_and_these_kinds(sessions: Sessions) -> None:
    await told(sessions, notice())
    await told(sessions, notice(kind=Kind.REMINDER_HOUR))
    await told(sessions, notice(subject="booking:13"))
    assert await gone(sessions, kinds=[Kind.REMINDER_HOUR]) == 1
    assert await states(sessions) == ["due", "withdrawn", "due"]
    assert await gone(sessions) == 1
    assert await gone(sessions) == 0
    assert await states(sessions) == ["withdrawn", "withdrawn", "due"]


async def test_what_was_withdrawn_can_be_wanted_again(sessions: Sessions) -> None:
    await told(sessions, notice())
    await gone(sessions)
    assert await told(sessions, notice(values={"item": "A-2"}))
    async with sessions() as session:
        row = (await session.scalars(select(NoticeRow))).one()
    assert (row.state, row.facts) == ("due", {"item": "A-2"})
    assert not await told(sessions, notice())


async def test_what_was_sent_is_not_told_twice(sessions: Sessions) -> None:
    await told(sessions, notice())
    async with sessions.begin() as session:
        await session.execute(update(NoticeRow).values(state=State.SENT))
    assert await gone(sessions) == 0
    assert not await told(sessions, notice())


async def test_what_is_being_sent_is_marked_as_unwanted(sessions: Sessions) -> None:
    await told(sessions, notice())
    async with sessions.begin() as session:
        await session.execute(update(NoticeRow).values(state=State.SENDING))
    assert await gone(sessions) == 1
    async with sessions() as session:
        row = (await session.scalars(select(NoticeRow))).one()
    assert (row.state, row.unwanted) == ("sending", True)
    assert await told(sessions, notice())
    async with sessions() as session:
        row = (await session.scalars(select(NoticeRow))).one()
    assert (row.state, row.unwanted) == ("sending", False)


async def test_a_check_in_code_and_numbers_in_a_reason_are_not_kept(sessions: Sessions) -> None:
    await told(sessions, notice(values={"code": "K7M2QX", "reason": "请致电13800138000"}))
    async with sessions() as session:
        facts = (await session.scalars(select(NoticeRow.facts))).one()
    assert facts == {"reason": "请致电〔号码〕"}
