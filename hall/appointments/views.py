"""What the desk takes and gives: a wish, an appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hall.appointments.models import Booking

# held: to be confirmed; late: came after the window, without priority; expired: a hold nobody confirmed.
State = Literal["held", "confirmed", "checked_in", "late", "no_show", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked: an item in the version of its guide that was read, where and when.

    `starts` is aware; `places` is for how many people; `quota`: how many of the item a day takes, if limited.
    """

    item_code: str
    hall: str
    group: str
    starts: datetime
    item_version: int = 1
    places: int = 1
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booking as it stands. `code` is what is shown at the desk, once confirmed."""

    id: int
    state: State
    citizen_id: int
    person_id: int | None
    for_other: bool
    item_code: str
    item_version: int
    hall: str
    group: str
    starts: datetime
    ends: datetime
    places: int
    code: str
    held_until: datetime | None

    @classmethod
    def of(cls, row: Booking) -> Appointment:
        """The appointment of a row."""
        return cls(
            row.id,
            row.state,  # type: ignore[arg-type]  # the desk writes no other
            row.citizen_id,
            row.person_id,
            row.for_other,
            row.item_code,
            row.item_version,
            row.hall_code,
            row.group_code,
            row.starts,
            row.ends,
            row.places,
            row.code or "",
            row.held_until if row.state == "held" else None,
        )
