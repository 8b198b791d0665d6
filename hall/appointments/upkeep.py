"""What is done from time to time. Nothing depends on when: what has run out by the clock takes no place.

What only reads (`has_expired`, `waited_days`, `missed`) says whether there is anything to do, so that looking
takes no lock. What changes may run on any number of replicas at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.availability import day_bounds
from hall.appointments.counters import counter_place, place_hours
from hall.appointments.errors import NoSuchCounter
from hall.appointments.locks import SlotKey, enter, lock_bookings, lock_slots
from hall.appointments.models import Booking, Slot, WaitlistEntry, Withheld
from hall.appointments.occupancy import occupied, waiting_for
from hall.appointments.records import DESK, note, still_held
from hall.appointments.rules import Terms
from hall.appointments.slots import earliest_start, local_day, starts_on
from hall.appointments.turnover import settle

_PORTION = 200


@dataclass(frozen=True, slots=True)
class Released:
    """What was tidied away: holds nobody confirmed, offers nobody took, entries whose time has passed.

    `reopened`: places kept back that are there for everybody again.
    """

    holds: int
    offers: int
    entries: int
    reopened: int

    @property
    def most(self) -> int:
        """The greatest of the numbers: a full portion where it is the limit, and more may be left."""
        return max(self.holds, self.offers, self.entries, self.reopened)


@dataclass(frozen=True, slots=True, order=True)
class WaitedDay:
    """A day of a counter group (in Asia/Shanghai) for which somebody waits."""

    group_id: int
    hall: str
    group: str
    day: date


async def has_expired(session: AsyncSession, *, terms: Terms) -> bool:
    """Whether `release_expired` has anything to do."""
    bounds = (_expired_hold(terms), _expired_offer(terms), _expired_entry(terms), Withheld.until <= terms.now)
    return bool(await session.scalar(select(or_(*(select(1).where(bound).exists() for bound in bounds)))))


async def release_expired(session: AsyncSession, *, terms: Terms, limit: int = _PORTION) -> Released:
    """Write down what has run out, up to `limit` of each kind, and offer it to those who wait for it.

    The places were free already.
    """
    await enter(session)
    holds = await _expired(session, Booking, _expired_hold(terms), limit)
    offers = await _expired(session, WaitlistEntry, _expired_offer(terms), limit)
    kept = await _expired(session, Withheld, Withheld.until <= terms.now, limit)
    slots = await lock_slots(session, [(row.group_id, row.starts) for row in (*holds, *offers, *kept)])
    # The entries before the bookings, as everywhere.
    ids = [row.id for row in offers]
    passed = await _close(session, WaitlistEntry.id.in_(ids), _expired_offer(terms), to="passed", limit=limit)
    over = await _close(session, _expired_entry(terms), to="over", limit=limit)
    rows = [
        row
        for row in await lock_bookings(session, [row.id for row in holds])
        if row.state == "held" and not still_held(row, terms.now)
    ]
    for row in rows:
        row.state, row.held_until, row.occupies_until = "expired", None, None
        note(session, row, "expired", now=terms.now, by=DESK)
    await session.execute(delete(Withheld).where(Withheld.id.in_([row.id for row in kept])))
    await session.flush()
    freed = {(group_id, local_day(starts)) for group_id, starts in slots}
    days = [day for day in await waited_days(session, terms=terms) if (day.group_id, day.day) in freed]
    wanted = await _wanted(session, days, terms)
    for key in sorted(wanted.keys() & slots.keys()):
        await settle(session, slots[key], wanted[key], terms=terms)
    return Released(len(rows), passed, over, len(kept))


def _expired_hold(terms: Terms) -> ColumnElement[bool]:
    return (Booking.state == "held") & (Booking.occupies_until <= terms.now)


def _expired_offer(terms: Terms) -> ColumnElement[bool]:
    return (WaitlistEntry.state == "offered") & (WaitlistEntry.offer_until <= terms.now)


def _expired_entry(terms: Terms) -> ColumnElement[bool]:
    return (WaitlistEntry.state == "waiting") & (WaitlistEntry.last <= terms.now)


async def _expired(
    session: AsyncSession,
    table: type[Booking | WaitlistEntry | Withheld],
    bound: ColumnElement[bool],
    limit: int,
) -> list[Row[int, int, datetime]]:
    """What has run out: its id, with the group and the start of the slot it is in."""
    found = await session.execute(
        select(table.id, Slot.group_id, Slot.starts)
        .join(Slot, Slot.id == table.slot_id)
        .where(bound)
        .order_by(table.id)
        .limit(limit)
    )
    return list(found)


async def _close(session: AsyncSession, *which: ColumnElement[bool], to: str, limit: int) -> int:
    rows = await session.scalars(
        select(WaitlistEntry.id)
        .where(*which)
        .order_by(WaitlistEntry.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(rows)
    await session.execute(update(WaitlistEntry).where(WaitlistEntry.id.in_(ids)).values(state=to))
    return len(ids)


async def waited_days(session: AsyncSession, *, terms: Terms) -> tuple[WaitedDay, ...]:
    """For which days somebody waits, by group and day."""
    rows = await session.execute(
        select(WaitlistEntry.group_id, WaitlistEntry.hall_code, WaitlistEntry.group_code, WaitlistEntry.first)
        .where(WaitlistEntry.state == "waiting", WaitlistEntry.last > terms.now)
        .distinct()
    )
    return tuple(sorted({WaitedDay(*row[:3], local_day(row.first)) for row in rows}))


async def looks_freed(session: AsyncSession, day: WaitedDay, *, terms: Terms) -> bool:
    """Whether a place is free that somebody waits for; holds nothing."""
    return bool(await _wanted(session, [day], terms))


async def offer_freed(session: AsyncSession, *, terms: Terms, days: Iterable[WaitedDay] | None = None) -> int:
    """Offer what is free on these days (all for which somebody waits) to those who wait, in their order.

    Places also come free where nothing ran out: a counter more, longer hours. How many were offered one.
    """
    await enter(session)
    wanted = await _wanted(session, await waited_days(session, terms=terms) if days is None else days, terms)
    slots = await lock_slots(session, wanted)
    before = await _offered_in(session, slots.values())
    for key in sorted(slots):
        await settle(session, slots[key], wanted[key], terms=terms)
    return await _offered_in(session, slots.values()) - before


async def _wanted(session: AsyncSession, days: Iterable[WaitedDay], terms: Terms) -> dict[SlotKey, int]:
    """The slots that somebody waits for, open by the calendar and with room, with their group's capacity."""
    found: dict[SlotKey, int] = {}
    for waited in days:
        try:
            place = await counter_place(session, waited.hall, waited.group, rules=terms.rules)
        except NoSuchCounter:
            continue
        begins, ends = day_bounds(waited.day)
        hours = (await place_hours(session, place, waited.day, waited.day)).on(waited.day)
        spans = await waiting_for(session, place.group_id, begins, ends)
        taken = await occupied(session, place.group_id, begins, ends, now=terms.now)
        for start in starts_on(hours, terms.rules):
            asked = any(first <= start < last for first, last, _ in spans)
            if (
                asked
                and start > earliest_start(terms.now, terms.rules)
                and taken.free(start, place.capacity) > 0
            ):
                found[place.group_id, start.astimezone(UTC)] = place.capacity
    return found


async def _offered_in(session: AsyncSession, slots: Collection[Slot]) -> int:
    if not slots:
        return 0
    ids = [slot.id for slot in slots]
    return (
        await session.scalar(
            select(func.count(WaitlistEntry.id)).where(
                WaitlistEntry.slot_id.in_(ids), WaitlistEntry.state == "offered"
            )
        )
        or 0
    )
