"""The handlers: which template is filled with what. What stands on an item's page is made in `guide`."""

from __future__ import annotations

from typing import Any, Final, Protocol

import aiohttp_jinja2
from aiohttp import web

from bot.clock import SHANGHAI, Clock
from bot.h5.guide import guide, today_in
from hall.catalogue.view import CatalogueView
from nlu.search import Index
from nlu.text import normalise

LONGEST_QUERY: Final = 100
MOST_HITS: Final = 10
_NAME = "政务服务中心"


class Library(Protocol):
    """Where the pages read: the current catalogue and its search (`bot.knowledge.Knowledge`)."""

    view: CatalogueView
    index: Index


class Pages:
    """Handlers of all pages."""

    def __init__(self, library: Library, clock: Clock) -> None:
        self._library = library
        self._clock = clock

    async def index(self, request: web.Request) -> web.Response:
        """Life events, topics, departments and halls."""
        view = self._library.view
        now = self._clock().astimezone(SHANGHAI)
        return self._render(
            request,
            "index.html",
            events=view.life_events,
            topics=view.by_topic().items(),
            departments=view.by_department().items(),
            halls=[(hall, today_in(view, hall, now)) for hall in view.halls.values()],
        )

    async def search(self, request: web.Request) -> web.Response:
        """Items by what citizens call them."""
        text = normalise(request.query.get("q", "")[:LONGEST_QUERY])
        items = []
        if text:
            decision = self._library.index.decide(text, most=MOST_HITS)
            items = [self._library.view.items[hit.code] for hit in decision.hits]
        empty = f"没有找到和“{text}”相近的事项。换个说法,或者按主题找。" if text else ""
        heading = f"“{text}”的结果" if items else "搜索办事指南"
        return self._render(
            request, "list.html", heading=heading, items=items, text=text, searching=True, empty=empty
        )

    async def topic(self, request: web.Request) -> web.Response:
        """The items of a topic."""
        name = request.match_info["name"]
        return self._list(request, name, self._library.view.by_topic().get(name))

    async def department(self, request: web.Request) -> web.Response:
        """The items of a department."""
        name = request.match_info["name"]
        return self._list(request, name, self._library.view.by_department().get(name))

    async def event(self, request: web.Request) -> web.Response:
        """The items of a life event in their order."""
        view = self._library.view
        event = view.life_event(request.match_info["code"])
        if event is None:
            return await self.missing(request)
        steps = [(step, view.items[step.code]) for step in event.items if step.code in view.items]
        return self._render(request, "list.html", heading=event.name, steps=steps)

    async def item(self, request: web.Request) -> web.Response:
        """The full guide of an item, for the circumstances in the query."""
        view = self._library.view
        item = view.get(request.match_info["code"])
        if item is None:
            return await self.missing(request)
        now = self._clock().astimezone(SHANGHAI)
        return self._render(request, "item.html", **guide(view, item, request.query, now))

    async def missing(self, request: web.Request) -> web.Response:
        """A page that is not there, with a way on."""
        return self._render(request, "missing.html", status=404)

    def _list(self, request: web.Request, name: str, items: Any) -> web.Response:
        if not items:
            return self._render(request, "missing.html", status=404)
        return self._render(request, "list.html", heading=name, items=items)

    def _render(self, request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
        defaults = {"lead": "", "text": "", "steps": (), "items": (), "empty": "", "searching": False}
        root = next((c.name for c in self._library.view.centres.values() if c.parent is None), _NAME)
        values = {**defaults, "centre_name": root, **context}
        return aiohttp_jinja2.render_template(template, request, values, status=status)
