"""Where an item is done, in words: floor, counter, hall, address."""

from __future__ import annotations

from actions.wording.texts import sentence
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.schema import Hall

MOST_PLACES = 4
_SILENT = "目录里没有写在哪里办"


def in_line(item: Item, view: CatalogueView) -> str:
    """Floor and counter in few words, for the guide's line; "" where the catalogue is silent."""
    places = view.offered_at(item.code)
    if item.counter and not item.offered_at:
        return f"{item.place}{item.counter}"
    if not places:
        return item.place
    others = len(_halls(places)) - 1
    near = f"(另有 {others} 处就近能办)" if others else ""
    return f"{_in_words(places[0], view)}{near}"


def in_list(item: Item, view: CatalogueView) -> str:
    """Every hall that does the item, with counter and address."""
    places = view.offered_at(item.code)
    if not places:
        told = f"{item.place} {item.counter}".strip()
        return sentence(told) if told else f"{_SILENT}。"
    first, *others = _halls(places).values()
    lines = [with_address(f"{_counter(first)},{first.hall.name}", first.hall)]
    if first.hall.transport:
        lines.append(sentence(f"怎么去:{first.hall.transport}"))
    if others:
        lines.append("就近也能办:")
        lines += [f"· {full(place)}" for place in others[: MOST_PLACES - 1]]
    return "\n".join(lines)


def halls(item: Item, view: CatalogueView) -> tuple[Place, ...]:
    """One place for each hall that does the item, in the catalogue's order."""
    return tuple(_halls(view.offered_at(item.code)).values())


def _halls(places: tuple[Place, ...]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for place in places:
        found.setdefault(place.hall.code, place)
    return found


def _in_words(place: Place, view: CatalogueView) -> str:
    main = next(iter(view.halls), None)
    return _counter(place) if place.hall.code == main else in_hall(place)


def in_hall(place: Place) -> str:
    """Hall, floor and counter."""
    counter = _counter(place)
    return f"{place.hall.name}{' ' if counter[:1].isascii() else ''}{counter}"


def _counter(place: Place) -> str:
    floor = place.group.floor if place.group and place.group.floor not in place.counter else ""
    return f"{floor} {place.counter}".strip()


def full(place: Place) -> str:
    """Hall, floor, counter and address."""
    return with_address(in_hall(place), place.hall)


def with_address(told: str, hall: Hall) -> str:
    """`told` with the hall's address: in brackets, where it has none itself."""
    if not hall.address:
        return told
    return f"{told},{hall.address}" if "(" in hall.address else f"{told}({hall.address})"
