"""What a search finds: the items, and the life events and topics whose names stand in what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import LifeEvent
from nlu.search import Index
from nlu.text import normalise

LONGEST_QUERY: Final = 100
MOST_HITS: Final = 10
_MOST_TOPICS: Final = 3
# A name of one character is in too much of what is typed.
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """`text` as it was read; `sure`: the first item is surely meant; `cut`: only a part was read."""

    text: str
    items: tuple[Item, ...] = ()
    sure: bool = False
    events: tuple[LifeEvent, ...] = ()
    topics: tuple[str, ...] = ()
    cut: bool = False


def find(view: CatalogueView, index: Index, typed: str) -> Found:
    """What is found for what was typed, of any length and content."""
    text = normalise(typed[:LONGEST_QUERY])
    cut = len(typed.strip()) > LONGEST_QUERY
    if not text:
        return Found("", cut=cut)
    decision = index.decide(text, most=MOST_HITS)
    # The index may be a moment older or newer than the view.
    items = tuple(view.items[hit.code] for hit in decision.hits if hit.code in view.items)
    events = tuple(
        event for event in view.life_events if event.items and _named(text, (event.name, *event.aliases))
    )
    shown = view.by_topic()
    topics = [topic.name for topic in view.topics if _named(text, (topic.name, *topic.aliases))]
    return Found(
        text,
        items,
        decision.kind == "answer" and bool(items),
        events,
        tuple(name for name in topics if name in shown)[:_MOST_TOPICS],
        cut,
    )


def _named(text: str, names: Iterable[str]) -> bool:
    return any(len(name) >= _SHORTEST_NAME and (name in text or text == name) for name in names)
