"""Checking an appointment in: the citizen is in the hall; in time, early, late, or in another hall."""

from __future__ import annotations

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
        if isinstance(found, CheckedIn):
            await queue.join(
                session,
                hall=hall.code,
                group=booking.group,
                openid=desk.citizen,
                booking_id=booking.id,
                terms=QueueTerms(desk.now, desk.queue_rules),
            )
    return await _said(turn, hall, found)


async def _said(turn: Turn, hall: Hall, found: CheckIn) -> Reply | None:
    desk, view = turn.desk, turn.desk.catalogue
    if isinstance(found, CheckedIn):
        numbers.changed(turn, hall)
        async with desk.session() as session:
            views = await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules)
        mine = next(each for each in views if each.appointed == found.booking.starts)
        return Reply(wording.checked_in(view, mine, desk.queue_rules), standing.ways((mine,)))
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
