from __future__ import annotations

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from hall.staff.service import Passwords

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def passwords() -> Passwords:
    """As the product's, but quick."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
