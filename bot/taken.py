"""What a turn leaves behind: the passive reply and where the conversation's row stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was taken. `answer` is "" where nothing is to be said now; `revision` the row's."""

    answer: str
    revision: int
