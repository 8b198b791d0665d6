"""The pages: modules with `ENTRIES` (what the header links to) and `routes()`. New ones are added here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from console.pages import (
    audit,
    booking,
    bookings,
    calendar,
    codes,
    counter,
    display,
    entering,
    notices,
    penalties,
    queue_day,
    rooms,
    staffing,
    years,
)
from console.permissions import Entry


class Page(Protocol):
    """What a module of a page has."""

    @property
    def ENTRIES(self) -> tuple[Entry, ...]:  # noqa: N802 - a constant of the module
        """What the header links to."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Its routes, made by `console.permissions`."""


PAGES: tuple[Page, ...] = (
    entering,
    counter,
    display,
    bookings,
    booking,
    rooms,
    calendar,
    years,
    penalties,
    codes,
    notices,
    staffing,
    audit,
    queue_day,
)
