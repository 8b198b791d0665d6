"""Checking an appointment in: the citizen is in the hall; in time, early, late, or in another hall."""

from __future__ import annotations

from actions import reminders
from actions.queueing import numbers, standing
from actions.turn import Reply, Turn, Way
from actions.wording import arriving as wording
from hall.appointments import service as appointments
from hall.appointments.arrivals import expected_today
from hall.appointments.service import Appointment, CheckedIn, CheckIn, TooEarly, TooLate
from hall.centres.schema import Hall
from hall.people.service import citizen_id_of
from hall.queue import service as queue
from hall.queue.rules import QueueTerms
from hall.queue.views import Ticket


async def check_in(turn: Turn, hall: Hall) -> Reply | None:
    """Check in today's appointment in this hall; None where there is none to speak of."""
    today = [each for each in await _expected(turn) if each.state == "confirmed"]
    here = [each for each in today if each.hall == hall.code]
    if not here:
        return _elsewhere(turn, today[0], hall) if today else None
    booking = min(here, key=lambda each: abs(each.starts - turn.desk.now))
    desk = turn.desk
    terms = appointments.Terms(desk.now, desk.rules)
    async with desk.session() as session:
        found = await appointments.check_in(session, booking.code, hall=hall.code, terms=terms)
        ticket = None
        if isinstance(found, CheckedIn):
            ticket = await queue.join(
                session,
                hall=hall.code,
                group=booking.group,
                openid=desk.citizen,
                booking_id=booking.id,
                terms=QueueTerms(desk.now, desk.queue_rules),
            )
    return await _with_number(turn, hall, ticket) if ticket is not None else await _said(turn, hall, found)


async def _with_number(turn: Turn, hall: Hall, ticket: Ticket) -> Reply:
    desk = turn.desk
    numbers.changed(turn, hall)
    async with desk.session() as session:
        views = await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules)
    # Who was called before they checked in keeps the ordinary number that they have.
    mine = next(each for each in views if each.id == ticket.id)
    reply = Reply(wording.checked_in(desk.catalogue, mine, desk.queue_rules), standing.ways((mine,)))
    return await reminders.offered(turn, reply, reminders.OF_THE_QUEUE)


async def _said(turn: Turn, hall: Hall, found: CheckIn) -> Reply | None:
    view = turn.desk.catalogue
    if isinstance(found, TooEarly):
        plain = Way.to(
            "不等预约,现在取普通号", "take_ticket", do="plain", value=f"{hall.code}:{found.booking.group}"
        )
        return Reply(wording.too_early(view, found), (plain, Way.to("改约", "change_appointment")))
    if isinstance(found, TooLate) and not found.missed:
        item = view.get(found.booking.item_code)
        return await numbers.join(turn, hall, found.booking.group, item, lead=wording.too_late(found))
    return None


def _elsewhere(turn: Turn, booking: Appointment, hall: Hall) -> Reply:
    other = turn.desk.catalogue.hall(booking.hall)
    ways = (
        Way.to("就在这里取普通号", "take_ticket", do="plain", value=hall.code),
        Way.to("改约", "change_appointment", value=str(booking.id)),
        Way.to("那个大厅在哪", "hall_info", info="address"),
    )
    return Reply(wording.other_hall(turn.desk.catalogue, booking, other, hall), ways)


async def _expected(turn: Turn) -> tuple[Appointment, ...]:
    """The citizen's appointments of today."""
    async with turn.desk.read() as session:
        citizen = await citizen_id_of(session, turn.desk.citizen)
        return await expected_today(session, citizen, now=turn.desk.now) if citizen is not None else ()
