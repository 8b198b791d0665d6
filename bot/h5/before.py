"""What is said no to before a citizen fills anything in: by reading alone, booking looks again."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments import service as appointments
from hall.appointments.errors import AlreadyBooked, Barred, NotToBeHad, TooManyOpen
from hall.appointments.finishing import is_of
from hall.appointments.service import Appointment, Terms, Wish
from hall.people import service as people


async def require_free(
    session: AsyncSession, citizen_id: int | None, wish: Wish, *, waits: bool, terms: Terms
) -> None:
    """Raise what stands against the wish, as far as it is known; `waits`: a place is only waited for."""
    opened = await _open_to(session, citizen_id, terms) if citizen_id is not None else ()
    if waits:
        return
    booked = tuple(own for own in opened if own.state == "confirmed")
    # What the chat holds for the citizen is not taken from them.
    held = any(own.state == "held" and is_of(own, wish) for own in opened)
    try:
        _require_few(booked, terms)
        if not held:
            await appointments.require_room(session, wish, terms=terms)
    except (NotToBeHad, TooManyOpen):
        # Somebody who comes back to the form has the place that is missing.
        if (mine := next((own for own in booked if is_of(own, wish)), None)) is not None:
            raise AlreadyBooked(mine) from None
        raise


def _require_few(booked: tuple[Appointment, ...], terms: Terms) -> None:
    if len(booked) >= terms.rules.max_open:
        raise TooManyOpen(terms.rules.max_open, booked)


async def _open_to(session: AsyncSession, citizen_id: int, terms: Terms) -> tuple[Appointment, ...]:
    """The citizen's open bookings. Raises Barred where something stands against any more."""
    party = await people.party_of(session, citizen_id)
    standing = await appointments.standing_of(session, citizen_id, party.identity_id, terms=terms)
    if not standing.clear:
        raise Barred(standing)
    return await appointments.mine(session, citizen_id, now=terms.now)
