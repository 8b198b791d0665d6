"""Booking with a tap: the hall, the day, the half-hour, whom it is for, done. Every step is a plain form."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI
from bot.h5.before import require_free
from bot.h5.entrance import Visitor
from bot.h5.links import segment
from bot.h5.looking import calendar_of
from bot.h5.own import OwnPages, to
from bot.h5.persons import Typed, keep, read_typed
from bot.h5.verdicts import BOOKINGS, REFUSALS, moment, verdict
from bot.h5.wanted import Wanted
from hall.appointments import service as appointments
from hall.appointments.amending import booked_by
from hall.appointments.errors import NotBookable
from hall.appointments.finishing import book_over_holds
from hall.appointments.service import Appointment, Quota, Terms, Wish, bookable_places, wish_for
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.people import service as people
from hall.people.service import MaskedPerson


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request is about."""

    item: Item
    place: Place
    wanted: Wanted

    @property
    def group(self) -> str:
        """The counter group."""
        assert self.place.group is not None  # noqa: S101 - `bookable_places` gives no others
        return self.place.group.group


class BookingPages:
    """Handlers under /h5/book/."""

    def __init__(self, own: OwnPages) -> None:
        self._own = own
        self._desk = own.desk

    async def look(self, request: web.Request, visitor: Visitor) -> web.Response:
        """The calendar of an item at a hall; the halls where there are several."""
        asked = self._asked(request, request.query)
        if isinstance(asked, web.Response):
            return asked
        wanted = asked.wanted
        async with self._desk.read() as session:
            if (done := await self._done(session, visitor, wanted)) is not None:
                return to(f"{BOOKINGS}/{done.id}")
            values = await calendar_of(
                session,
                wanted,
                asked.group,
                quota=_quota(asked.item),
                terms=self._desk.terms(visitor.now),
                can_wait=True,
            )
        return self._own.render(
            request,
            "book.html",
            item=asked.item,
            place=asked.place,
            other_halls=len({place.hall.code for place in self._places(asked.item)}) > 1,
            afresh=wanted.with_(hall="", day=None, month=None).href(),
            sizes=self._sizes(wanted),
            **values,
        )

    async def ask(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Everything once more before it is booked, and whom it is for."""
        asked = self._asked(request, request.query)
        if isinstance(asked, web.Response):
            return asked
        if asked.wanted.starts is None:
            return to(asked.wanted.href())
        async with self._desk.read() as session:
            if (done := await self._done(session, visitor, asked.wanted)) is not None:
                return to(f"{BOOKINGS}/{done.id}?again=1")
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            try:
                await require_free(
                    session,
                    citizen_id,
                    self._wish(asked),
                    waits=bool(asked.wanted.wait),
                    terms=self._desk.terms(visitor.now),
                )
            except REFUSALS as error:
                return self._own.refuse(request, verdict(error, asked.wanted))
            known = await self._people(session, citizen_id)
        return self._confirm(request, visitor, asked, known, Typed())

    async def take(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Book, or wait for a place. Sent twice, it is one booking."""
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        asked = self._asked(request, fields)
        if isinstance(asked, web.Response):
            return asked
        if asked.wanted.starts is None:
            return to(asked.wanted.href())
        async with self._desk.read() as session:
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            known = await self._people(session, citizen_id)
        new = _asked_for(asked.wanted, known)
        try:
            person_id: int | None = None
            if new:
                typed = read_typed(fields, visitor.now, other=new == "other")
                if typed.errors:
                    return self._confirm(request, visitor, asked, known, typed, status=422)
                person_id = await self._keep(visitor, typed, other=new == "other")
            elif fields.get("person", "").isascii() and fields.get("person", "").isdigit():
                person_id = int(fields["person"][:9])
            return to(await self._booked(visitor, asked, person_id, fields.get("key", "")))
        except REFUSALS as error:
            return self._own.refuse(request, verdict(error, asked.wanted.with_(who="")))

    # --- what a request is about

    def _asked(self, request: web.Request, given: Any) -> _Asked | web.Response:
        """The item, the place and the choices; or the page that asks or says why not."""
        code = request.match_info["item"]
        item = self._view.get(code)
        if item is None:
            return self._own.pages.told(request, 404, "没有这件事", "链接可能旧了,或者这个事项已经停办。")
        wanted = Wanted.read(f"/h5/book/{segment(code)}", given, most_places=self._desk.rules.max_places)
        try:
            halls = {place.hall.code: place for place in reversed(self._places(item))}
        except NotBookable as error:
            return self._own.refuse(request, verdict(error, wanted))
        if wanted.hall not in halls and len(halls) == 1:
            wanted = wanted.with_(hall=next(iter(halls)))
        if wanted.hall not in halls:
            choices = [
                (place, wanted.with_(hall=place.hall.code, starts=None).href())
                for place in reversed(halls.values())
            ]
            return self._own.render(request, "book_hall.html", item=item, choices=choices)
        return _Asked(item, halls[wanted.hall], wanted)

    @property
    def _view(self) -> CatalogueView:
        return self._own.pages.view

    def _places(self, item: Item) -> tuple[Place, ...]:
        return bookable_places(self._view, item.code)

    def _sizes(self, wanted: Wanted) -> list[dict[str, Any]]:
        """How many people may come on one booking, where that is a choice."""
        most = self._desk.rules.max_places
        return [
            {"number": number, "href": wanted.with_(places=number).href(), "chosen": wanted.places == number}
            for number in range(1, most + 1)
            if most > 1
        ]

    # --- reading

    async def _done(self, session: AsyncSession, visitor: Visitor, wanted: Wanted) -> Appointment | None:
        """The booking that this very request made already, while it stands."""
        citizen_id = await people.citizen_id_of(session, visitor.openid)
        if citizen_id is None or not wanted.key:
            return None
        found = await booked_by(session, citizen_id, wanted.key)
        return found if found is not None and found.state == "confirmed" else None

    async def _people(self, session: AsyncSession, citizen_id: int | None) -> tuple[MaskedPerson, ...]:
        if citizen_id is None or not await people.has_consent(session, citizen_id):
            return ()
        return await people.people_of(session, self._desk.vault, citizen_id)

    def _wish(self, asked: _Asked) -> Wish:
        wanted = asked.wanted
        assert wanted.starts is not None  # noqa: S101 - looked at before
        return wish_for(
            self._view, asked.item.code, wanted.hall, wanted.starts, places=wanted.places, group=asked.group
        )

    # --- answering

    def _confirm(
        self,
        request: web.Request,
        visitor: Visitor,
        asked: _Asked,
        known: tuple[MaskedPerson, ...],
        typed: Typed,
        status: int = 200,
    ) -> web.Response:
        wanted = asked.wanted
        assert wanted.starts is not None  # noqa: S101 - looked at before
        new = _asked_for(wanted, known)
        return self._own.render(
            request,
            "book_confirm.html",
            status,
            item=asked.item,
            place=asked.place,
            wanted=wanted,
            when=moment(wanted.starts),
            until=_until(wanted, self._desk.rules.slot),
            people=known,
            new=new,
            typed=typed,
            token=visitor.token,
            key=wanted.key or secrets.token_urlsafe(12),
            back=wanted.with_(starts=None, day=wanted.starts.date(), wait="").href(anchor="times"),
            to_new=wanted.with_(who="new").href("/confirm", anchor="who"),
            to_known=wanted.with_(who="").href("/confirm", anchor="who"),
            action=f"{wanted.path}/confirm",
            suspended=self._desk.rules.suspension_days,
        )

    async def _keep(self, visitor: Visitor, typed: Typed, *, other: bool) -> int:
        """Keep whom the citizen wrote down: it stays, whatever becomes of the booking."""
        async with self._desk.change() as session:
            citizen_id = await people.register(session, visitor.openid, now=visitor.now)
            return await keep(session, self._desk.vault, citizen_id, typed, other=other, now=visitor.now)

    async def _require_free(self, visitor: Visitor, asked: _Asked, key: str) -> None:
        """Tell who comes too late by reading alone: they do not stand in line with those who write."""
        async with self._desk.read() as session:
            citizen_id = await people.citizen_id_of(session, visitor.openid)
            if citizen_id is not None and key and await booked_by(session, citizen_id, key) is not None:
                return
            await require_free(
                session,
                citizen_id,
                self._wish(asked),
                waits=bool(asked.wanted.wait),
                terms=self._desk.terms(visitor.now),
            )

    async def _booked(self, visitor: Visitor, asked: _Asked, person_id: int | None, drawn: str) -> str:
        """Carry the request out; the address of what came of it."""
        terms, wish = self._desk.terms(visitor.now), self._wish(asked)
        key = asked.wanted.key or Wanted.read("", {"form": drawn}, most_places=1).key
        await self._require_free(visitor, asked, key)
        async with self._desk.change("notices") as session:
            citizen_id = await people.register(session, visitor.openid, now=visitor.now)
            party = await people.party_of(session, citizen_id, person_id)
            if asked.wanted.wait:
                last = _wait_until(asked.wanted, wish.starts, terms)
                waiting = await appointments.join_waitlist(session, party, wish, last=last, terms=terms)
                return f"{BOOKINGS}?waiting={waiting.id}"
            booking = await book_over_holds(
                session, party, wish, key=key or secrets.token_urlsafe(12), terms=terms
            )
        again = "?again=1" if booking.starts != wish.starts else "?new=1"
        return f"{BOOKINGS}/{booking.id}{again}"


def _asked_for(wanted: Wanted, known: tuple[MaskedPerson, ...]) -> str:
    """Whose data is to be filled in: "own", "other", or "" where somebody known is chosen."""
    if not any(person.own and person.id_number for person in known):
        return "own"
    return "other" if wanted.who == "new" else ""


def _quota(item: Item) -> Quota | None:
    return Quota(item.code, item.daily_quota) if item.daily_quota is not None else None


def _until(wanted: Wanted, slot: timedelta) -> str:
    """When what is chosen ends: 10:00, or that it is the whole day."""
    assert wanted.starts is not None  # noqa: S101 - looked at before
    if wanted.wait == "day":
        return "当天任何时间"
    ends = (wanted.starts + slot).astimezone(SHANGHAI)
    return f"{ends.hour}:{ends.minute:02d}"


def _wait_until(wanted: Wanted, starts: datetime, terms: Terms) -> datetime:
    if wanted.wait == "slot":
        return starts + terms.rules.slot
    local = starts.astimezone(SHANGHAI)
    return datetime.combine(local.date() + timedelta(days=1), time(), SHANGHAI)
