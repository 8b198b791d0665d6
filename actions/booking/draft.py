"""The booking form as the conversation keeps it: JSON in the slot, typed here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal

from actions.turn import Turn
from hall.appointments.slots import local_day
from hall.centres.opening import SHANGHAI

KIND = "book"

# open: as many appointments are open as one may have; one of them is to be cancelled first.
Asks = Literal["item", "hall", "time", "who", "confirm", "open"]
Goal = Literal["book", "wait", "change"]


@dataclass
class Draft:
    """What is known of a booking that is being made, changed or waited for.

    Moments are ISO texts. `first` to before `before` is the wanted time, `starts` the slot chosen, `around`
    one that was given up, near which others are looked for. `hold`: the booking that keeps the place
    meanwhile, until `held_until`. `changes`: the appointment that is to be moved, which begins at `was` in
    the hall `was_at`. `whose` belongs to `actions.whose`; `person` is the entry it named, `named` how they
    are called. `tries` counts the requests that were made, each has a key of its own. `linked`: the page for
    choosing by a tap was offered. `gated`: nothing stood against booking at the beginning. `offered`: the
    times named last.
    """

    id: str
    goal: Goal = "book"
    asks: Asks = "item"
    item: str = ""
    hall: str = ""
    group: str = ""
    first: str = ""
    before: str = ""
    starts: str = ""
    around: str = ""
    places: int = 1
    whose: dict[str, Any] = field(default_factory=dict)
    known: bool = False
    person: int = 0
    named: str = ""
    for_other: bool = False
    hold: int = 0
    held_until: str = ""
    changes: int = 0
    was: str = ""
    was_at: str = ""
    tries: int = 0
    linked: bool = False
    gated: bool = False
    offered: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, turn: Turn, **known: Any) -> Draft:
        """A new form; its id is that of the push, so that the same push makes the same form."""
        seed = f"{turn.desk.citizen}:{turn.desk.push or turn.desk.now.isoformat()}"
        return cls(hashlib.sha256(seed.encode()).hexdigest()[:20], **known)

    @classmethod
    def of(cls, turn: Turn) -> Draft | None:
        """The draft in the conversation's form, if that is one."""
        form = turn.memory.form
        if form is None or form.get("kind") != KIND or not isinstance(form.get("id"), str):
            return None
        known: Mapping[str, Any] = {name.name: form[name.name] for name in fields(cls) if name.name in form}
        return cls(**known)

    def to_form(self) -> dict[str, Any]:
        """As the conversation's form keeps it."""
        return {"kind": KIND, **asdict(self)}

    def keep(self, turn: Turn) -> None:
        """Write it back."""
        turn.memory.form = self.to_form()

    @property
    def moves_hall(self) -> bool:
        """Whether an appointment is to be moved to another hall."""
        return bool(self.was_at) and self.hall != self.was_at

    def next_key(self) -> str:
        """The key of the next request; never that of the page, which is the form's id alone."""
        self.tries += 1
        return f"{self.id}:{self.tries}"

    def want(self, first: datetime, before: datetime) -> None:
        """Want this time; no slot of it is chosen yet."""
        self.first, self.before, self.starts = first.isoformat(), before.isoformat(), ""
        self.offered = []

    def want_day(self, day: date) -> None:
        """Want this day (a date in Asia/Shanghai)."""
        first = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        self.want(first, first + timedelta(days=1))

    def at_clock_of(self, other: datetime) -> None:
        """Choose the time of day of another moment, on the day spoken of."""
        if self.day is not None:
            clock = other.astimezone(SHANGHAI)
            self.starts = datetime.combine(self.day, clock.time(), SHANGHAI).isoformat()

    def forget_time(self) -> None:
        """No time is wanted any more."""
        self.around = self.starts or self.around
        self.first = self.before = self.starts = ""
        self.offered = []

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """The wanted time."""
        return (moment(self.first), moment(self.before)) if self.first and self.before else None

    @property
    def day(self) -> date | None:
        """The one day spoken of: that of the slot chosen, of the wanted time, or of the alternatives."""
        if self.starts:
            return local_day(moment(self.starts))
        if self.window is not None:
            first, before = self.window
            one = local_day(first) == local_day(before - timedelta(seconds=1))
            return local_day(first) if one else None
        days = {local_day(moment(start)) for start in self.offered}
        return days.pop() if len(days) == 1 else None


def moment(value: str) -> datetime:
    """The moment of an ISO text, in Asia/Shanghai. Raises ValueError."""
    read = datetime.fromisoformat(value)
    return read.astimezone(SHANGHAI) if read.tzinfo is not None else read.replace(tzinfo=SHANGHAI)
