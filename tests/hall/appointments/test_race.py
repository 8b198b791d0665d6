from __future__ import annotations

import logging

import pytest
from sqlalchemy import func, select

from hall.appointments.models import Booking
from hall.db import Sessions
from tests.hall.appointments.desk import citizens, free, starts_of, wish
from tests.hall.appointments.racing import race


async def test_500_citizens_race_for_20_places_and_exactly_20_win(
    hall: Sessions, db_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = wish(group="F")
    parties = await citizens(hall, 500)
    with caplog.at_level(logging.WARNING):
        outcome = await race(db_url, parties, wanted)
    assert outcome.other == []
    assert (len(outcome.won), len(outcome.full)) == (20, 480)
    assert len({booking.citizen_id for booking in outcome.won}) == 20
    assert len({booking.code for booking in outcome.won}) == 20
    assert {tuple(starts_of(offered)) for offered in outcome.full} == {("02 09:00", "02 10:00", "02 10:30")}
    assert await free(hall, wanted) == 0
    async with hall() as session:
        assert await session.scalar(select(func.count(Booking.id))) == 20
    assert caplog.records == []
