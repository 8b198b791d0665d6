from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Sessions
from tests.hall.queue.racing import race, replayed

Racing = Callable[..., Awaitable[tuple[list[BaseException], list[int], Sessions]]]


@pytest.fixture
async def racing(db_url: str) -> AsyncIterator[Racing]:
    used: list[Sessions] = []

    async def run(**numbers: int) -> tuple[list[BaseException], list[int], Sessions]:
        outcome, sessions = await race(db_url, **numbers)
        used.append(sessions)
        return outcome.wrong, outcome.called, sessions

    yield run
    for sessions in used:
        await sessions.kw["bind"].dispose()


async def test_eight_counters_race_and_every_ticket_is_called_once_in_order(racing: Racing) -> None:
    wrong, called, sessions = await racing(waiting=24, appointments=16, coming=16)
    assert wrong == []
    assert len(called) == len(set(called)) == 56
    assert await replayed(sessions) == []
