"""The queue looked after by the clock alone, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.queue_upkeep import QueueUpkeep
from hall.db import Sessions
from hall.queue.rules import QueueRules
from tests.hall.queue.desk import TUESDAY, at, called, notices, on, open_centre, opened, state_of, taken

RULES = QueueRules(soon_ahead=0, soon_minutes=20)


class Replica:
    def __init__(self, engine: AsyncEngine) -> None:
        self.now = at("10:00")
        self.announced: list[frozenset[str]] = []
        self.upkeep = QueueUpkeep(engine, lambda: self.now, RULES, self.announced.append)


async def test_who_is_nearly_up_by_the_clock_alone_is_told_once(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    hall = await open_centre(sessions)
    window = await opened(hall)
    for _ in range(3):
        await taken(hall)
    await called(hall, window, "10:00")
    await taken(hall, "o-wu", terms=on("10:00", rules=RULES))
    replica, other = Replica(engine), Replica(engine)
    await replica.upkeep.sweep()
    assert await notices(hall, "o-wu") == []
    replica.now = other.now = at("10:00") + timedelta(minutes=9)
    await asyncio.gather(replica.upkeep.sweep(), other.upkeep.sweep())
    await replica.upkeep.sweep()
    assert await notices(hall, "o-wu") == [("calling_soon", "due")]
    assert set(replica.announced + other.announced) == {frozenset({"queue:main", "notices"})}


async def test_a_day_that_is_over_is_closed_and_its_watchers_are_told(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    hall = await open_centre(sessions)
    ticket = await taken(hall, "o-wu")
    replica = Replica(engine)
    replica.now = at("08:00", TUESDAY + timedelta(days=1))
    await replica.upkeep.sweep()
    assert (await state_of(hall, ticket.id)).state == "closed"
    assert replica.announced == [frozenset({"queue:main", "notices"})]
    await replica.upkeep.sweep()
    assert len(replica.announced) == 1
