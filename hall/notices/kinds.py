"""What citizens are told of by themselves, and how soon each has to be there."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final


class Kind(enum.StrEnum):
    """What a notice says; its wording is made when it is sent."""

    BOOKING_CONFIRMED = "booking_confirmed"
    BOOKING_CHANGED = "booking_changed"
    BOOKING_CANCELLED = "booking_cancelled"
    REMINDER_EVENING = "reminder_evening"
    REMINDER_HOUR = "reminder_hour"
    CALLING_SOON = "calling_soon"
    CALLED = "called"
    PASSED = "passed"
    PLACE_FREE = "place_free"
    BANNED = "banned"
    UNBANNED = "unbanned"
    DAY_CLOSED = "day_closed"
    APPEAL_DECIDED = "appeal_decided"


REMINDERS: Final = frozenset({Kind.REMINDER_EVENING, Kind.REMINDER_HOUR})
# What loses its use within minutes is sent before everything else, whatever else has piled up.
URGENT: Final = frozenset({Kind.CALLING_SOON, Kind.CALLED, Kind.PASSED, Kind.PLACE_FREE})


@dataclass(frozen=True, slots=True)
class Notice:
    """Something one citizen is to be told. Kind, subject, event and openid together are its identity.

    `subject` is what it is about (``booking:12``, ``ticket:main:7``, ``waiting:3``); `event` tells two of one
    kind and subject apart (a revision, a start). `values` are codes, numbers and ISO times, nothing personal:
    item, hall, group, starts, number, window, ahead, minutes, until, reason. From `useful_until` on it is of
    no use and dropped.
    """

    kind: Kind
    openid: str
    subject: str
    due: datetime
    useful_until: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    event: str = ""
