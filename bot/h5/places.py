"""Where to go: halls and counters with their hours of today. Pure; `now` is local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.h5.hours import Today, today, usual_week
from bot.h5.links import Piece, phones
from hall.catalogue.applicable import Applicable
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.schema import Counter, Hall


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the page; `today` is None where its hours are not in the centre's calendar."""

    name: str
    counter: str = ""
    today: Today | None = None
    address: str = ""
    phone: tuple[Piece, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


def spots_of_item(view: CatalogueView, item: Item, found: Applicable, now: datetime) -> list[Spot]:
    """Where the item is done: first a place that the chosen circumstances or the item alone name."""
    places = view.offered_at(item.code)
    spots = [_at_counter(view, place, now) for place in places]
    own = _own_place(item, found, places)
    return [own, *spots] if own else spots


def spot_of_hall(view: CatalogueView, hall: Hall, now: datetime) -> Spot:
    """A hall with its state today."""
    return _spot(view, hall, None, "", now)


def _own_place(item: Item, found: Applicable, places: tuple[Place, ...]) -> Spot | None:
    changed = (found.place, found.counter) != (item.place, item.counter)
    elsewhere = found.place and not any(place.hall.name in found.place for place in places)
    if not (changed or elsewhere or (not places and found.counter)):
        return None
    # The item's own counter is one of its own place: it says nothing about the place a variant names.
    counter = "" if found.place != item.place and found.counter == item.counter else found.counter
    return Spot(found.place or counter, counter if found.place else "")


def _at_counter(view: CatalogueView, place: Place, now: datetime) -> Spot:
    floor = place.group.floor if place.group and place.group.floor not in place.counter else ""
    return _spot(view, place.hall, place.group, f"{floor} {place.counter}".strip(), now)


def _spot(view: CatalogueView, hall: Hall, group: Counter | None, counter: str, now: datetime) -> Spot:
    schedule = view.schedule(hall, group)
    # What a hall says of its hours is about all its counters; a counter has its own.
    week = (usual_week(schedule), hall.hours_note if group is None else "")
    more = (
        ("平常时间", "。".join(part for part in week if part)),
        ("怎么去", hall.transport),
        ("停车", hall.parking),
        ("方便您的", "、".join(hall.facilities)),
    )
    return Spot(
        name=hall.name,
        counter=counter,
        today=today(schedule, now),
        address=hall.address,
        phone=phones(hall.phone),
        more=tuple((name, text) for name, text in more if text),
    )
