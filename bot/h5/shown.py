"""A citizen's bookings and waits in words, as the templates take them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.clock import SHANGHAI
from bot.h5 import papers
from bot.h5.links import item_href
from bot.h5.verdicts import BOOKINGS, moment
from hall.appointments.service import Appointment, Waiting
from hall.catalogue.applicable import applicable
from hall.catalogue.view import CatalogueView
from hall.wording import dates

_GONE: Final = "已停办的事项"
_MOST_PAPERS: Final = 6
_STATES: Final = {
    "held": "给您留着,还没确认",
    "confirmed": "已约好",
    "checked_in": "已签到",
    "late": "来晚了,按现场号办",
    "no_show": "没有来",
    "cancelled": "已取消",
    "expired": "没有确认,已放弃",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A booking as the templates take it. `open`: it can be changed, and its code be shown."""

    booking: Appointment
    name: str
    hall: str
    counter: str
    address: str
    when: str
    until: str
    state: str
    open: bool
    href: str
    guide: str

    @property
    def code(self) -> str:
        """The code in two groups of four, as it is read aloud."""
        return f"{self.booking.code[:4]} {self.booking.code[4:]}".strip()


def shown(view: CatalogueView, booking: Appointment, now: datetime) -> Shown:
    """The booking in words. Pure."""
    item, hall = view.get(booking.item_code), view.hall(booking.hall)
    counter = next(
        (found.name for found in view.counters_of(booking.hall) if found.group == booking.group), ""
    )
    ends = booking.ends.astimezone(SHANGHAI).time()
    return Shown(
        booking,
        item.name if item is not None else _GONE,
        hall.name if hall is not None else "",
        counter,
        hall.address if hall is not None else "",
        moment(booking.starts),
        dates.clock(ends),
        _STATES[booking.state],
        booking.state == "confirmed" and booking.ends > now,
        f"{BOOKINGS}/{booking.id}",
        item_href(booking.item_code) if item is not None else "",
    )


def waiting_of(view: CatalogueView, entry: Waiting, ahead: int) -> dict[str, Any]:
    """An entry of the waitlist; `ahead` wait since before."""
    item, hall = view.get(entry.item_code), view.hall(entry.hall)
    first, last = entry.first.astimezone(SHANGHAI), entry.last.astimezone(SHANGHAI)
    whole = last.date() > first.date()
    span = "当天任何时间" if whole else f"{dates.clock(first.time())}–{dates.clock(last.time())}"
    until = entry.offer_until.astimezone(SHANGHAI) if entry.offer_until is not None else None
    return {
        "id": entry.id,
        "name": item.name if item is not None else _GONE,
        "hall": hall.name if hall is not None else "",
        "when": f"{dates.dated(first.date())} {span}",
        "ahead": ahead,
        "offer": moment(entry.starts) if entry.starts is not None else "",
        "until": dates.clock(until.time()) if until is not None else "",
    }


def papers_of(view: CatalogueView, booking: Appointment) -> list[str]:
    """What must come along, by name; where it depends on the case, the guide says more."""
    item = view.get(booking.item_code)
    if item is None:
        return []
    must = [group for group in papers.groups(item, applicable(item, {})) if group.kind == "must"]
    return [paper.name for group in must for paper in group.papers][:_MOST_PAPERS]
