from __future__ import annotations

import pytest

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Sessions
from tests.hall.queue.desk import open_centre


@pytest.fixture
async def hall(sessions: Sessions) -> Sessions:
    """Sessions on a database with the small centre."""
    return await open_centre(sessions)
