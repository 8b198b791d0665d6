"""The real server, killed (SIGKILL) while citizens book through its callback: no place is held for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.booking_by_chat import kill_and_check, open_street
from tests.engines import drop_postgres_database, new_postgres_database

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("processes")]


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_killed_while_citizens_book(
    engine: str, model_dir: Path, redis_url: str, tmp_path: Path
) -> None:
    url = new_postgres_database() if engine == "postgres" else ""
    async with open_street(tmp_path, model_dir, redis_url, database_url=url) as street:
        survived = await kill_and_check(street, 24, at_once=8)
    if url:
        drop_postgres_database(url)
    assert survived.kills == 2
    assert survived.interrupted > 0
    assert survived.booked + survived.given_up == 24
