"""Whom to call, in words. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from actions.wording import hours
from actions.wording.texts import sentence
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import Hall

# 政务服务便民热线: the same number everywhere in the country, day and night (国办发〔2020〕53 号).
HOTLINE = "12345"


def main_hall(view: CatalogueView) -> Hall | None:
    """The centre's first hall."""
    return next(iter(view.halls.values()), None)


def phone(view: CatalogueView, item: Item | None) -> str:
    """The telephone to ask at: the item's, else that of the first hall, else the hotline."""
    hall = main_hall(view)
    return (item.phone if item else "") or (hall.phone if hall else "") or HOTLINE


def complaints(view: CatalogueView, item: Item | None) -> str:
    """The telephone for complaints: the item's, else the one most items name."""
    if item is not None and item.complaint_phone:
        return item.complaint_phone
    named = Counter(other.complaint_phone for other in view.items.values() if other.complaint_phone)
    return named.most_common(1)[0][0] if named else ""


def open_now(view: CatalogueView, item: Item | None, now: datetime) -> str:
    """Whether somebody is there: the item's counter, else the first hall; "" where nothing is known."""
    if item is not None and (said := hours.today_in_line(item, view, now)):
        return sentence(said)
    hall = main_hall(view)
    return sentence(f"{hall.name}:{hours.of_hall(hall, view, now)}") if hall is not None else ""
