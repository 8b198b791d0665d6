"""What stands against a booking, in kind words, with ways on: each error of the appointments desk."""

from __future__ import annotations

from datetime import datetime

from actions.booking import times
from actions.booking.draft import Draft, moment
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import bans
from actions.wording import booking as wording
from actions.wording import booking_refused as refusing
from hall.appointments import errors
from hall.appointments.service import Appointment
from hall.catalogue.schema import Item

# All that the desk may answer to a booking, besides what is a mistake of ours.
REFUSALS = (
    errors.NotToBeHad,
    errors.Barred,
    errors.TooManyOpen,
    errors.TooManyWaiting,
    errors.TooManyPlaces,
    errors.AlreadyBooked,
    errors.NotOpen,
    errors.TooLateToChange,
    errors.NoSuchCounter,
    errors.NotBookable,
    errors.NotOfferedThere,
    errors.UnknownBooking,
)


MINE = Way.to("我的预约", "my_appointments")
HUMAN = Way.to("找工作人员", "human")


async def refused(turn: Turn, draft: Draft, item: Item, error: Exception) -> Reply:
    """What is said, and offered instead; the form goes on where there is something to choose."""
    now = turn.desk.now
    match error:
        case errors.NotToBeHad():
            return await _not_to_be_had(turn, draft, item, error)
        case errors.AlreadyBooked(booking=same):
            head = bans.already_booked(same, turn.desk.catalogue, now)
            free = await times.nearest(turn, draft, item, same.starts, but=same.starts)
            return await times.others(turn, draft, item, head, same.starts, slots=free)
        case errors.TooManyPlaces(limit=limit):
            draft.places = limit
            return await times.others(turn, draft, item, refusing.too_many_people(limit), _wanted(draft, now))
        case errors.TooManyOpen(limit=limit, open=opened):
            draft.gated, draft.asks = False, "open"
            return too_many_open(turn, limit, opened)
    turn.memory.form = None
    return against(turn, error) or Reply(refusing.gone(item), (MINE, HUMAN))


def against(turn: Turn, error: Exception) -> Reply | None:
    """What stands against a booking whatever is booked, in words; None for all else."""
    now = turn.desk.now
    match error:
        case errors.TooManyOpen(limit=limit, open=opened):
            return too_many_open(turn, limit, opened)
        case errors.Barred(standing=standing):
            return Reply(bans.barred(standing, turn.desk.rules, now), barred_ways())
        case errors.TooManyWaiting(limit=limit):
            return Reply(bans.too_many_waiting(limit), (MINE,))
        case errors.AlreadyBooked(booking=same):
            return Reply(bans.already_booked(same, turn.desk.catalogue, now), (MINE,))
        case errors.NotOpen(booking=booking):
            return no_longer(turn, booking)
        case errors.TooLateToChange(starts=starts):
            return Reply(refusing.begun(starts, now), (MINE, HUMAN))
    return None


def barred_ways() -> tuple[Way, ...]:
    """Ways on for who may not book."""
    return (Way.to("申诉", "book_appointment", do="appeal"), HUMAN)


def too_many_open(turn: Turn, limit: int, opened: tuple[Appointment, ...]) -> Reply:
    """The appointments there are, with ways to change or cancel each."""
    text = bans.too_many_open(limit, opened, turn.desk.catalogue, turn.desk.now)
    ways = []
    for booking in opened[:2]:
        when = wording.on_short(booking.starts)
        ways += [
            Way.to(f"取消 {when}", "cancel_appointment", value=str(booking.id)),
            Way.to(f"改 {when}", "change_appointment", value=str(booking.id)),
        ]
    return Reply(text, (*ways, Way.to("先不约了", "stop"))[:MOST_WAYS])


def no_longer(turn: Turn, booking: Appointment) -> Reply:
    """An appointment that can't be changed any more, and why."""
    told = wording.when(booking.starts, turn.desk.now)
    name = wording.name_of(turn.desk.catalogue, booking.item_code)
    return Reply(refusing.not_open(name, told, booking.state), (MINE, Way.to("再约一个", "book_appointment")))


def _wanted(draft: Draft, now: datetime) -> datetime:
    return moment(draft.starts or draft.first) if draft.starts or draft.first else now


async def _not_to_be_had(turn: Turn, draft: Draft, item: Item, error: errors.NotToBeHad) -> Reply:
    wanted = _wanted(draft, turn.desk.now)
    head, waitable = _why(turn, error, wanted)
    slot = (wanted, wanted + turn.desk.rules.slot)
    # A place that was waited for is free meanwhile, and so on: what is named is what can be had.
    return await times.others(
        turn, draft, item, head, wanted, slots=error.alternatives, waits=slot if waitable else None
    )


def _why(turn: Turn, error: errors.NotToBeHad, wanted: datetime) -> tuple[str, bool]:
    """Why the wanted time is not to be had; and whether one can wait for it."""
    now = turn.desk.now
    match error:
        case errors.SlotFull():
            return refusing.full(wanted, wanted, now, exact=True), True
        case errors.QuotaFull(day=day, quota=quota):
            return refusing.quota_gone(day, quota), True
        case errors.DayClosed(hours=hours):
            return refusing.closed(hours), False
        case errors.DayUnknown(day=day):
            return refusing.unknown_year(day.year), False
        case errors.NotASlot(hours=hours):
            return refusing.no_such_slot(wanted, hours, now), False
        case errors.TooFarAhead(last=last):
            return refusing.too_far(last), False
        case errors.SlotPast():
            past = wanted <= now
            return (
                refusing.past(wanted, now, exact=True) if past else refusing.soon_over(wanted, now)
            ), False
        case errors.HoldExpired():
            return refusing.hold_gone(wanted, now, turn.desk.rules.hold_minutes), True
        case errors.StillFree():
            return refusing.still_free(), False
    return refusing.offer_gone(), False
