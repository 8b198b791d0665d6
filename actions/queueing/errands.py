"""What a ticket is for: the item or counter group meant, and the counters of a hall that do it."""

from __future__ import annotations

import re

from actions import finding
from actions.turn import MOST_WAYS, Turn, Way
from actions.wording import queueing
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.schema import Hall

# 取号, 排个队, 签到: words about the queue itself, which name no item.
QUEUE_WORDS = re.compile(
    r"(?:再|先|也|帮我?|给我?|我要|我想|想|要)?(?:取|拿|领|排|来|叫)(?:一?[个张下])?(?:排队|现场)?(?:的)?(?:号|票|队)(?:办|排队)?"
    r"|签到|报到|我(?:人)?(?:已经)?(?:到|来)(?:了|大厅|现场|门口)*|现场|窗口|排队|等候|人多|人少"
)


def item_named(turn: Turn) -> Item | None:
    """The item that the turn names in words or by a choice; not one kept from before."""
    chosen = turn.desk.catalogue.get(turn.given("item"))
    if chosen is not None or not turn.text:
        return chosen
    return finding.beyond_doubt(turn, without=QUEUE_WORDS)


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
