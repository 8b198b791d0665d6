"""Which way an answer goes: as the passive reply while WeChat still waits, or later on its own."""

from __future__ import annotations

import enum


class Way(enum.Enum):
    """How the first part of an answer leaves."""

    PASSIVE = "passive"
    LATER = "later"


class Delivery:
    """The agreement between the handler that waits and the turn that works, within one process.

    Whoever comes first decides: the turn, just before it commits (`settle`), or the handler, when
    its time is up (`give_up`). Both run on one loop, so there is no moment between look and choice.
    """

    def __init__(self) -> None:
        self._way: Way | None = None

    def settle(self) -> Way:
        """Called by the turn before it commits; the way does not change afterwards."""
        if self._way is None:
            self._way = Way.PASSIVE
        return self._way

    def give_up(self) -> bool:
        """Called by the handler when its time is up; False where the answer is being committed."""
        if self._way is Way.PASSIVE:
            return False
        self._way = Way.LATER
        return True
