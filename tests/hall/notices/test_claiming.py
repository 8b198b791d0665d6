from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from hall.db import Sessions
from hall.notices.claiming import CLAIM, claim, give_up_claims, held_for, release
from hall.notices.models import NoticeRow, State
from hall.notices.service import Kind, tell, withdraw
from tests.hall.notices.test_telling import NOW, notice


async def owe(sessions: Sessions, number: int, kind: Kind = Kind.BOOKING_CONFIRMED) -> None:
    async with sessions.begin() as session:
        for count in range(number):
            due = NOW - timedelta(minutes=count)
            await tell(session, notice(kind=kind, subject=f"booking:{count}", due=due), now=NOW)


async def take(sessions: Sessions, by: str = "one", *, urgency: int = 1, limit: int = 10) -> list[int]:
    async with sessions.begin() as session:
        return [one.id for one in await claim(session, by, urgency=urgency, limit=limit, now=NOW)]


async def state(sessions: Sessions) -> list[tuple[str, bool]]:
    async with sessions() as session:
        rows = await session.execute(select(NoticeRow.state, NoticeRow.again).order_by(NoticeRow.id))
        return [(row.state, row.again) for row in rows]


async def test_the_longest_due_are_taken_first_and_no_more_than_asked_for(sessions: Sessions) -> None:
    await owe(sessions, 60)
    assert await take(sessions, limit=7) == [60, 59, 58, 57, 56, 55, 54]
    assert await take(sessions, limit=3) == [53, 52, 51]


async def test_two_processes_never_take_the_same(sessions: Sessions) -> None:
    await owe(sessions, 40)
    taken = await asyncio.gather(*(take(sessions, f"process {n}", limit=10) for n in range(6)))
    ids = [number for batch in taken for number in batch]
    assert len(ids) == len(set(ids)) == 40


async def test_urgent_ones_stand_on_a_lane_of_their_own(sessions: Sessions) -> None:
    await owe(sessions, 5)
    await owe(sessions, 2, Kind.CALLED)
    assert len(await take(sessions, urgency=0)) == 2
    assert len(await take(sessions, urgency=1)) == 5


async def test_what_is_not_due_yet_or_past_its_use_is_not_taken(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await tell(session, notice(due=NOW + timedelta(seconds=1)), now=NOW)
        past = notice(subject="booking:13", due=NOW - timedelta(hours=2), useful_until=NOW)
        await tell(session, past, now=NOW)
    assert await take(sessions) == []


async def test_a_kind_of_another_version_is_left_to_one_that_knows_it(sessions: Sessions) -> None:
    await owe(sessions, 2)
    async with sessions.begin() as session:
        await session.execute(update(NoticeRow).where(NoticeRow.id == 2).values(kind="of_tomorrow"))
    assert await take(sessions) == [1]


async def test_a_dead_process_claim_is_given_up_as_unsure(sessions: Sessions) -> None:
    await owe(sessions, 1)
    await take(sessions)
    async with sessions.begin() as session:
        assert await give_up_claims(session, now=NOW + CLAIM - timedelta(seconds=1)) == 0
        assert await give_up_claims(session, now=NOW + CLAIM) == 1
    assert await state(sessions) == [("unsure", False)]
    assert await take(sessions) == []
    async with sessions.begin() as session:
        assert await held_for(session, "ocitizen") == 1
        assert await release(session, "ocitizen", now=NOW) == 1
    assert await state(sessions) == [("due", True)]


async def test_a_dead_process_claim_that_nobody_wants_any_more_is_withdrawn(sessions: Sessions) -> None:
    await owe(sessions, 1)
    await take(sessions)
    async with sessions.begin() as session:
        await withdraw(session, "booking:0", now=NOW)
        await give_up_claims(session, now=NOW + CLAIM)
    assert await state(sessions) == [("withdrawn", False)]


async def test_only_what_waits_and_is_of_use_is_released(sessions: Sessions) -> None:
    await owe(sessions, 5)
    async with sessions.begin() as session:
        for number, held in enumerate(("waiting", "alarm", "refused", "sent", "waiting"), 1):
            await session.execute(update(NoticeRow).where(NoticeRow.id == number).values(state=held))
        await session.execute(update(NoticeRow).where(NoticeRow.id == 5).values(useful_until=NOW))
        assert await release(session, "ocitizen", now=NOW) == 3
        assert await release(session, "osomebody", now=NOW) == 0
    assert await state(sessions) == [
        (State.DUE, False),
        (State.DUE, False),
        (State.DUE, False),
        (State.SENT, False),
        (State.WAITING, False),
    ]
