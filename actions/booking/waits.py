"""The waitlist in chat: what is waited for, taking a place that came free, waiting no longer."""

from __future__ import annotations

from collections.abc import Sequence

from actions import forms, reminders
from actions.booking import place, steps
from actions.booking.draft import Draft
from actions.booking.refusals import HUMAN, MINE, REFUSALS, against, refused
from actions.booking.times import INTENT, terms
from actions.turn import Reply, Turn, Way
from actions.wording import booking as wording
from actions.wording import booking_refused as refusing
from actions.wording import own_bookings
from hall.appointments import service as desk
from hall.appointments.errors import NotToBeHad, UnknownBooking
from hall.appointments.service import Waiting
from hall.appointments.slots import local_day
from hall.people.citizens import citizen_id_of, register


async def mine(turn: Turn) -> tuple[tuple[Waiting, int], ...]:
    """What the citizen waits for, with how many are before them."""
    async with turn.desk.read() as session:
        citizen = await citizen_id_of(session, turn.desk.citizen)
        if citizen is None:
            return ()
        found = await desk.my_waiting(session, citizen, now=turn.desk.now)
        return tuple([(entry, await desk.position(session, entry.id)) for entry in found])


def ways(waiting: Sequence[tuple[Waiting, int]]) -> tuple[Way, ...]:
    """Ways on from the waitlist: an offer to be taken, or to wait no longer."""
    found = []
    for entry, _ in waiting:
        if entry.state == "offered":
            found.append(Way.to("要这个空位", INTENT, do="accept", value=str(entry.id)))
        found.append(
            Way.to(
                f"不等 {wording.on(local_day(entry.first))} 的了", INTENT, do="unwait", value=str(entry.id)
            )
        )
    return tuple(found)


async def accept(turn: Turn, value: str) -> Reply:
    """Take the place that came free; what else is free where it is gone."""
    entry = _number(value)
    try:
        async with place.changing(turn) as session:
            citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
            done = await desk.accept_offer(session, citizen, entry, key=f"offer:{entry}", terms=terms(turn))
    except UnknownBooking:
        return Reply(own_bookings.not_waiting(), (MINE,))
    except REFUSALS as error:
        return await _not_taken(turn, error)
    turn.desk.changed("notices")
    if done.state != "confirmed":
        return Reply(own_bookings.not_waiting(), (MINE,))
    text = own_bookings.booked_from_waiting(steps.told(turn, done), done.code, turn.desk.rules)
    reply = Reply(text, steps.own_ways(done, turn.desk.catalogue.get(done.item_code)))
    return await reminders.offered(turn, reply, reminders.OF_A_VISIT)


async def _not_taken(turn: Turn, error: Exception) -> Reply:
    """What stands against it; a form for the alternatives, where there are any."""
    if (reply := against(turn, error)) is not None:
        return reply
    found = error.alternatives if isinstance(error, NotToBeHad) else ()
    item = turn.desk.catalogue.get(turn.memory.item)
    if item is None or not found:
        return Reply(refusing.offer_gone(), (Way.to("再约一个", INTENT), MINE, HUMAN))
    draft = Draft.new(turn, item=item.code, hall=found[0].hall, group=found[0].group)
    await forms.start(turn, draft.to_form())
    reply = await refused(turn, draft, item, error)
    draft.keep(turn)
    return reply


async def leave(turn: Turn, value: str) -> Reply:
    """Wait no longer."""
    try:
        async with place.changing(turn) as session:
            citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
            await desk.leave_waitlist(session, citizen, _number(value), terms=terms(turn))
    except UnknownBooking:
        return Reply(own_bookings.not_waiting(), (MINE,))
    turn.desk.changed("notices")
    return Reply(own_bookings.waits_no_more(), (Way.to("约别的时间", INTENT), MINE))


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 12 else 0
