"""What a ticket is for: the item or counter group meant, and the counters of a hall that do it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from actions import finding
from actions.aspects import bare, mentions, names_something
from actions.turn import MOST_WAYS, Turn, Way
from actions.wording import queueing
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.schema import Hall

# 取号, 排个队, 签到, 人多不多: words about the queue itself, which name no matter.
QUEUE_WORDS = re.compile(
    r"(?:再|先|也|帮我?|给我?|我要|我想|想|要)?(?:取|拿|领|排|来|叫)(?:一?[个张下])?(?:排队|现场)?的?(?:号|票|队)(?:办|排队)?"
    r"|签到|报到|我(?:人)?(?:已经)?(?:到|来)(?:了|大厅|现场|门口)*|现场|窗口|等候|大厅|那边|这边|里面"
    r"|要不?要?排(?:队|很久|多久)|不用排队|排队|人数|(?:人|队伍?)(?:多|少|挤|长|排)(?:不(?:多|少|挤|长))?|多少人"
    r"|(?:现在|这会儿?|今天)|(?:什么时候|哪天|周几|几点)(?:去|来|办)?|高峰|几个(?:人|窗口)?|还要?等?多久|前面|(?:的)?情况"
)

# How sure the search must be of the first item for several to be taken into account. A wrong guess costs
# little here: items of one counter need no question, and others are named.
_LIKELY = 0.25


@dataclass(frozen=True, slots=True)
class Matter:
    """What the citizen came for: an item, or several of which one is meant. `named`: in this very turn."""

    item: Item | None = None
    among: tuple[Item, ...] = ()
    named: bool = True


def matter(turn: Turn) -> Matter:
    """The matter that the words name beside the queue; the one spoken of before where they name none."""
    view = turn.desk.catalogue
    chosen = view.get(turn.given("item"))
    if chosen is not None:
        return Matter(chosen)
    words = QUEUE_WORDS.sub(" ", turn.words)
    found = mentions(words)
    if not turn.text or not names_something(words, found):
        return Matter(view.get(turn.memory.item), named=False)
    decision = turn.desk.search.decide(bare(words, found))
    items = finding.known_items(turn, (hit.code for hit in decision.hits))
    if decision.kind == "answer" and items:
        return Matter(items[0])
    likely = decision.kind == "menu" and decision.confidence >= _LIKELY
    return Matter(among=items) if likely else Matter(named=False)


def item_named(turn: Turn) -> Item | None:
    """The one item that the turn itself names."""
    found = matter(turn)
    return found.item if found.named else None


def one_group(view: CatalogueView, items: Iterable[Item], hall: Hall) -> str | None:
    """The counter group of a hall that does all of these items; None where they are done at several."""
    places = [place_in(view, item, hall) for item in items]
    groups = {place.group.group for place in places if place is not None and place.group is not None}
    return groups.pop() if len(groups) == 1 and all(places) else None


def place_in(view: CatalogueView, item: Item, hall: Hall) -> Place | None:
    """The counter group of a hall where an item is done."""
    there = (place for place in view.offered_at(item.code) if place.group is not None)
    return next((place for place in there if place.hall.code == hall.code), None)


def places_of(view: CatalogueView, item: Item) -> tuple[Place, ...]:
    """One place with a counter group for each hall that does an item."""
    found: dict[str, Place] = {}
    for place in view.offered_at(item.code):
        if place.group is not None:
            found.setdefault(place.hall.code, place)
    return tuple(found.values())


def group_place(view: CatalogueView, hall: Hall, group: str) -> Place | None:
    """A counter group as a place."""
    counter = next((each for each in view.counters_of(hall.code) if each.group == group), None)
    return Place(hall, counter.name, counter) if counter is not None else None


def group_ways(view: CatalogueView, hall: Hall) -> tuple[Way, ...]:
    """The counter groups of a hall as ways to a ticket, where they are few enough to be listed."""
    counters = [counter for counter in view.counters_of(hall.code) if counter.departments]
    if len(counters) > MOST_WAYS:
        return ()
    return tuple(
        Way.to(queueing.group_title(counter), "take_ticket", do="group", value=f"{hall.code}:{counter.group}")
        for counter in counters
    )


def group_named(view: CatalogueView, hall: Hall, text: str) -> str | None:
    """The one counter group of a hall whose department the text names (公安, 社保局, 医保窗口)."""
    named = {
        counter.group
        for counter in view.counters_of(hall.code)
        for department in counter.departments
        if department.removesuffix("局").removesuffix("中心") in text
    }
    return named.pop() if len(named) == 1 else None
