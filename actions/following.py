"""Whether a question goes on about the item spoken of, without naming it again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import documents, situations
from actions.aspects import OF_INTENT, SHORTEST_SUBJECT, bare, subject
from actions.matters import words
from actions.picking import pick
from actions.questions import common_question
from actions.turn import Turn
from hall.catalogue.schema import Item

# Longer words name an item by themselves.
LONGEST_TURN_OF_PHRASE = 4
# Where something in particular is asked, the search must be at least this sure of another item to leave
# this one: of held-back questions that name an item a fifth stays below, of those that go on nearly all do.
ANOTHER_FROM = 0.45

_ACTIONS = frozenset("丢换补改迁退转销延")
_EDGES = re.compile(
    r"^(?:那么?|如果|要是|假如|是|我|想|要|\s|[,。?!])+|(?:呢|的话|怎么办|咋办|吗|啊|呀|的|\s|[,。?!])+$"
)


def stays_with(turn: Turn, item: Item) -> bool:
    """Whether the words only name a circumstance of this item or a paper, or ask a common question of it."""
    left = subject(turn.words, turn.mentions)
    for name in _circumstance_words(item):
        left = left.replace(name, "")
    if len(left) < SHORTEST_SUBJECT and situations.told(item, turn.text):
        return True
    papers = documents.without_mere_papers(left)
    if papers != left and len(papers) < SHORTEST_SUBJECT:
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


def trimmed(turn: Turn) -> str:
    """The words without what is asked and what only leads in and out of them: 到期 of 那到期的呢."""
    return _EDGES.sub("", bare(turn.words, turn.mentions))


def sibling(turn: Turn, spoken_of: Item) -> Item | None:
    """The sibling of the item spoken of that a few words name by what is done (那丢了呢, 换呢)."""
    named = trimmed(turn)
    if len(named) > LONGEST_TURN_OF_PHRASE or (len(named) < SHORTEST_SUBJECT and named not in _ACTIONS):
        return None
    family = (spoken_of, *turn.desk.catalogue.siblings(spoken_of.code))
    found = pick(family, named)
    return found if found is not None and found.code != spoken_of.code else None


def goes_on(turn: Turn, spoken_of: Item, found: Sequence[Item], confidence: float) -> bool:
    """Whether a question that the search has no sure answer to is about the item spoken of.

    `found` are the items that the search took into account, `confidence` how sure it is of the first.
    """
    if found and found[0].code == spoken_of.code:
        return True
    if not _asks_aspect(turn):
        return False
    if spoken_of in found or _asks_its_papers(turn, spoken_of):
        return True
    return confidence < ANOTHER_FROM and not _names_other_matter(turn, spoken_of)


def _asks_aspect(turn: Turn) -> bool:
    """Whether something in particular is asked, as people do about an item already spoken of."""
    return bool(turn.mentions) or OF_INTENT.get(turn.intent, "whole") != "whole"


def _names_other_matter(turn: Turn, item: Item) -> bool:
    """Whether the words name a matter that the item has nothing to do with (社保, after a marriage)."""
    text = documents.without_any(turn.words)
    return any(word in text and item not in matter.items for word, matter in words(turn.desk.catalogue))


def _asks_its_papers(turn: Turn, item: Item) -> bool:
    """Whether a question about materials names one that this item asks for (照片要几张)."""
    if turn.intent != "ask_materials":
        return False
    return any(
        written.search(material.name)
        for written, _ in documents.named(turn.words)
        for material in item.materials
    )
