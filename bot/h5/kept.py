"""A citizen's own bookings: the list, the code to show, another time, cancelling, the waitlist."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI
from bot.h5 import papers
from bot.h5.entrance import Visitor
from bot.h5.links import item_href, segment
from bot.h5.looking import calendar_of
from bot.h5.own import OwnPages, to
from bot.h5.qr import qr_of
from bot.h5.verdicts import BOOKINGS, REFUSALS, moment, verdict
from bot.h5.wanted import Wanted
from hall.appointments import service as appointments
from hall.appointments.errors import UnknownBooking
from hall.appointments.service import Appointment, Quota, Waiting
from hall.catalogue.applicable import applicable
from hall.catalogue.view import CatalogueView
from hall.people import service as people
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


class KeptPages:
    """Handlers under /h5/bookings and /h5/check-in."""

    def __init__(self, own: OwnPages) -> None:
        self._own = own
        self._desk = own.desk

    async def all(self, request: web.Request, visitor: Visitor) -> web.Response:
        """What is booked and waited for."""
        async with self._desk.read() as session:
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            mine: tuple[Appointment, ...] = ()
            waiting: list[dict[str, Any]] = []
            if citizen_id is not None:
                mine = await appointments.mine(session, citizen_id, now=visitor.now)
                for entry in await appointments.my_waiting(session, citizen_id, now=visitor.now):
                    ahead = await appointments.position(session, entry.id)
                    waiting.append(_waiting(self._view, entry, ahead))
        return self._own.render(
            request,
            "bookings.html",
            bookings=[shown(self._view, booking, visitor.now) for booking in mine],
            waiting=waiting,
            joined="waiting" in request.query,
            token=visitor.token,
            key=secrets.token_urlsafe(12),
        )

    async def check_in(self, request: web.Request, visitor: Visitor) -> web.Response:
        """The code of the next visit, large: for the desk at the entrance."""
        async with self._desk.read() as session:
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            mine = (
                await appointments.mine(session, citizen_id, now=visitor.now)
                if citizen_id is not None
                else ()
            )
        for booking in mine:
            if booking.state == "confirmed":
                return to(f"{BOOKINGS}/{booking.id}")
        return to(BOOKINGS)

    async def one(self, request: web.Request, visitor: Visitor) -> web.Response:
        """A booking with its code."""
        return await self._with_booking(request, visitor, self._one)

    async def _one(
        self, request: web.Request, visitor: Visitor, booking: Appointment, session: AsyncSession
    ) -> web.Response:
        told = shown(self._view, booking, visitor.now)
        return self._own.render(
            request,
            "booking.html",
            shown=told,
            qr=qr_of(booking.code, f"签到码 {told.code}") if told.open else "",
            papers=_papers(self._view, booking),
            new="new" in request.query,
            again="again" in request.query,
            moved="moved" in request.query,
            early=self._desk.rules.check_in_early_minutes,
            late=self._desk.rules.check_in_late_minutes,
            anew=f"/h5/book/{segment(booking.item_code)}" if told.guide else "",
        )

    async def move(self, request: web.Request, visitor: Visitor) -> web.Response:
        """The calendar for another time."""
        return await self._with_booking(request, visitor, self._move)

    async def _move(
        self, request: web.Request, visitor: Visitor, booking: Appointment, session: AsyncSession
    ) -> web.Response:
        wanted = self._moving(request.query, booking)
        item = self._view.get(booking.item_code)
        quota = item.daily_quota if item is not None else None
        values = await calendar_of(
            session,
            wanted,
            booking.group,
            quota=Quota(booking.item_code, quota) if quota is not None else None,
            terms=self._desk.terms(visitor.now),
            can_wait=False,
        )
        return self._own.render(request, "move.html", shown=shown(self._view, booking, visitor.now), **values)

    async def ask_move(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Old and new time once more."""
        return await self._with_booking(request, visitor, self._ask_move)

    async def _ask_move(
        self, request: web.Request, visitor: Visitor, booking: Appointment, session: AsyncSession
    ) -> web.Response:
        wanted = self._moving(request.query, booking)
        if wanted.starts is None:
            return to(wanted.href())
        return self._own.render(
            request,
            "move_confirm.html",
            shown=shown(self._view, booking, visitor.now),
            wanted=wanted,
            when=moment(wanted.starts),
            token=visitor.token,
            key=secrets.token_urlsafe(12),
        )

    async def take_move(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Move it."""
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        booking_id = _number(request)
        wanted = Wanted.read(f"{BOOKINGS}/{booking_id}/move", fields, most_places=1)
        if wanted.starts is None:
            return to(wanted.href())
        key = Wanted.read("", {"form": fields.get("key", "")}, most_places=1).key
        try:
            async with self._desk.change("notices") as session:
                await appointments.reschedule(
                    session,
                    await _citizen(session, visitor),
                    booking_id,
                    starts=wanted.starts,
                    key=key or secrets.token_urlsafe(12),
                    terms=self._desk.terms(visitor.now),
                )
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, wanted))
        return to(f"{BOOKINGS}/{booking_id}?moved=1")

    async def ask_cancel(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Whether it is really to be given back."""
        return await self._with_booking(request, visitor, self._ask_cancel)

    async def _ask_cancel(
        self, request: web.Request, visitor: Visitor, booking: Appointment, session: AsyncSession
    ) -> web.Response:
        told = shown(self._view, booking, visitor.now)
        return self._own.render(request, "cancel.html", shown=told, token=visitor.token)

    async def take_cancel(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Give it back."""
        booking_id = _number(request)
        wanted = Wanted(f"{BOOKINGS}/{booking_id}/move")
        try:
            async with self._desk.change("notices") as session:
                await appointments.cancel(
                    session,
                    await _citizen(session, visitor),
                    booking_id,
                    terms=self._desk.terms(visitor.now),
                )
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, wanted))
        return to(f"{BOOKINGS}/{booking_id}")

    async def take_offer(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Take the place that the waitlist offers."""
        form = await request.post()
        key = Wanted.read("", {"form": str(form.get("key", ""))}, most_places=1).key
        try:
            async with self._desk.change("notices") as session:
                booking = await appointments.accept_offer(
                    session,
                    await _citizen(session, visitor),
                    _number(request),
                    key=key or secrets.token_urlsafe(12),
                    terms=self._desk.terms(visitor.now),
                )
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, Wanted(BOOKINGS)))
        return to(f"{BOOKINGS}/{booking.id}?new=1")

    async def leave(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Stop waiting."""
        try:
            async with self._desk.change("notices") as session:
                await appointments.leave_waitlist(
                    session,
                    await _citizen(session, visitor),
                    _number(request),
                    terms=self._desk.terms(visitor.now),
                )
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, Wanted(BOOKINGS)))
        return to(BOOKINGS)

    async def _with_booking(
        self,
        request: web.Request,
        visitor: Visitor,
        page: Callable[[web.Request, Visitor, Appointment, AsyncSession], Awaitable[web.Response]],
    ) -> web.Response:
        """The page of a booking of the citizen's own; of another's it is as if there were none."""
        wanted = Wanted(f"{BOOKINGS}/{request.match_info['id']}/move")
        async with self._desk.read() as session:
            try:
                booking = await appointments.get(session, await _citizen(session, visitor), _number(request))
                return await page(request, visitor, booking, session)
            except REFUSALS as error:
                return self._own.refuse(request, verdict(error, wanted))

    @property
    def _view(self) -> CatalogueView:
        return self._own.pages.view

    def _moving(self, query: Any, booking: Appointment) -> Wanted:
        wanted = Wanted.read(f"{BOOKINGS}/{booking.id}/move", query, most_places=1)
        return wanted.with_(hall=booking.hall, places=booking.places, key="", who="", wait="")


async def _citizen(session: AsyncSession, visitor: Visitor) -> int:
    citizen_id = await people.citizen_id_of(session, visitor.openid)
    if citizen_id is None:
        raise UnknownBooking("nobody who booked")
    return citizen_id


def _number(request: web.Request) -> int:
    """The number in the address: the route lets digits through alone."""
    return int(request.match_info["id"])


def _waiting(view: CatalogueView, entry: Waiting, ahead: int) -> dict[str, Any]:
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


def _papers(view: CatalogueView, booking: Appointment) -> list[str]:
    """What must come along, by name; where it depends on the case, the guide says more."""
    item = view.get(booking.item_code)
    if item is None:
        return []
    must = [group for group in papers.groups(item, applicable(item, {})) if group.kind == "must"]
    return [paper.name for group in must for paper in group.papers][:_MOST_PAPERS]
