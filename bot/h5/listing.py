"""Lists of items: a line of what matters for each, pages of a bounded size, groups by topic. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.h5 import facts
from bot.h5.links import item_href
from hall.catalogue.applicable import applicable
from hall.catalogue.schema import Item

# Rows of a page: 100 rows stay far below the 100 KB that a page may have, names of any length included.
PAGE_ROWS: Final = 100
_LONGEST_FEE: Final = 14


@dataclass(frozen=True, slots=True)
class Row:
    """An item in a list: its name, where it leads, a note of the list's own, and a line about the item."""

    name: str
    href: str
    note: str
    about: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; "" where the list is not divided."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list. `earlier` and `later` are the numbers of the pages beside it, 0 for none."""

    sections: tuple[Section, ...]
    total: int
    number: int
    pages: int

    @property
    def earlier(self) -> int:
        """The page before."""
        return self.number - 1

    @property
    def later(self) -> int:
        """The page after, 0 at the end."""
        return self.number + 1 if self.number < self.pages else 0


def row(item: Item, note: str = "", *, department: bool = True) -> Row:
    """The item with its department, limit and fee."""
    found = applicable(item, {})
    fee = facts.fees(found)
    told = [
        item.department if department else "",
        facts.limit(found),
        fee if len(fee) <= _LONGEST_FEE else "收费",
    ]
    about = " · ".join(part for part in told if part and part != facts.SILENT)
    return Row(item.name, item_href(item.code), note, about, item.topics[0] if item.topics else "")


def listed(items: Sequence[Item], page: str, *, by_topic: bool = False) -> Listed:
    """The page of the list that `page` names; the first or last where it names none there is."""
    pages = max(1, -(-len(items) // PAGE_ROWS))
    number = min(max(_number(page), 1), pages)
    ordered = _by_topic(items) if by_topic else list(items)
    rows = [
        row(item, department=not by_topic) for item in ordered[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    ]
    return Listed(tuple(_sections(rows, by_topic)), len(items), number, pages)


def _number(page: str) -> int:
    return int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1


def _by_topic(items: Sequence[Item]) -> list[Item]:
    """Items of one topic together, topics in the order in which they first appear."""
    order: dict[str, int] = {}
    for item in items:
        order.setdefault(item.topics[0] if item.topics else "", len(order))
    return sorted(items, key=lambda item: order[item.topics[0] if item.topics else ""])


def _sections(rows: Iterable[Row], by_topic: bool) -> list[Section]:
    if not by_topic:
        return [Section("", tuple(rows))]
    grouped = [(topic, tuple(found)) for topic, found in groupby(rows, key=lambda row: row.topic)]
    if len(grouped) == 1:
        return [Section("", grouped[0][1])]
    return [Section(topic or "其他", found) for topic, found in grouped]
