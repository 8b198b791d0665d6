"""How long a visit takes, learned from those before. Pure; minutes, and logarithms of minutes.

The minutes of a visit are taken as lognormal: most are short, some very long. What was measured of an item
leans on what was measured at its counter group, and that on the rules' usual minutes, as if those were a few
visits more (the normal-inverse-gamma posterior of a normal distribution). Each visit weighs a little more
than the one before it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# What a visit weighs against the next: the latest 70 or so make up the measure.
_KEEP = 0.985
# The prior is worth so many visits for the mean, and so many for the spread.
_PRIOR_VISITS = 4.0
_PRIOR_SPREAD_VISITS = 8.0
# Minutes beyond this are a window that forgot to press, or pressed twice.
_LEAST, _MOST = 0.2, 180.0
_FAR = 3.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a visit takes: the mean and the deviation of its log minutes; `doubt`: of the mean itself."""

    centre: float
    spread: float
    doubt: float

    @property
    def minutes(self) -> float:
        """The mean visit in minutes."""
        return math.exp(self.centre + self.spread**2 / 2)

    @property
    def variance(self) -> float:
        """The variance of a visit's minutes."""
        return self.minutes**2 * math.expm1(self.spread**2)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measured visits: their weight, mean log minutes and summed squared deviation from it."""

    weight: float = 0.0
    mean: float = 0.0
    spread: float = 0.0


def usual(minutes: float, spread: float) -> Pace:
    """The pace where nothing is measured: a mean visit of so many minutes."""
    return Pace(math.log(minutes) - spread**2 / 2, spread, spread / math.sqrt(_PRIOR_VISITS))


def pace_of(prior: Pace, measured: Measured) -> Pace:
    """The pace by what was measured, leaning on a prior."""
    weight = _PRIOR_VISITS + measured.weight
    centre = (_PRIOR_VISITS * prior.centre + measured.weight * measured.mean) / weight
    apart = _PRIOR_VISITS * measured.weight / weight * (measured.mean - prior.centre) ** 2
    squares = _PRIOR_SPREAD_VISITS * prior.spread**2 + measured.spread + apart
    spread = math.sqrt(squares / (_PRIOR_SPREAD_VISITS + measured.weight))
    return Pace(centre, spread, spread / math.sqrt(weight))


def learn(measured: Measured, minutes: float, expected: Pace) -> Measured:
    """What is measured with one visit more. One far from what is expected counts as the farthest likely."""
    seen = math.log(min(max(minutes, _LEAST), _MOST))
    far = _FAR * max(expected.spread, 0.3)
    seen = min(max(seen, expected.centre - far), expected.centre + far)
    weight = _KEEP * measured.weight + 1
    apart = seen - measured.mean
    mean = measured.mean + apart / weight
    return Measured(weight, mean, _KEEP * measured.spread + apart * (seen - mean))


def leaning(weight: float, mean: float, prior: float, prior_weight: float = 4.0) -> float:
    """A measured mean that leans on a prior, as if that were so many values more."""
    return (weight * mean + prior_weight * prior) / (weight + prior_weight)


def weigh(weight: float, mean: float, seen: float) -> tuple[float, float]:
    """The weight and the mean with one value more, the latest weighing most."""
    heavier = _KEEP * weight + 1
    return heavier, mean + (seen - mean) / heavier
