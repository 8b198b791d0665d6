"""Which item a question is about: one that it names, the one spoken of, one of several, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from actions import documents, following, situations
from actions.aspects import SHORTEST_SUBJECT, bare, mentions, names_something, subject
from actions.picking import common_part, pick
from actions.turn import MOST_WAYS, Turn
from hall.catalogue.schema import Item
from nlu.search.index import Decision

# How sure the search must be of the first item, 0 to 1, for items to be offered in place of another intent's
# answer.
LIKELY = 0.5
# Words that narrow down what was offered before are few.
LONGEST_NARROWING = 6
# So is the case of one of them (父母已婚).
LONGEST_CASE = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """The item meant. `named` is False where it was kept from before."""

    item: Item
    named: bool = True


@dataclass(frozen=True, slots=True)
class Unsure:
    """The items of which one may be meant, likeliest first."""

    items: tuple[Item, ...]
    confidence: float = 0.0  # of the first, 0 to 1


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
        if following.stays_with(turn, spoken_of):
            return Taken(spoken_of, named=False)
        sibling = following.sibling(turn, spoken_of)
        if sibling is not None:
            return Taken(sibling)
    if not names_something(turn.words, turn.mentions):
        return _kept(spoken_of)
    offered = among_offered(turn)
    if offered is not None:
        return Taken(offered)
    return _searched(turn, spoken_of)


def _kept(spoken_of: Item | None) -> Found:
    return Taken(spoken_of, named=False) if spoken_of is not None else NotNamed()


def among_offered(turn: Turn) -> Item | None:
    """The item that a few words pick among those just offered."""
    offered = _offered(turn)
    for words in (subject(turn.words, turn.mentions), following.trimmed(turn)):
        if (picked := pick(offered, words)) is not None:
            return picked
    return _by_case(offered, turn.text)


def _by_case(offered: Iterable[Item], text: str) -> Item | None:
    """The one item offered that has the circumstance which a few words name (父母已婚)."""
    fitting = [
        item
        for item in offered
        if any(situations.picked(circumstance, text) for circumstance in item.circumstances)
    ]
    return fitting[0] if len(fitting) == 1 and len(text) <= LONGEST_CASE else None


def _searched(turn: Turn, spoken_of: Item | None) -> Found:
    offered = _offered(turn)
    decision = _narrowed(turn, offered) if offered else _decide(turn)
    items = known_items(turn, (hit.code for hit in decision.hits))
    if decision.kind == "answer" and items:
        turn.memory.offer([item.code for item in items])
        return Taken(items[0])
    if spoken_of is not None and following.goes_on(turn, spoken_of, items, decision.confidence):
        turn.memory.offer([spoken_of.code, *(item.code for item in items if item.code != spoken_of.code)])
        return Taken(spoken_of, named=False)
    if offered and turn.mentions and decision.confidence < following.ANOTHER_FROM:
        return Unsure(offered)
    return Unsure(items, decision.confidence) if items else Unknown()


def _offered(turn: Turn) -> tuple[Item, ...]:
    """The items just offered, where one of them is awaited."""
    pending = turn.memory.pending
    awaited = pending is not None and pending.kind == "item"
    return known_items(turn, turn.memory.candidates[: MOST_WAYS - 1]) if awaited else ()


def _narrowed(turn: Turn, offered: tuple[Item, ...]) -> Decision:
    """The decision on a few words after a choice was offered (公积金, then 提取): with what the items offered
    have in common in their names, where that makes the search surer.
    """
    decision = _decide(turn)
    matter = common_part([item.name for item in offered])
    words = subject(turn.words, turn.mentions)
    if decision.kind == "answer" or not matter or matter in words or len(words) > LONGEST_NARROWING:
        return decision
    within = turn.desk.search.decide(f"{matter}{words}")
    first = next(iter(known_items(turn, (hit.code for hit in decision.hits))), None)
    of_the_matter = first is not None and matter in first.name
    return within if within.kind == "answer" or of_the_matter else decision


def _decide(turn: Turn) -> Decision:
    """The search's decision on the words without aspects; on all of them where that leaves doubt."""
    last = turn.memory.item or None
    words = bare(turn.words, turn.mentions)
    decision = turn.desk.search.decide(words, context_code=last)
    if decision.kind == "answer":
        return decision
    if words != turn.words:
        whole = turn.desk.search.decide(turn.words, context_code=last)
        if whole.kind == "answer" or decision.kind == "none":
            return whole
    return _without_frame(turn, _without_papers(turn, decision))


def _without_frame(turn: Turn, decision: Decision) -> Decision:
    """A sure decision on the same item, where only days and courtesy left doubt (明天周六能办结婚登记吗)."""
    words = subject(turn.words, turn.mentions)
    if decision.kind != "menu" or len(words) < SHORTEST_SUBJECT:
        return decision
    sure = turn.desk.search.decide(words, context_code=turn.memory.item or None)
    same = bool(sure.hits) and sure.hits[0].code == decision.hits[0].code
    return sure if sure.kind == "answer" and same else decision


def _without_papers(turn: Turn, decision: Decision) -> Decision:
    """A surer decision among the same items, where only papers left doubt (领证要带户口本吗)."""
    if turn.intent != "ask_materials" and all(mention.aspect != "materials" for mention in turn.mentions):
        return decision
    asked = bare(turn.words, turn.mentions)
    words = documents.without_any(asked)
    if words == turn.words or not names_something(words, ()):
        return decision
    sure = turn.desk.search.decide(subject(words, ()))
    among = {hit.code for hit in decision.hits}
    return sure if sure.kind == "answer" and sure.hits[0].code in among else decision


def stands_alone(turn: Turn) -> bool:
    """Whether the text names what it is about, or nothing was spoken of before: it asks nothing on."""
    if not turn.text:
        return False
    return not turn.memory.item or names_something(turn.words, turn.mentions)


def beyond_doubt(turn: Turn, least: float = 0.0, *, without: re.Pattern[str] | None = None) -> Item | None:
    """The item that the search alone is sure of (at least so sure, 0 to 1), whatever intent was seen.

    Words found by `without` name no item.
    """
    words = without.sub(" ", turn.words) if without is not None else turn.words
    found = turn.mentions if without is None else mentions(words)
    if not turn.text or not names_something(words, found):
        return None
    decision = turn.desk.search.decide(bare(words, found))
    sure = decision.kind == "answer" and decision.confidence >= least
    return turn.desk.catalogue.get(decision.hits[0].code) if sure and decision.hits else None


def likely(turn: Turn, least: float = LIKELY) -> bool:
    """Whether the search finds items of which one is likely meant, whatever intent was seen."""
    if not turn.text or not names_something(turn.words, turn.mentions):
        return False
    decision = turn.desk.search.decide(bare(turn.words, turn.mentions))
    return decision.kind != "none" and decision.confidence >= least


def known_items(turn: Turn, codes: Iterable[str]) -> tuple[Item, ...]:
    """The items with these codes that the catalogue still has."""
    found = (turn.desk.catalogue.get(code) for code in codes)
    return tuple(item for item in found if item is not None)
