"""What a citizen answers to the waitlist: the place that is offered, or no more waiting."""

from __future__ import annotations

import secrets

from aiohttp import web

from bot.h5.entrance import Visitor
from bot.h5.own import OwnPages, citizen_of, number_of, to
from bot.h5.verdicts import BOOKINGS, REFUSALS, verdict
from bot.h5.wanted import Wanted
from hall.appointments import service as appointments


class WaitPages:
    """Handlers under /h5/waiting."""

    def __init__(self, own: OwnPages) -> None:
        self._own = own
        self._desk = own.desk

    async def take(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Take the place that the waitlist offers."""
        form = await request.post()
        key = Wanted.read("", {"form": str(form.get("key", ""))}, most_places=1).key
        try:
            async with self._desk.change("notices") as session:
                booking = await appointments.accept_offer(
                    session,
                    await citizen_of(session, visitor),
                    number_of(request),
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
                    await citizen_of(session, visitor),
                    number_of(request),
                    terms=self._desk.terms(visitor.now),
                )
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, Wanted(BOOKINGS)))
        return to(BOOKINGS)
