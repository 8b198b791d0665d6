"""Calls a day, by endpoint. The platform's day is Shanghai's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from simulator.errors import ApiError

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Quotas:
    """Counts calls and refuses what goes beyond the day's allowance with 45009."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = dict(limits)
        self._day: date | None = None
        self._used: Counter[str] = Counter()

    def spend(self, endpoint: str, now: datetime) -> None:
        """Count one call; raise ApiError 45009 when the day's allowance is used up."""
        self._turn_page(now)
        limit = self.limits.get(endpoint)
        if limit is not None and self._used[endpoint] >= limit:
            raise ApiError(45009, f"{endpoint} {limit}")
        self._used[endpoint] += 1

    def used(self, now: datetime) -> dict[str, tuple[int, int | None]]:
        """Tell by endpoint how many calls today had, and how many it may have (None: no limit)."""
        self._turn_page(now)
        names = sorted({*self.limits, *self._used})
        return {name: (self._used[name], self.limits.get(name)) for name in names}

    def clear(self) -> None:
        """Forget today's calls (the platform's clear_quota)."""
        self._used.clear()

    def _turn_page(self, now: datetime) -> None:
        today = now.astimezone(SHANGHAI).date()
        if today != self._day:
            self._day = today
            self._used.clear()
