"""The place of a booking: held while the rest is asked, made final, moved, given back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from actions.booking.draft import Draft, moment
from actions.booking.times import terms
from actions.turn import Turn
from hall.appointments import service as desk
from hall.appointments.errors import NotOpen, TooManyOpen, UnknownBooking
from hall.appointments.service import Appointment, Standing, Wish
from hall.people.citizens import citizen_id_of, register
from hall.people.proxies import Party, party_of


@asynccontextmanager
async def changing(turn: Turn) -> AsyncIterator[AsyncSession]:
    """A session of the turn's transaction; what goes wrong within is undone, and nothing besides."""
    async with turn.desk.session() as session, session.begin_nested():
        yield session


async def secure(turn: Turn, draft: Draft) -> None:
    """Hold the place that the draft names, for whom and how many it says; raises what stands against it.

    A hold that was there moves along. Time is not gained by it: it runs out when it would have.
    """
    wish = _wish(turn, draft)
    if not draft.hold:
        # Whoever comes too late hears so by reading alone.
        async with turn.desk.read() as session:
            await desk.require_room(session, wish, terms=terms(turn))
    try:
        held = await _held(turn, draft, wish)
    except TooManyOpen as error:
        stale = [booking for booking in error.open if booking.state == "held" and booking.id != draft.hold]
        if not stale:
            raise
        # Left from a form that nobody goes on with.
        await _give_up(turn, stale)
        held = await _held(turn, draft, wish)
    draft.hold, draft.held_until = held.id, held.held_until.isoformat() if held.held_until else ""


async def _held(turn: Turn, draft: Draft, wish: Wish) -> Appointment:
    async with changing(turn) as session:
        citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
        party = await _party(session, citizen, draft)
        if draft.hold:
            moved = await _moved(session, party, draft, wish, turn)
            if moved is not None:
                return moved
        return await desk.hold(session, party, wish, key=draft.next_key(), terms=terms(turn))


async def _moved(
    session: AsyncSession, party: Party, draft: Draft, wish: Wish, turn: Turn
) -> Appointment | None:
    """The hold on what is wished for now; None where it ran out, or is of another item and was given back."""
    try:
        held = await desk.get(session, party.citizen_id, draft.hold)
        if held.state != "held":
            return None
        if held.item_code != wish.item_code:
            await desk.cancel(session, party.citizen_id, held.id, terms=terms(turn), told=True)
            return None
        if (held.starts, held.hall, held.group) != (wish.starts, wish.hall, wish.group):
            await desk.reschedule(
                session,
                party.citizen_id,
                held.id,
                starts=wish.starts,
                hall=wish.hall,
                group=wish.group,
                key=draft.next_key(),
                terms=terms(turn),
                told=True,
            )
        return await desk.amend_hold(session, party, held.id, places=wish.places, terms=terms(turn))
    except (NotOpen, UnknownBooking):
        return None


async def _party(session: AsyncSession, citizen: int, draft: Draft) -> Party:
    """Who comes, as far as it is known: the citizen's account, until somebody is named."""
    if not draft.known:
        return Party(citizen)
    return await party_of(session, citizen, draft.person or None)


def _wish(turn: Turn, draft: Draft) -> Wish:
    return desk.wish_for(
        turn.desk.catalogue,
        draft.item,
        draft.hall,
        moment(draft.starts),
        places=draft.places,
        group=draft.group,
    )


async def make_final(turn: Turn, draft: Draft) -> Appointment:
    """Confirm the hold; taken anew where it ran out and its place is still free."""
    async with changing(turn) as session:
        citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
        done = await desk.confirm(session, citizen, draft.hold, terms=terms(turn), told=True)
    turn.desk.changed("notices")
    return done


async def release(turn: Turn, draft: Draft) -> None:
    """Give the hold back, where there is one."""
    if not draft.hold:
        return
    held, draft.hold = draft.hold, 0
    try:
        async with changing(turn) as session:
            citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
            found = await desk.get(session, citizen, held)
            if found.state == "held":
                await desk.cancel(session, citizen, held, terms=terms(turn), told=True)
    except (NotOpen, UnknownBooking):
        return


async def _give_up(turn: Turn, stale: list[Appointment]) -> None:
    async with changing(turn) as session:
        for booking in stale:
            await desk.cancel(session, booking.citizen_id, booking.id, terms=terms(turn), told=True)


async def move(turn: Turn, draft: Draft) -> Appointment:
    """Move the appointment that the draft changes to the time chosen."""
    async with changing(turn) as session:
        citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
        moved = await desk.reschedule(
            session,
            citizen,
            draft.changes,
            starts=moment(draft.starts),
            hall=draft.hall,
            group=draft.group,
            key=draft.next_key(),
            terms=terms(turn),
            told=True,
        )
    turn.desk.changed("notices")
    return moved


async def require_room(turn: Turn, draft: Draft) -> None:
    """Raise what stands against the time chosen, as far as reading tells."""
    async with turn.desk.read() as session:
        await desk.require_room(session, _wish(turn, draft), terms=terms(turn))


async def open_bookings(turn: Turn) -> tuple[Appointment, ...]:
    """The citizen's confirmed appointments that are yet to come, the next one first."""
    async with turn.desk.read() as session:
        citizen = await citizen_id_of(session, turn.desk.citizen)
        if citizen is None:
            return ()
        found = await desk.mine(session, citizen, now=turn.desk.now)
    return tuple(booking for booking in found if booking.state == "confirmed")


async def standing(turn: Turn) -> Standing:
    """Whether anything stands against the citizen's booking."""
    async with turn.desk.read() as session:
        citizen = await citizen_id_of(session, turn.desk.citizen)
        if citizen is None:
            return Standing()
        party = await party_of(session, citizen)
        return await desk.standing_of(session, citizen, party.identity_id, terms=terms(turn))


async def made_on_page(turn: Turn, draft: Draft) -> Appointment | None:
    """The appointment that was made on the page the form offered; its key is the form's id."""
    async with turn.desk.read() as session:
        citizen = await citizen_id_of(session, turn.desk.citizen)
        made = await desk.booked_by(session, citizen, draft.id) if citizen is not None else None
    return made if made is not None and made.state == "confirmed" else None


async def wait(turn: Turn, draft: Draft) -> tuple[desk.Waiting, int]:
    """Join the waitlist for the wanted time; the entry, and how many are before it."""
    assert draft.window is not None  # noqa: S101 - what is waited for
    first, before = draft.window
    draft.starts = first.isoformat()
    wish = _wish(turn, draft)
    async with changing(turn) as session:
        citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
        party = await _party(session, citizen, draft)
        entry = await desk.join_waitlist(session, party, wish, last=before, terms=terms(turn))
        return entry, await desk.position(session, entry.id)
