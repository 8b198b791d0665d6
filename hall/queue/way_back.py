"""The way back after being passed over (过号): once, behind the next few who wait. Pure.

A second pass ends the ticket. The priority of an appointment is lost with the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hall.queue.order import Place

# Less than any two arrivals lie apart.
_TICK = timedelta(microseconds=1)


def may_come_back(passes: int, ways_back: int) -> bool:
    """Whether a ticket that was passed over so often may come back."""
    return passes <= ways_back


def place_back(line: Sequence[Place], behind: int, now: datetime) -> datetime:
    """The place of who comes back: behind the next `behind` of their group's `line`, in order.

    With fewer than that waiting it is at the end. Appointments and those who return to their counter count
    among the next, and are called before in any case.
    """
    if len(line) <= behind:
        return max([now, *(place.place + _TICK for place in line if _by_place(place))])
    ahead = [place for place in line[:behind] if _by_place(place)]
    if ahead:
        return ahead[-1].place + _TICK
    first = next((place for place in line[behind:] if _by_place(place)), None)
    return first.place - _TICK if first is not None else now


def _by_place(place: Place) -> bool:
    return not place.comes_back and place.appointed is None
