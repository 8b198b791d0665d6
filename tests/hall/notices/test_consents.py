"""When a citizen is asked for consent, and what the ledger says is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hall.db import Sessions
from hall.notices import consents
from hall.notices.consents import ASKED_AGAIN_AFTER, Left

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
OPENID = "oA"


async def asked(sessions: Sessions, *templates: str, now: datetime = NOW) -> bool:
    async with sessions.begin() as session:
        return await consents.ask(session, OPENID, templates, now=now)


async def grant(sessions: Sessions, template: str, *, lasting: bool = False) -> None:
    async with sessions.begin() as session:
        await consents.granted(session, OPENID, template, source="popup", now=NOW, lasting=lasting)


async def test_nobody_is_asked_for_nothing(sessions: Sessions) -> None:
    assert not await asked(sessions)


async def test_one_is_asked_once_and_again_only_much_later(sessions: Sessions) -> None:
    assert await asked(sessions, "t1", "t2")
    assert not await asked(sessions, "t1")
    assert not await asked(sessions, "t3")
    assert not await asked(sessions, "t1", now=NOW + ASKED_AGAIN_AFTER - timedelta(seconds=1))
    assert await asked(sessions, "t1", now=NOW + ASKED_AGAIN_AFTER)
    async with sessions() as session:
        lines = [(template, change) for _, template, change, _ in await consents.ledger(session, OPENID)]
    assert lines == [("t1", "asked"), ("t2", "asked"), ("t1", "asked")]


async def test_who_allows_all_is_not_asked(sessions: Sessions) -> None:
    await grant(sessions, "t1")
    await grant(sessions, "t2", lasting=True)
    assert not await asked(sessions, "t1", "t2")
    assert await asked(sessions, "t1", "t3")


async def test_what_is_left_goes_up_with_each_yes_and_down_with_each_notice(sessions: Sessions) -> None:
    await grant(sessions, "t1")
    await grant(sessions, "t1")
    await grant(sessions, "t2", lasting=True)
    async with sessions.begin() as session:
        assert await consents.left(session, OPENID) == {"t1": Left(2), "t2": Left(1, lasting=True)}
        await consents.used(session, OPENID, "t1", now=NOW)
        await consents.used(session, OPENID, "t2", now=NOW)
    async with sessions() as session:
        assert await consents.left(session, OPENID) == {"t1": Left(1), "t2": Left(1, lasting=True)}
        assert await consents.left(session, "oB") == {}
