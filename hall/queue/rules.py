"""The numbers of the queue, in one place; a centre may set others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import fmean
from types import MappingProxyType

from hall.centres.opening import SHANGHAI

# What a visit to a counter takes before anything was measured there, in minutes by department. Assumed from
# the length of an appointment (15 minutes a person); a day's tickets outweigh it.
_USUAL_MINUTES = MappingProxyType(
    {
        "公安局": 8.0,
        "人社局": 10.0,
        "医保局": 10.0,
        "市场监管局": 15.0,
        "公积金中心": 15.0,
        "税务局": 12.0,
        "民政局": 18.0,
        "自然资源局(不动产)": 20.0,
    }
)


@dataclass(frozen=True, slots=True)
class QueueRules:
    """What the desk goes by. Minutes, seconds and numbers of people as the names say."""

    # Tickets are given so long before a counter group opens, and until so long before it closes for the day.
    early_minutes: int = 30
    last_ticket_minutes: int = 0
    # So long after the last counter closed, what is left of the day is closed.
    day_over_minutes: int = 60
    # A ticket is called once and recalled so often; who was passed over may come back so often, each time
    # behind so many of those who wait.
    recalls: int = 3
    ways_back: int = 1
    back_behind: int = 3
    # A button pressed again within so many seconds is the same press.
    same_press_seconds: float = 2.0
    # 快到您了 is told with so many ahead, or so many minutes to go, whichever comes first.
    soon_ahead: int = 3
    soon_minutes: int = 10
    # A visit's usual minutes before anything is measured, and by department; how far they spread (the
    # deviation of their logarithm).
    usual_minutes: float = 12.0
    department_minutes: Mapping[str, float] = field(default_factory=lambda: _USUAL_MINUTES)
    usual_spread: float = 0.6
    # Of those called so many do not come; seeing that takes so long. Then the next is called after a gap.
    usual_gone: float = 0.08
    usual_pass_minutes: float = 1.5
    usual_gap_minutes: float = 0.3
    # A paused counter is expected back after so many minutes; somebody who fills a form likewise.
    usual_pause_minutes: float = 12.0
    usual_hold_minutes: float = 10.0
    # Quiet times are told from so many weeks, once an hour of a weekday was seen on so many days.
    history_weeks: int = 8
    history_days: int = 2
    # Tickets older than this no longer say whose they were; the figures stay.
    named_days: int = 90

    def minutes_of(self, departments: Iterable[str]) -> float:
        """The usual minutes at a counter of these departments."""
        known = [self.department_minutes[name] for name in departments if name in self.department_minutes]
        return fmean(known) if known else self.usual_minutes


@dataclass(frozen=True, slots=True)
class QueueTerms:
    """On what terms something is done: the moment (aware) and the rules."""

    now: datetime
    rules: QueueRules = QueueRules()

    @property
    def day(self) -> date:
        """The day in Asia/Shanghai."""
        return self.now.astimezone(SHANGHAI).date()
