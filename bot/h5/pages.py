"""The handlers: which template is filled with what. What stands on an item's page is made in `guide`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import aiohttp_jinja2
from aiohttp import web

from bot.clock import SHANGHAI, Clock
from bot.h5.finding import find
from bot.h5.guide import guide
from bot.h5.listing import listed, row
from bot.h5.places import spot_of_hall
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from nlu.search import Index

_NAME: Final = "政务服务中心"
# Items may name no department: they are found under this word.
_NO_DEPARTMENT: Final = "其他部门"
# Departments on the first page; a province has hundreds, the rest stand on a page of their own.
_MOST_DEPARTMENTS: Final = 24


class Library(Protocol):
    """Where the pages read: the current catalogue and its search (`bot.knowledge.Knowledge`)."""

    view: CatalogueView
    index: Index


class Pages:
    """Handlers of all pages."""

    def __init__(self, library: Library, clock: Clock) -> None:
        self._library = library
        self._clock = clock

    @property
    def view(self) -> CatalogueView:
        """The catalogue as it is now."""
        return self._library.view

    @property
    def clock(self) -> Clock:
        """The clock that the pages go by."""
        return self._clock

    async def index(self, request: web.Request) -> web.Response:
        """Life events, topics, departments and halls with their state today."""
        view = self._library.view
        now = self._clock().astimezone(SHANGHAI)
        departments = _departments(view)
        return self.render(
            request,
            "index.html",
            events=[event for event in view.life_events if event.items],
            topics=view.by_topic(),
            departments=dict(list(departments.items())[:_MOST_DEPARTMENTS]),
            more_departments=len(departments) if len(departments) > _MOST_DEPARTMENTS else 0,
            spots=[spot_of_hall(view, hall, now) for hall in view.halls.values()],
            has_info=bool(view.info),
        )

    async def search(self, request: web.Request) -> web.Response:
        """Items by what citizens call them."""
        view = self._library.view
        found = find(view, self._library.index, request.query.get("q", ""))
        return self.render(
            request,
            "search.html",
            found=found,
            hits=[row(item) for item in found.items],
            topics=view.by_topic(),
        )

    async def topic(self, request: web.Request) -> web.Response:
        """The items of a topic."""
        name = request.match_info["name"]
        return self._list(request, name, self._library.view.by_topic().get(name), by_topic=False)

    async def department(self, request: web.Request) -> web.Response:
        """The items of a department, by topic."""
        name = request.match_info["name"]
        return self._list(request, name, _departments(self._library.view).get(name), by_topic=True)

    async def departments(self, request: web.Request) -> web.Response:
        """All departments."""
        return self.render(request, "departments.html", departments=_departments(self._library.view))

    async def event(self, request: web.Request) -> web.Response:
        """The items of a life event in their order."""
        view = self._library.view
        event = view.life_event(request.match_info["code"])
        if event is None:
            return await self.missing(request)
        steps = [row(view.items[step.code], step.note) for step in event.items if step.code in view.items]
        if not steps:
            return self.told(request, 404, event.name, "这件事还没有排好步骤。")
        return self.render(request, "event.html", event=event, steps=steps)

    async def info(self, request: web.Request) -> web.Response:
        """What is good to know before one goes: parking, lockers, copies."""
        if not self._library.view.info:
            return await self.missing(request)
        return self.render(request, "info.html", entries=self._library.view.info)

    async def item(self, request: web.Request) -> web.Response:
        """The full guide of an item, for the circumstances in the query."""
        view = self._library.view
        item = view.get(request.match_info["code"])
        if item is None:
            return await self.missing(request)
        now = self._clock().astimezone(SHANGHAI)
        return self.render(
            request,
            "item.html",
            department_name=item.department or _NO_DEPARTMENT,
            **guide(view, item, request.query, now),
        )

    async def missing(self, request: web.Request) -> web.Response:
        """A page that is not there, with ways on."""
        return self.told(request, 404, "没有这一页", "链接可能写错了,或者这个事项已经停办。")

    def told(self, request: web.Request, status: int, heading: str, text: str) -> web.Response:
        """A page that says what is wrong, with ways on."""
        topics = self._library.view.by_topic()
        return self.render(request, "missing.html", status=status, heading=heading, text=text, topics=topics)

    def _list(
        self, request: web.Request, name: str, items: Sequence[Item] | None, *, by_topic: bool
    ) -> web.Response:
        if not items:
            return self.told(request, 404, "没有这一页", f"没有叫“{name[:60]}”的主题或部门,可能改了名字。")
        page = listed(items, request.query.get("page", "1"), by_topic=by_topic)
        return self.render(
            request, "list.html", heading=name, page=page, topics=self._library.view.by_topic()
        )

    def render(self, request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
        """A page from its template, under the name of the centre."""
        root = next((c.name for c in self._library.view.centres.values() if c.parent is None), _NAME)
        return aiohttp_jinja2.render_template(
            template, request, {"centre_name": root, **context}, status=status
        )


def _departments(view: CatalogueView) -> Mapping[str, Sequence[Item]]:
    return {name or _NO_DEPARTMENT: items for name, items in view.by_department().items()}
