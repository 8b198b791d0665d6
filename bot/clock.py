"""The product's clock. Rules take `now` as a parameter; only the edges read a clock, and it is this one."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def running_from(start: datetime | None) -> Clock:
    """A clock that runs on from `start` (an aware moment), or the real one. It tells UTC."""
    if start is None:
        return lambda: datetime.now(UTC)
    began = time.monotonic()
    origin = start.astimezone(UTC)
    return lambda: origin + timedelta(seconds=time.monotonic() - began)
