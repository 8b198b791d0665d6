"""What the counter page shows, from the hall's board. Pure, but for the catalogue it is handed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.clock import SHANGHAI
from hall.catalogue.view import CatalogueView
from hall.centres.schema import Counter
from hall.queue.service import Board, Ticket, Wait, Window

_NEXT: Final = 5
_RANGE: Final = re.compile(
    r"(?P<before>.*?)(?P<first>\d{1,3})(?:\s*[–—~\-至、]\s*(?P<last>\d{1,3}))?\s*(?P<after>号窗口)"
)
_MOST_WINDOWS: Final = 60
STATES: Final = {"called": "已呼叫,等人过来", "serving": "正在办理"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket in the words of the page."""

    id: int
    number: str
    state: str
    item: str
    arrived: str
    appointed: str
    recalls: int
    back: bool
    since: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A counter group of this window: who waits there."""

    code: str
    name: str
    waiting: int
    next: tuple[str, ...]
    wait: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A window that can be opened, by name; `state` "" is free."""

    name: str
    group: str
    state: str
    who: str
    mine: bool
    id: int | None = None


@dataclass(frozen=True, slots=True)
class CounterView:
    """The page of a window."""

    window: Window
    ticket: Shown | None
    lines: tuple[Line, ...]
    next: tuple[str, ...]
    waiting: int
    held: tuple[Shown, ...]
    passed: tuple[Shown, ...]
    others: tuple[Window, ...]
    groups: tuple[Counter, ...]


def counter_view(board: Board, window: Window, view: CatalogueView) -> CounterView:
    """The page of this window on this board."""
    there = {line.group: line for line in board.groups}
    names = group_names(view, board.hall)
    lines = tuple(
        Line(code, names.get(code, code), there[code].waiting, there[code].next, waiting(there[code].wait))
        for code in window.groups
        if code in there
    )
    mine = set(window.groups)
    return CounterView(
        window=window,
        ticket=shown(window.ticket, view) if window.ticket is not None else None,
        lines=lines,
        next=_merged(lines),
        waiting=sum(line.waiting for line in lines),
        held=tuple(shown(one, view) for one in board.held if one.window_id == window.id),
        passed=tuple(shown(one, view) for one in board.passed if one.group in mine)[-_NEXT:],
        others=tuple(one for one in board.windows if one.id != window.id),
        groups=view.counters_of(board.hall),
    )


def shown(ticket: Ticket, view: CatalogueView) -> Shown:
    """A ticket in words."""
    item = view.items.get(ticket.item_code)
    return Shown(
        id=ticket.id,
        number=ticket.number,
        state=STATES.get(ticket.state, ""),
        item=item.name if item is not None else "",
        arrived=clock(ticket.arrived),
        appointed=clock(ticket.appointed) if ticket.appointed else "",
        recalls=ticket.recalls,
        back=ticket.passes > 0,
        since=ticket.started or ticket.called,
        reason=ticket.ended_why,
    )


def window_choices(
    board: Board, view: CatalogueView, login: str, names: Mapping[str, str]
) -> list[tuple[Counter, list[Choice]]]:
    """The windows of each counter group, by the numbers in the group's name."""
    open_now = {window.name: window for window in board.windows}
    chosen = []
    for counter in view.counters_of(board.hall):
        windows = [
            _choice(name, counter.group, open_now.get(name), login, names)
            for name in window_names(counter.name)
        ]
        chosen.append((counter, windows))
    return chosen


def _choice(name: str, group: str, window: Window | None, login: str, names: Mapping[str, str]) -> Choice:
    if window is None:
        return Choice(name, group, "", "", mine=False)
    mine = login in (window.staff, window.stand_in)
    return Choice(name, group, window.state, names.get(window.staff, window.staff), mine, window.id)


def window_names(group_name: str) -> list[str]:
    """``A 区 5–8 号窗口`` is four windows; a name without numbers is one."""
    found = _RANGE.search(group_name)
    if found is None:
        return [group_name]
    first = int(found["first"])
    last = int(found["last"] or first)
    if not first <= last < first + _MOST_WINDOWS:
        return [group_name]
    return [f"{found['before']}{number} {found['after']}".strip() for number in range(first, last + 1)]


def group_names(view: CatalogueView, hall: str) -> dict[str, str]:
    """The names of a hall's counter groups by code."""
    return {counter.group: counter.name for counter in view.counters_of(hall)}


def waiting(wait: Wait | None) -> str:
    """How long somebody waits who comes now."""
    if wait is None:
        return ""
    if wait.high <= 1:
        return "不用等"
    return f"{wait.low}–{wait.high} 分钟" if wait.low < wait.high else f"约 {wait.high} 分钟"


def clock(moment: datetime) -> str:
    """The time of day in Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def _merged(lines: Sequence[Line]) -> tuple[str, ...]:
    """The next of several groups: each group's own order, taken in turns, as no more is told."""
    merged = [line.next[place] for place in range(_NEXT) for line in lines if place < len(line.next)]
    return tuple(merged[:_NEXT])
