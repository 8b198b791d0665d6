"""What is kept of a citizen: masked at first; in the open and as a file when asked for, which is logged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from bot.clock import SHANGHAI
from bot.h5.entrance import Visitor
from bot.h5.own import OwnPages, to
from hall.appointments.service import told_of
from hall.citizen_data import TELLINGS
from hall.people import service as people
from hall.people.errors import UnknownCitizen
from hall.people.service import MaskedPerson
from hall.wording import dates

PATH: Final = "/h5/my-data"
_ACTIONS: Final = {"export": "导出", "reveal": "查看", "erase": "删除"}
_MEANS: Final = {
    "stated": "您说对方同意",
    "confirmed": "对方自己同意",
    "guardian": "监护人",
    "document": "委托书",
}
_STATES: Final = {
    "held": "未确认",
    "confirmed": "已约好",
    "checked_in": "来过",
    "late": "来晚",
    "no_show": "没有来",
    "cancelled": "已取消",
    "expired": "已放弃",
}


class MyDataPages:
    """Handlers under /h5/my-data."""

    def __init__(self, own: OwnPages) -> None:
        self._own = own
        self._desk = own.desk

    async def look(self, request: web.Request, visitor: Visitor) -> web.Response:
        """What is kept, masked."""
        kept: tuple[MaskedPerson, ...] = ()
        bookings = 0
        async with self._desk.read() as session:
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            if citizen_id is not None:
                kept = await people.people_of(session, self._desk.vault, citizen_id)
                bookings = len(await told_of(session, citizen_id))
        return self._own.render(
            request,
            "my_data.html",
            known=citizen_id is not None,
            people=kept,
            bookings=bookings,
            told=None,
            token=visitor.token,
        )

    async def show(self, request: web.Request, visitor: Visitor) -> web.Response:
        """All of it, to be read; whoever saw it and when is kept with it."""
        try:
            told = await self._export(visitor, "the citizen read it on a page")
        except UnknownCitizen:
            return to(PATH)
        return self._own.render(
            request,
            "my_data.html",
            known=True,
            people=(),
            bookings=0,
            told=self._readable(told),
            token=visitor.token,
        )

    async def download(self, request: web.Request, visitor: Visitor) -> web.Response:
        """All of it as a JSON file."""
        try:
            told = await self._export(visitor, "the citizen took a copy from a page")
        except UnknownCitizen:
            return to(PATH)
        day = visitor.now.astimezone(SHANGHAI).date().isoformat()
        return web.Response(
            body=json.dumps(told, ensure_ascii=False, indent=2).encode(),
            content_type="application/json",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="my-data-{day}.json"'},
        )

    async def _export(self, visitor: Visitor, why: str) -> dict[str, Any]:
        async with self._desk.change() as session:
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            if citizen_id is None:
                raise UnknownCitizen("nothing is kept")
            return await people.export(
                session,
                self._desk.vault,
                citizen_id,
                now=visitor.now,
                why=why,
                parts=TELLINGS,
            )

    def _readable(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The copy in words, for a person to read."""
        view = self._own.pages.view
        return {
            "since": _when(told["known_since"]),
            "people": told["people"],
            "consents": [
                {
                    "wording": consent["wording"],
                    "given": _when(consent["given"]),
                    "withdrawn": _when(consent["withdrawn"]) if consent["withdrawn"] else "",
                }
                for consent in told["consents"]
            ],
            "proxies": [
                {"means": _MEANS.get(proxy["means"], proxy["means"]), "given": _when(proxy["given"])}
                for proxy in told["proxies"]
            ],
            "appointments": [
                {
                    "name": item.name if (item := view.get(booking["item"])) is not None else booking["item"],
                    "when": _when(booking["starts"]),
                    "state": _STATES.get(booking["state"], booking["state"]),
                }
                for booking in told["appointments"]
            ],
            "tickets": len(told["tickets"]),
            "notices": len(told["notices"]),
            "accesses": [
                {
                    "at": _when(line["at"]),
                    "who": "您自己" if line["who"] == "citizen" else line["who"],
                    "what": _ACTIONS.get(line["what"], line["what"]),
                }
                for line in told["accesses"]
            ],
        }


def _when(written: str) -> str:
    here = datetime.fromisoformat(written).astimezone(SHANGHAI)
    return f"{here.year}年{dates.dated(here.date())}{dates.clock(here.time())}"
