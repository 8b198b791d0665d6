from __future__ import annotations

from hall.db import Sessions
from tests.hall.appointments.killing import kill_bookings


async def test_killed_at_random_points_every_place_is_booked_or_free(hall: Sessions, db_url: str) -> None:
    survived = await kill_bookings(hall, db_url, 36)
    assert survived.killed > 5
    assert survived.done > 5
