"""A hall's queue estimated: read what there is, ask `hall.queue.waiting`, and put it as it is told."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Booking
from hall.appointments.slots import counters_in
from hall.queue.groups import GroupDay, group_days
from hall.queue.line import Busy, Line, load_line, load_windows
from hall.queue.measuring import GroupPace, paces
from hall.queue.models import QueueWindow
from hall.queue.order import Place
from hall.queue.rules import QueueRules, QueueTerms
from hall.queue.views import Wait
from hall.queue.waiting import Coming, Desk, Estimate, Spans, Visit, estimates

# Who is late for an appointment comes less likely; they arrive some minutes before it.
_BEFORE_MINUTES = 8.0
_LATE_CHANCE = 0.5
_LATE_MINUTES = 15.0
# A window that was not opened for so long is not expected to be.
_OF_LATE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Outlined:
    """A hall's queue, estimated: by ticket who is ahead and how long, by group for one who comes now.

    `calling`: the counter groups that are within their hours.
    """

    hall: str
    groups: tuple[str, ...]
    calling: frozenset[str]
    line: Line
    ahead: Mapping[int, int]
    found: Mapping[int, Estimate]
    waits: Mapping[int, Wait]
    arriving: Mapping[str, Wait]

    def open_windows(self, group: str) -> int:
        """How many windows of a counter group are open."""
        return sum(window.state == "open" and group in window.groups for window in self.line.windows)

    def numbers(self, group: str | None = None) -> tuple[str, ...]:
        """The numbers of those who wait, in order."""
        return tuple(
            self.line.waiting[place.id].number
            for place in self.line.places
            if group is None or place.group == group
        )


async def outlined(
    session: AsyncSession,
    hall: str,
    terms: QueueTerms,
    *,
    arriving: Collection[str] | None = None,
    days: Mapping[str, GroupDay] | None = None,
) -> Outlined:
    """The queue of a hall, estimated; also for one who comes now to the groups `arriving` (None: all).

    `days` where they were read already. Raises UnknownGroup for no such hall.
    """
    days = days or await group_days(session, hall, terms)
    line = await load_line(session, hall, terms)
    here = _Hall(days, line, await paces(session, hall, days, days, terms.rules), terms)
    desks = await _desks(session, hall, here)
    asked = [group for group in days if arriving is None or group in arriving]
    found: list[Estimate | None] = []
    if line.places or asked:
        coming = here.coming(await _bookings(session, hall, terms))
        visits = [*map(here.visit, line.places), *map(here.ghost, asked)]
        found = estimates(visits, desks, coming=coming, closed={group: here.closed(group) for group in days})
    known = {
        place.id: estimate
        for place, estimate in zip(line.places, found, strict=False)
        if estimate is not None
    }
    groups = {place.id: place.group for place in line.places}
    now_coming = zip(asked, found[len(line.places) :], strict=True)
    return Outlined(
        hall=hall,
        groups=tuple(days),
        calling=frozenset(group for group in days if here.calls(group)),
        line=line,
        ahead=_ahead(line.places),
        found=known,
        waits={ticket: here.told(estimate, groups[ticket]) for ticket, estimate in known.items()},
        arriving={
            group: here.told(estimate, group) for group, estimate in now_coming if estimate is not None
        },
    )


async def _desks(session: AsyncSession, hall: str, here: _Hall) -> list[Desk]:
    """The windows; where a counter group has yet to open, those that are usually there."""
    desks = here.desks()
    if awaited := here.awaited():
        closed = await load_windows(session, hall, states=("closed",))
        for group in awaited:
            desks += here.usual(group, closed)
    return desks


def _ahead(places: Iterable[Place]) -> dict[int, int]:
    """How many of the same counter group are called before each."""
    counts: dict[str, int] = {}
    ahead = {}
    for place in places:
        ahead[place.id] = counts.get(place.group, 0)
        counts[place.group] = ahead[place.id] + 1
    return ahead


@dataclass(frozen=True, slots=True)
class _Hall:
    """What was read of a hall, as the estimate wants it."""

    days: Mapping[str, GroupDay]
    line: Line
    pace: Mapping[str, GroupPace]
    terms: QueueTerms

    @property
    def rules(self) -> QueueRules:
        """The rules."""
        return self.terms.rules

    def minutes(self, moment: datetime) -> float:
        """From now to a moment."""
        return (moment - self.terms.now).total_seconds() / 60

    def visit(self, place: Place) -> Visit:
        """A ticket in line."""
        only = place.only_window if place.only_window in self.line.staffed else None
        return self._visit(place.group, self.line.waiting[place.id].item_code, only)

    def ghost(self, group: str) -> Visit:
        """Somebody who would come to a counter group now."""
        return Visit(group, self.pace[group].all, ghost=True)

    def _visit(self, group: str, item_code: str, only: int | None = None) -> Visit:
        pace = self.pace.get(group)
        if pace is None:  # its group was withdrawn while it waits
            pace = next(iter(self.pace.values()))
        return Visit(group, pace.of(item_code), pace.gone, pace.pass_minutes, only)

    def closed(self, group: str) -> Spans:
        """Between which minutes from now a counter group is closed; what comes after the last is not told."""
        spans = self.days[group].spans
        if not spans:
            return ()
        ends = [self.minutes(closes) for _, closes in spans]
        starts = [self.minutes(opens) for opens, _ in spans]
        gaps = [(-math.inf, starts[0]), *zip(ends[:-1], starts[1:], strict=True)]
        return tuple((max(closes, 0.0), opens) for closes, opens in gaps if opens > 0)

    def told(self, estimate: Estimate, group: str) -> Wait:
        """An estimate as it is told: whole minutes, rounded away from the middle."""
        spans = self.days[group].spans if group in self.days else ()
        today = not spans or estimate.middle <= max(0.0, self.minutes(spans[-1][1]))
        return Wait(math.floor(estimate.low), math.ceil(estimate.high), estimate.middle, today)

    def desks(self) -> list[Desk]:
        """The windows that are not closed."""
        return [self._desk(window, self.line.there.get(window.id)) for window in self.line.windows]

    def awaited(self) -> list[str]:
        """The counter groups that wait for more windows: before the day begins, or with none over lunch."""
        return [
            group
            for group, day in self.days.items()
            if (day.spans and self.terms.now < day.spans[0][0])
            or (self._opens_later(group) and not self._served(group))
        ]

    def _served(self, group: str) -> bool:
        return any(group in window.groups for window in self.line.windows)

    def calls(self, group: str) -> bool:
        """Whether a counter group is within its hours."""
        return any(opens <= self.terms.now < closes for opens, closes in self.days[group].spans)

    def _desk(self, window: QueueWindow, ticket: Busy | None) -> Desk:
        gaps = [self.pace[group].gap_minutes for group in window.groups if group in self.pace]
        gap = sum(gaps) / len(gaps) if gaps else self.rules.usual_gap_minutes
        back = self.rules.usual_pause_minutes if window.state == "paused" else 0.0
        groups = frozenset(window.groups)
        if ticket is None or ticket.called is None:
            return Desk(window.id, groups, back=back, gap=gap)
        busy = self._visit(ticket.group, ticket.item_code)
        if ticket.state == "serving":
            busy = Visit(busy.group, busy.pace)
        minutes = ticket.busy_seconds / 60 + max(0.0, -self.minutes(ticket.called))
        return Desk(window.id, groups, busy, minutes, back, gap)

    def usual(self, group: str, closed: Iterable[QueueWindow]) -> list[Desk]:
        """The windows that are expected: those a group had of late; nothing known, half of those it has."""
        late = self.terms.now - _OF_LATE
        number = sum(group in window.groups and window.since >= late for window in closed)
        if not number and not self._served(group):
            number = max(1, counters_in(self.days[group].counter.name) // 2)
        gap = self.pace[group].gap_minutes
        return [Desk(-1 - count, frozenset({group}), gap=gap) for count in range(number)]

    def _opens_later(self, group: str) -> bool:
        later = any(opens > self.terms.now for opens, _ in self.days[group].spans)
        return later and not self.calls(group)

    def coming(self, bookings: Iterable[Booking]) -> list[Coming]:
        """Appointments that are still to come, and those who fill in a form."""
        found = []
        for booking in bookings:
            minutes = self.minutes(booking.starts)
            visit = self._visit(booking.group_code, booking.item_code)
            chance = (1 - visit.gone) if minutes > 0 else _LATE_CHANCE * (1 - visit.gone)
            found.append(
                Coming(minutes - _BEFORE_MINUTES, chance, Visit(visit.group, visit.pace), spread=6.0)
            )
        for ticket in self.line.held:
            visit = self._visit(ticket.group, ticket.item_code)
            back = self.rules.usual_hold_minutes + min(0.0, self.minutes(ticket.since))
            found.append(Coming(max(0.0, back), 1.0, Visit(visit.group, visit.pace)))
        return found


async def _bookings(session: AsyncSession, hall: str, terms: QueueTerms) -> list[Booking]:
    """Appointments of today that were not checked in and may still be."""
    rows = await session.scalars(
        select(Booking).where(
            Booking.state == "confirmed",
            Booking.starts > terms.now - timedelta(minutes=_LATE_MINUTES),
            Booking.starts < terms.now + timedelta(days=1),
            Booking.hall_code == hall,
            Booking.day == terms.day,
        )
    )
    return list(rows)
