"""Which of a few items some words mean: those just offered, or the siblings of one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from hall.catalogue.schema import Item

# How well the words must fit an item, of 100, for it to be picked; and how far ahead of the next.
PICKED = 75.0
PICKED_AHEAD = 10.0


def pick(items: Sequence[Item], words: str) -> Item | None:
    """The item that the words fit clearly better than any other; None where there is none."""
    if not words:
        return None
    scored = sorted(((fit(item, words), place) for place, item in enumerate(items)), reverse=True)
    if not scored or scored[0][0] < PICKED:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < PICKED_AHEAD:
        return None
    return items[scored[0][1]]


def fit(item: Item, words: str) -> float:
    """How well words fit what an item is called, 0 to 100."""
    names = (item.name, *item.aliases)
    return max(_within(words, name) for name in names)


def _within(words: str, name: str) -> float:
    """How much of the words the name holds (in pairs where there are pairs), and how alike both are."""
    pairs = [words[place : place + 2] for place in range(len(words) - 1)] or [words]
    held = 100.0 * sum(pair in name for pair in pairs) / len(pairs)
    return 0.8 * held + 0.2 * fuzz.ratio(words, name)


def common_part(names: Sequence[str]) -> str:
    """The longest stretch, of two characters or more, that all the names have; "" where there is none."""
    if len(names) < 2:
        return ""
    first, *others = sorted(names, key=len)
    for length in range(len(first), 1, -1):
        for start in range(len(first) - length + 1):
            part = first[start : start + length]
            if all(part in other for other in others):
                return part
    return ""
