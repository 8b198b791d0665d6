from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.house import Stage, stage


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Stage]:
    """The console with the demo centre."""
    async with stage(tmp_path) as running:
        yield running
