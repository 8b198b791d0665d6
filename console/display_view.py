"""What the hall's screen (大屏) shows and says, from the hall's board. No personal data is in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hall.queue.service import Board

# The newest call stands large; so many before it.
_BEFORE: Final = 4
# As many as fit beside the next five.
_MOST_GROUPS: Final = 5
_DIGITS: Final = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


@dataclass(frozen=True, slots=True)
class Called:
    """A number that was called, and where to."""

    id: int
    number: str
    window: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits in a group."""

    group: str
    name: str
    waiting: int
    next: tuple[str, ...]
    windows: int


@dataclass(frozen=True, slots=True)
class DisplayView:
    """The screen: the newest call, the ones before, the next five, who waits where."""

    newest: Called | None
    before: tuple[Called, ...]
    next: tuple[str, ...]
    groups: tuple[Waiting, ...]
    more_groups: int
    more_waiting: int
    paused: tuple[str, ...]


def display_view(board: Board, names: Mapping[str, str]) -> DisplayView:
    """The screen of this board; a number called again stands once, at its newest call."""
    newest_first: dict[str, Called] = {}
    for call in reversed(board.calls):
        newest_first.setdefault(call.number, Called(call.id, call.number, unbroken(call.window)))
    called = list(newest_first.values())
    groups = [
        Waiting(line.group, names.get(line.group, line.group), line.waiting, line.next, line.windows)
        for line in board.groups
        if line.waiting or line.windows
    ]
    groups.sort(key=lambda group: (-group.waiting, group.group))
    return DisplayView(
        newest=called[0] if called else None,
        before=tuple(called[1 : 1 + _BEFORE]),
        next=board.next,
        groups=tuple(sorted(groups[:_MOST_GROUPS], key=lambda group: group.group)),
        more_groups=len(groups[_MOST_GROUPS:]),
        more_waiting=sum(group.waiting for group in groups[_MOST_GROUPS:]),
        paused=tuple(window.name for window in board.windows if window.state == "paused"),
    )


def unbroken(window: str) -> str:
    """The window's name, whose number stays on one line with its 号."""
    return re.sub(r"(\d) (?=号)", "\\1\N{NO-BREAK SPACE}", window)


def spoken(board: Board) -> list[dict[str, Any]]:
    """What is to be said for each call, by growing id. A screen says those above the last one it said."""
    return [{"id": call.id, "say": call_words(call.number, call.window)} for call in board.calls]


def call_words(number: str, window: str) -> str:
    """``A012`` is read figure by figure: a voice would make twelve of it."""
    figures = " ".join(_DIGITS.get(figure, figure) for figure in number)
    return f"请 {figures} 号,到 {window}"
