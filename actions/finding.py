"""Which item a question is about: one that it names, the one spoken of, one of several, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from actions import situations
from actions.aspects import OF_INTENT, SHORTEST_SUBJECT, bare, names_something, subject
from actions.questions import common_question
from actions.turn import MOST_WAYS, Turn
from hall.catalogue.schema import Item
from nlu.search.index import Decision

# How well the words fit one of the items just offered, of 100, for it to be picked; and ahead of the next.
PICKED = 75.0
PICKED_AHEAD = 10.0
# Longer words name an item by themselves.
LONGEST_TURN_OF_PHRASE = 4

_ACTIONS = frozenset("丢换补改迁退转销延")
_EDGES = re.compile(
    r"^(?:那么?|如果|要是|假如|是|我|想|要|\s|[,。?!])+|(?:呢|的话|怎么办|咋办|吗|啊|呀|的|\s|[,。?!])+$"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """The item meant. `named` is False where it was kept from before."""

    item: Item
    named: bool = True


@dataclass(frozen=True, slots=True)
class Unsure:
    """The items of which one may be meant, likeliest first."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NotNamed:
    """The question names no item, and none was spoken of."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The question is about something that is not in the catalogue."""


Found = Taken | Unsure | NotNamed | Unknown


def find(turn: Turn) -> Found:
    """The item that the turn is about. Remembers what else it may have been (for 不是这件事)."""
    chosen = turn.desk.catalogue.get(turn.given("item"))
    if chosen is not None:
        return Taken(chosen)
    spoken_of = turn.desk.catalogue.get(turn.memory.item)
    if not turn.text:
        return _kept(spoken_of)
    if spoken_of is not None:
        if _stays_with(turn, spoken_of):
            return Taken(spoken_of, named=False)
        sibling = _sibling(turn, spoken_of)
        if sibling is not None:
            return Taken(sibling)
    if not names_something(turn.text, turn.mentions):
        return _kept(spoken_of)
    offered = _among_offered(turn)
    if offered is not None:
        return Taken(offered)
    return _searched(turn, spoken_of)


def _kept(spoken_of: Item | None) -> Found:
    return Taken(spoken_of, named=False) if spoken_of is not None else NotNamed()


def _stays_with(turn: Turn, item: Item) -> bool:
    """Whether the words only name a circumstance of this item, or ask one of its common questions."""
    left = subject(turn.text, turn.mentions)
    for name in _circumstance_words(item):
        left = left.replace(name, "")
    if len(left) < SHORTEST_SUBJECT and situations.told(item, turn.text):
        return True
    return common_question(item, turn.text) is not None


def _circumstance_words(item: Item) -> list[str]:
    names = [
        name
        for circumstance in item.circumstances
        for choice in circumstance.choices
        for name in (choice.label, *choice.aliases)
    ]
    return sorted(names, key=len, reverse=True)


def _sibling(turn: Turn, spoken_of: Item) -> Item | None:
    """The sibling of the item spoken of that a few words name by what is done (那丢了呢, 换呢)."""
    words = _EDGES.sub("", bare(turn.text, turn.mentions))
    if len(words) > LONGEST_TURN_OF_PHRASE or (len(words) < SHORTEST_SUBJECT and words not in _ACTIONS):
        return None
    family = (spoken_of, *turn.desk.catalogue.siblings(spoken_of.code))
    found = pick(family, words)
    return found if found is not None and found.code != spoken_of.code else None


def _among_offered(turn: Turn) -> Item | None:
    """The item that a few words pick among those just offered."""
    pending = turn.memory.pending
    if pending is None or pending.kind != "item":
        return None
    items = known_items(turn, turn.memory.candidates[:MOST_WAYS])
    return pick(items, subject(turn.text, turn.mentions))


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


def _searched(turn: Turn, spoken_of: Item | None) -> Found:
    decision = _decide(turn)
    items = known_items(turn, (hit.code for hit in decision.hits))
    if decision.kind == "answer" and items:
        turn.memory.offer([item.code for item in items])
        return Taken(items[0])
    if spoken_of is not None and _asks_aspect(turn) and (not items or spoken_of in items):
        return Taken(spoken_of, named=False)
    if not items:
        return Unknown()
    if len(items) == 1:
        turn.memory.offer([items[0].code])
    return Unsure(items)


def _decide(turn: Turn) -> Decision:
    """The search's decision on the words without aspects; on all of them where that leaves doubt."""
    last = turn.memory.item or None
    words = bare(turn.text, turn.mentions)
    decision = turn.desk.search.decide(words, context_code=last)
    if decision.kind == "answer" or words == turn.text:
        return decision
    whole = turn.desk.search.decide(turn.text, context_code=last)
    if whole.kind == "answer" or decision.kind == "none":
        return whole
    return decision


def _asks_aspect(turn: Turn) -> bool:
    """Whether something in particular is asked, as people do about an item already spoken of."""
    return bool(turn.mentions) or OF_INTENT.get(turn.intent, "whole") != "whole"


def known_items(turn: Turn, codes: Iterable[str]) -> tuple[Item, ...]:
    """The items with these codes that the catalogue still has."""
    found = (turn.desk.catalogue.get(code) for code in codes)
    return tuple(item for item in found if item is not None)
