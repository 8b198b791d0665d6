"""When, and how often, an account may write to a citizen (the platform's "customer-service messages")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from simulator.errors import ApiError

Opener = Literal["message", "action"]

# What a citizen did -> (messages allowed, for how long).
ALLOWANCES: dict[Opener, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "action": (3, timedelta(minutes=1)),  # menu click, follow, scan, click on a msgmenu item
}
TYPING_AFTER = timedelta(seconds=30)
TYPING_LASTS = timedelta(seconds=15)


@dataclass(slots=True)
class Allowance:
    """Messages left until a time."""

    left: int
    until: datetime


class Window:
    """The allowances of one citizen, and the typing state shown to them."""

    def __init__(self) -> None:
        self._allowances: dict[Opener, Allowance] = {}
        self._last_heard: datetime | None = None
        self._typing_until: datetime | None = None

    def open(self, by: Opener, now: datetime) -> None:
        """Renew the allowance that a citizen's message or action gives."""
        left, life = ALLOWANCES[by]
        self._allowances[by] = Allowance(left, now + life)
        self._last_heard = now

    def close(self) -> None:
        """Take every allowance away (the citizen unfollowed)."""
        self._allowances.clear()
        self._typing_until = None

    def require_open(self, now: datetime) -> Allowance:
        """Give the allowance the next message is counted on: the one that ends first.

        Raise ApiError 45015 when none is open, 45047 when those open are used up.
        """
        open_now = sorted((a for a in self._allowances.values() if now < a.until), key=lambda a: a.until)
        if not open_now:
            raise ApiError(45015)
        for allowance in open_now:
            if allowance.left > 0:
                return allowance
        raise ApiError(45047)

    def spend(self, now: datetime) -> None:
        """Count one customer-service message; it ends the typing state."""
        self.require_open(now).left -= 1
        self._typing_until = None

    def start_typing(self, now: datetime) -> None:
        """Show typing for 15 s; raise ApiError 45015, 45047, 45080 or 45081 where it is not allowed."""
        self.require_open(now)
        if self._last_heard is None or now - self._last_heard > TYPING_AFTER:
            raise ApiError(45080)
        if self.typing(now):
            raise ApiError(45081)
        self._typing_until = now + TYPING_LASTS

    def stop_typing(self) -> None:
        """End the typing state."""
        self._typing_until = None

    def typing(self, now: datetime) -> bool:
        """Tell whether the citizen sees the account typing."""
        return self._typing_until is not None and now < self._typing_until

    def left(self, now: datetime) -> dict[Opener, tuple[int, int]]:
        """Tell by kind how many messages are left and for how many seconds."""
        return {
            kind: (allowance.left, int((allowance.until - now).total_seconds()))
            for kind, allowance in self._allowances.items()
            if now < allowance.until
        }

    def shift(self, by: timedelta) -> None:
        """Move everything into the past, as if that time had gone by."""
        for allowance in self._allowances.values():
            allowance.until -= by
        if self._last_heard:
            self._last_heard -= by
        if self._typing_until:
            self._typing_until -= by
