"""What an estimate of waiting times is made of. Pure; minutes from now."""

from __future__ import annotations

from dataclasses import dataclass

from hall.queue.pace import Pace

# Between which minutes from now, in order.
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody in line: for which counter group (or one window only), and what the visit takes.

    `gone`: how likely nobody comes when called, which takes `pass_minutes`. A `ghost` is not there, but asks
    how long it would be.
    """

    group: str
    pace: Pace
    gone: float = 0.0
    pass_minutes: float = 1.0
    only: int | None = None
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A window. `busy`: who is there since `minutes`; `back`: when it is expected (0: it is there).

    `gap`: from one visit's end to the next call.
    """

    id: int
    groups: frozenset[str]
    busy: Visit | None = None
    minutes: float = 0.0
    back: float = 0.0
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody expected who will go before the line: an appointment, or one who fills in a form."""

    minutes: float
    chance: float
    visit: Visit
    spread: float = 5.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The 10th percentile, the median and the 90th percentile of the minutes yet to wait."""

    low: float
    middle: float
    high: float
