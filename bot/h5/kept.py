"""A citizen's own bookings: the list, the code to show, another time, cancelling, the waitlist."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.h5.entrance import Visitor
from bot.h5.links import segment
from bot.h5.looking import calendar_of
from bot.h5.own import OwnPages, citizen_of, number_of, to
from bot.h5.qr import qr_of
from bot.h5.shown import papers_of, shown, waiting_of
from bot.h5.verdicts import BOOKINGS, REFUSALS, moment, verdict
from bot.h5.wanted import Wanted
from hall.appointments import service as appointments
from hall.appointments.service import Appointment, Quota
from hall.catalogue.view import CatalogueView
from hall.people import service as people


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
                    waiting.append(waiting_of(self._view, entry, ahead))
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
            papers=papers_of(self._view, booking),
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
        booking_id = number_of(request)
        wanted = Wanted.read(f"{BOOKINGS}/{booking_id}/move", fields, most_places=1)
        if wanted.starts is None:
            return to(wanted.href())
        key = Wanted.read("", {"form": fields.get("key", "")}, most_places=1).key
        try:
            async with self._desk.change("notices") as session:
                await appointments.reschedule(
                    session,
                    await citizen_of(session, visitor),
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
        booking_id = number_of(request)
        wanted = Wanted(f"{BOOKINGS}/{booking_id}/move")
        try:
            async with self._desk.change("notices") as session:
                await appointments.cancel(
                    session,
                    await citizen_of(session, visitor),
                    booking_id,
                    terms=self._desk.terms(visitor.now),
                )
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, wanted))
        return to(f"{BOOKINGS}/{booking_id}")

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
                booking = await appointments.get(
                    session, await citizen_of(session, visitor), number_of(request)
                )
                return await page(request, visitor, booking, session)
            except REFUSALS as error:
                return self._own.refuse(request, verdict(error, wanted))

    @property
    def _view(self) -> CatalogueView:
        return self._own.pages.view

    def _moving(self, query: Any, booking: Appointment) -> Wanted:
        wanted = Wanted.read(f"{BOOKINGS}/{booking.id}/move", query, most_places=1)
        return wanted.with_(hall=booking.hall, places=booking.places, key="", who="", wait="")
