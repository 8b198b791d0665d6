"""The appointments desk: free times, taking and changing a place, waiting for one, the visit, penalties.

Each function does one thing in the caller's transaction, of which it is best the only thing: locks are held
until the commit (see `hall.appointments.locks`). What changes something is given `Terms`: the moment, the
rules and the source of chance.
"""

from __future__ import annotations

from hall.appointments.amending import amend_hold, booked_by
from hall.appointments.appeals import AppealView, appeal, appeals, decide_appeal, lift, reseal_appeals
from hall.appointments.availability import Quota, free_days, free_slots, nearest_free
from hall.appointments.changing import cancel, get, mine, reschedule
from hall.appointments.closures import Closed, Moved, affected_by, set_days_with_bookings
from hall.appointments.counters import set_capacity, set_slot_capacity
from hall.appointments.excuses import excuse, reminder_failed
from hall.appointments.forgetting import forgetting, restriction, told_of
from hall.appointments.looking import require_room
from hall.appointments.penalties import Standing
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.slots import DaySlots, FreeSlot
from hall.appointments.standing import standing_of
from hall.appointments.taking import book, confirm, hold
from hall.appointments.upkeep import (
    Released,
    WaitedDay,
    has_expired,
    looks_freed,
    offer_freed,
    release_expired,
    waited_days,
)
from hall.appointments.views import Appointment, Wish
from hall.appointments.visiting import (
    CheckedIn,
    CheckIn,
    NoSuchCode,
    NotValid,
    OtherDay,
    OtherHall,
    TooEarly,
    TooLate,
    check_in,
    mark_no_shows,
    missed,
)
from hall.appointments.waiting import (
    Waiting,
    accept_offer,
    join_waitlist,
    leave_waitlist,
    my_waiting,
    position,
)
from hall.appointments.wishes import bookable_places, wish_for

__all__ = [
    "AppealView",
    "Appointment",
    "BookingRules",
    "CheckIn",
    "CheckedIn",
    "Closed",
    "DaySlots",
    "FreeSlot",
    "Moved",
    "NoSuchCode",
    "NotValid",
    "OtherDay",
    "OtherHall",
    "Quota",
    "Released",
    "Standing",
    "Terms",
    "TooEarly",
    "TooLate",
    "WaitedDay",
    "Waiting",
    "Wish",
    "accept_offer",
    "affected_by",
    "amend_hold",
    "appeal",
    "appeals",
    "book",
    "bookable_places",
    "booked_by",
    "cancel",
    "check_in",
    "confirm",
    "decide_appeal",
    "excuse",
    "forgetting",
    "free_days",
    "free_slots",
    "get",
    "has_expired",
    "hold",
    "join_waitlist",
    "leave_waitlist",
    "lift",
    "looks_freed",
    "mark_no_shows",
    "mine",
    "missed",
    "my_waiting",
    "nearest_free",
    "offer_freed",
    "position",
    "release_expired",
    "reminder_failed",
    "require_room",
    "reschedule",
    "reseal_appeals",
    "restriction",
    "set_capacity",
    "set_days_with_bookings",
    "set_slot_capacity",
    "standing_of",
    "told_of",
    "waited_days",
    "wish_for",
]
