"""From the catalogue to a wish: whether an item is booked, and at which counters of a hall. Pure."""

from __future__ import annotations

from datetime import datetime

from hall.appointments.errors import NotBookable, NotOfferedThere
from hall.appointments.views import Wish
from hall.catalogue.view import CatalogueView, Place


def bookable_places(view: CatalogueView, code: str) -> tuple[Place, ...]:
    """The places where an item can be booked: halls with a known counter group for it.

    Raises KeyError for an unknown code, NotBookable for an item that is done without an appointment.
    """
    if not view.items[code].bookable:
        raise NotBookable(code)
    places = tuple(place for place in view.offered_at(code) if place.group is not None)
    if not places:
        raise NotBookable(code)
    return places


def wish_for(
    view: CatalogueView, code: str, hall: str, starts: datetime, *, places: int = 1, group: str = ""
) -> Wish:
    """The wish to have an item done in a hall (at its first counters for it, or those of `group`).

    Raises KeyError, NotBookable, NotOfferedThere.
    """
    offered = bookable_places(view, code)
    for place in offered:
        assert place.group is not None  # noqa: S101 - `bookable_places` gives no others
        if place.hall.code == hall and group in {"", place.group.group}:
            item = view.items[code]
            return Wish(
                code,
                hall,
                place.group.group,
                starts,
                item_version=item.version or 1,
                places=places,
                quota=item.daily_quota,
            )
    raise NotOfferedThere(tuple(dict.fromkeys(place.hall.code for place in offered)))
