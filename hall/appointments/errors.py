"""What can stand against a booking. Each error carries what somebody needs to go on."""

from __future__ import annotations

from datetime import date, datetime

from hall.appointments.penalties import Standing
from hall.appointments.slots import FreeSlot
from hall.appointments.views import Appointment
from hall.centres.opening import DayHours


class NotToBeHad(Exception):  # noqa: N818 - reads as the verdict it is
    """The wanted time is not to be had; `alternatives` are the nearest free times, in order."""

    def __init__(self, message: str, alternatives: tuple[FreeSlot, ...] = ()) -> None:
        super().__init__(message)
        self.alternatives = alternatives


class SlotFull(NotToBeHad):
    """All places of the slot are taken; the waitlist is open."""


class QuotaFull(NotToBeHad):
    """The item takes no more that day: `day`, `quota`."""

    def __init__(self, day: date, quota: int, alternatives: tuple[FreeSlot, ...]) -> None:
        super().__init__(f"all {quota} of {day} are taken", alternatives)
        self.day, self.quota = day, quota


class DayClosed(NotToBeHad):
    """The counter is closed that day; `hours` says why."""

    def __init__(self, hours: DayHours, alternatives: tuple[FreeSlot, ...]) -> None:
        super().__init__(f"closed on {hours.day}", alternatives)
        self.hours = hours


class DayUnknown(NotToBeHad):
    """The holidays of the day's year are not published; nobody can say yet whether it is open."""

    def __init__(self, day: date, alternatives: tuple[FreeSlot, ...]) -> None:
        super().__init__(f"the holidays of {day.year} are not published", alternatives)
        self.day = day


class NotASlot(NotToBeHad):
    """The counter is open that day, but no slot begins then; `hours` are the day's."""

    def __init__(self, hours: DayHours, alternatives: tuple[FreeSlot, ...]) -> None:
        super().__init__("no slot begins then", alternatives)
        self.hours = hours


class SlotPast(NotToBeHad):
    """The slot has begun, or is too near to be booked."""


class TooFarAhead(NotToBeHad):
    """Not open for booking yet; `last` is the last day that is."""

    def __init__(self, last: date, alternatives: tuple[FreeSlot, ...]) -> None:
        super().__init__(f"bookable until {last}", alternatives)
        self.last = last


class HoldExpired(NotToBeHad):
    """The hold ran out before it was confirmed, and the place is gone."""


class OfferGone(NotToBeHad):
    """The offer from the waitlist is no longer open."""


class StillFree(NotToBeHad):
    """There is nothing to wait for: `alternatives` are free in the wanted time."""


class Barred(Exception):  # noqa: N818 - reads as the verdict it is
    """No-shows stand against booking; `standing` says until when. It can be appealed."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.kind)
        self.standing = standing


class TooManyOpen(Exception):  # noqa: N818 - reads as the verdict it is
    """As many bookings are open as one may have: `open`; one of them can be changed or cancelled."""

    def __init__(self, limit: int, open_: tuple[Appointment, ...]) -> None:
        super().__init__(f"at most {limit} open bookings")
        self.limit, self.open = limit, open_


class TooManyWaiting(Exception):  # noqa: N818 - reads as the verdict it is
    """As many waitlist entries are open as one may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} waitlist entries")
        self.limit = limit


class TooManyPlaces(ValueError):  # noqa: N818 - reads as the verdict it is
    """More people than one booking is for, or none at all."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"1 to {limit} people in a booking")
        self.limit = limit


class AlreadyBooked(Exception):  # noqa: N818 - reads as the verdict it is
    """The same person has an appointment at that time: `booking`."""

    def __init__(self, booking: Appointment) -> None:
        super().__init__(f"booked already as {booking.id}")
        self.booking = booking


class UnknownBooking(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such booking (entry, appeal), or it is another citizen's."""


class NotOpen(Exception):  # noqa: N818 - reads as the verdict it is
    """The booking can no longer be changed: it is over, cancelled or used. `booking` says which."""

    def __init__(self, booking: Appointment) -> None:
        super().__init__(booking.state)
        self.booking = booking


class TooLateToChange(Exception):  # noqa: N818 - reads as the verdict it is
    """The appointment has begun: `starts`."""

    def __init__(self, starts: datetime) -> None:
        super().__init__("the appointment has begun")
        self.starts = starts


class NoSuchCounter(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such counter group, or it was withdrawn."""


class NotBookable(Exception):  # noqa: N818 - reads as the verdict it is
    """The item is not booked; one goes without an appointment."""


class NotOfferedThere(Exception):  # noqa: N818 - reads as the verdict it is
    """The item is not done in that hall; `halls` are the codes of those where it is."""

    def __init__(self, halls: tuple[str, ...]) -> None:
        super().__init__("not offered there")
        self.halls = halls


class ReasonMissing(ValueError):  # noqa: N818 - reads as the verdict it is
    """Staff who lift, excuse or decide are named and say why."""


class BookingsAffected(Exception):  # noqa: N818 - reads as the verdict it is
    """Citizens are booked where the centre is to close: `affected`. Decide what becomes of them."""

    def __init__(self, affected: tuple[Appointment, ...]) -> None:
        super().__init__(f"{len(affected)} bookings are affected")
        self.affected = affected
