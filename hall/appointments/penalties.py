"""What missed appointments lead to. Pure.

One no-show: no booking for a week from the missed start. Three within 30 days: blacklisted until staff lift
it. A no-show is excused where the centre's own reminder failed, or by staff. What was missed before a lift no
longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hall.appointments.rules import BookingRules


@dataclass(frozen=True, slots=True)
class NoShow:
    """A missed appointment by its start."""

    at: datetime
    excused: bool = False

    @classmethod
    def noted(cls, starts: datetime, *, reminder_failed: datetime | None, excused: datetime | None) -> NoShow:
        """As it was noted: our own reminder that failed excuses it as well as staff do."""
        return cls(starts, excused=reminder_failed is not None or excused is not None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may book. `until`: the end of a suspension; None on the blacklist, which has no end.

    `counted`: the no-shows that led to it.
    """

    kind: Literal["clear", "suspended", "blacklisted"] = "clear"
    until: datetime | None = None
    counted: tuple[datetime, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether nothing stands against booking."""
        return self.kind == "clear"


CLEAR = Standing()


def standing(
    no_shows: Iterable[NoShow], *, lifted: datetime | None, rules: BookingRules, now: datetime
) -> Standing:
    """The standing at `now`; `lifted` is the moment of the last lift."""
    counted = sorted(
        missed.at for missed in no_shows if not missed.excused and (lifted is None or missed.at > lifted)
    )
    together = _within_window(counted, rules)
    if together:
        return Standing("blacklisted", None, together)
    if not counted:
        return CLEAR
    until = counted[-1] + timedelta(days=rules.suspension_days)
    return Standing("suspended", until, (counted[-1],)) if now < until else CLEAR


def worse(one: Standing, other: Standing) -> Standing:
    """The graver of two standings; of two suspensions the longer."""
    order = ("clear", "suspended", "blacklisted")
    first, second = order.index(one.kind), order.index(other.kind)
    if first != second:
        return one if first > second else other
    if one.until is not None and other.until is not None and other.until > one.until:
        return other
    return one


def _within_window(missed: list[datetime], rules: BookingRules) -> tuple[datetime, ...]:
    """The first no-shows that lie near enough to each other; empty where none do."""
    needed, window = rules.blacklist_no_shows, timedelta(days=rules.blacklist_window_days)
    for place in range(len(missed) - needed + 1):
        together = missed[place : place + needed]
        if together[-1] - together[0] <= window:
            return tuple(together)
    return ()
