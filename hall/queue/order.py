"""In what order tickets are called. Pure.

First who comes back to a counter from filling in a form (挂起), to that counter; then appointments, by the
time they were made for; then everybody else by place: when they arrived, and for who came back after being
passed over (过号), as `hall.queue.way_back` says. A transfer keeps all of this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A waiting ticket as the order sees it.

    `appointed`: the time of an appointment that still has its priority. `only_window`: it is to go there,
    and nowhere else as long as that counter is there. `comes_back`: it was there before and comes back.
    """

    id: int
    group: str
    place: datetime
    since: datetime
    appointed: datetime | None = None
    only_window: int | None = None
    comes_back: bool = False


def in_line(places: Iterable[Place]) -> list[Place]:
    """The line of a hall, the first to be called first."""
    return sorted(places, key=_rank)


def _rank(place: Place) -> tuple[int, datetime, datetime, int]:
    if place.comes_back:
        return 0, place.since, place.since, place.id
    if place.appointed is not None:
        return 1, place.appointed, place.since, place.id
    return 2, place.place, place.since, place.id


def may_call(place: Place, window: int, groups: Collection[str], there: Collection[int]) -> bool:
    """Whether a counter that serves `groups` may call a ticket; `there` are the open ones.

    A ticket that is to go to one counter goes to any of its group while that one is not open.
    """
    if place.only_window is not None and place.only_window in there:
        return place.only_window == window
    return place.group in groups


def next_for(
    line: Iterable[Place], window: int, groups: Collection[str], there: Collection[int]
) -> Place | None:
    """Whom a counter calls next; `line` in order."""
    return next((place for place in line if may_call(place, window, groups, there)), None)
