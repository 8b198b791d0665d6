"""Booking, moving and cancelling in any order and at once: places are never lost nor doubled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from hall.appointments import service as desk
from hall.appointments.errors import AlreadyBooked, NotOpen, NotToBeHad, TooManyOpen
from hall.appointments.models import (
    Booking,
    BookingEvent,
    BookingRequest,
    Slot,
    WaitlistEntry,
    Withheld,
)
from hall.appointments.service import Appointment, BookingRules, Terms
from hall.db import Base, Sessions, create_engine, create_sessions
from hall.notices.models import NoticeRow, State
from hall.notices.service import REMINDERS
from hall.people.proxies import Party
from tests.hall.appointments.desk import NOW, at, citizens, open_centre, wish
from tests.hall.appointments.test_waiting import wait

CLOCKS = ("09:00", "09:30", "10:00")
CAPACITY = 2
QUOTA = 4
# What a place given back waits for is measured elsewhere; here it opens at once, so that it is fought for.
RULES = BookingRules(reopen_seconds_least=0, reopen_seconds_most=0, max_open=2)
ALLOWED = (NotToBeHad, TooManyOpen, NotOpen, AlreadyBooked)


@dataclass(frozen=True)
class Step:
    who: int
    what: str
    clock: str
    places: int = 1


STEPS = st.builds(
    Step,
    st.integers(0, 5),
    st.sampled_from(("book", "book", "hold", "move", "cancel", "wait", "accept", "tidy")),
    st.sampled_from(CLOCKS),
    st.integers(1, 2),
)


class Desk:
    """The desk on a database of its own, used by six citizens at once."""

    def __init__(self, sessions: Sessions, parties: list[Party]) -> None:
        self.sessions = sessions
        self.parties = parties

    async def do(self, step: Step, key: str) -> object:
        party = self.parties[step.who]
        terms = Terms(NOW, RULES, Random(key))
        try:
            return await getattr(self, step.what)(party, step, key, terms)
        except ALLOWED as refused:
            return refused

    async def book(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        wanted = wish(step.clock, places=step.places, quota=QUOTA)
        async with self.sessions.begin() as session:
            return await desk.book(session, party, wanted, key=key, terms=terms)

    async def hold(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        wanted = wish(step.clock, places=step.places, quota=QUOTA)
        async with self.sessions.begin() as session:
            return await desk.hold(session, party, wanted, key=key, terms=terms)

    async def move(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        if (mine := await self.one_of(party)) is None:
            return None
        async with self.sessions.begin() as session:
            return await desk.reschedule(
                session, party.citizen_id, mine.id, starts=at(step.clock), key=key, terms=terms
            )

    async def cancel(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        if (mine := await self.one_of(party)) is None:
            return None
        async with self.sessions.begin() as session:
            return await desk.cancel(session, party.citizen_id, mine.id, terms=terms)

    async def wait(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        return await wait(self.sessions, party, wish(step.clock, quota=QUOTA), last="10:30", on=terms)

    async def accept(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        async with self.sessions() as session:
            entries = await desk.my_waiting(session, party.citizen_id, now=terms.now)
        if not entries:
            return None
        async with self.sessions.begin() as session:
            return await desk.accept_offer(session, party.citizen_id, entries[0].id, key=key, terms=terms)

    async def tidy(self, party: Party, step: Step, key: str, terms: Terms) -> object:
        """What a replica does beside the conversation."""
        async with self.sessions.begin() as session:
            await desk.release_expired(session, terms=terms)
        async with self.sessions.begin() as session:
            return await desk.offer_freed(session, terms=terms)

    async def one_of(self, party: Party) -> Appointment | None:
        async with self.sessions() as session:
            mine = await desk.mine(session, party.citizen_id, now=NOW)
        return mine[0] if mine else None

    async def clear(self) -> None:
        async with self.sessions.begin() as session:
            # Slots stay: making them anew would have everybody wait for whoever does.
            for table in (NoticeRow, BookingEvent, BookingRequest, Withheld, WaitlistEntry, Booking):
                await session.execute(delete(table))

    async def check(self) -> None:
        """Nothing is doubled, nothing is lost: what is shown free is what is left of the capacity."""
        async with self.sessions() as session:
            rows = (await session.execute(select(Booking, Slot).join(Slot, Slot.id == Booking.slot_id))).all()
            kept = (
                await session.execute(select(Withheld, Slot).join(Slot, Slot.id == Withheld.slot_id))
            ).all()
            shown = await desk.free_slots(
                session, "main", "B", date(2026, 12, 2), terms=Terms(NOW, RULES), quota=None
            )
            waiting = await session.scalar(
                select(func.count(WaitlistEntry.id)).where(WaitlistEntry.state == "waiting")
            )
        taken: Counter[object] = Counter()
        opened: Counter[int] = Counter()
        for booking, slot in rows:
            assert (booking.starts, booking.day) == (slot.starts, date(2026, 12, 2))
            if booking.state in {"held", "confirmed"}:
                taken[slot.starts] += booking.places
                opened[booking.citizen_id] += 1
        offered: Counter[object] = Counter()
        for withheld, slot in kept:
            if withheld.until > NOW:
                offered[slot.starts] += withheld.places
        assert all(taken[start] + offered[start] <= CAPACITY for start in {*taken, *offered})
        assert all(number <= RULES.max_open for number in opened.values())
        assert sum(taken.values()) <= QUOTA
        await self.check_told({booking.id: booking for booking, _ in rows})
        for slot_shown in shown.slots:
            if not waiting:
                start = slot_shown.starts
                assert slot_shown.free == CAPACITY - taken[start] - offered[start]

    async def check_told(self, bookings: dict[int, Booking]) -> None:
        """Every appointment that stands is reminded of at its time, twice; nothing else is."""
        async with self.sessions() as session:
            rows = await session.scalars(
                select(NoticeRow).where(NoticeRow.state == State.DUE, NoticeRow.kind.in_(REMINDERS))
            )
            due = [(row.subject, row.kind, datetime.fromisoformat(row.facts["starts"])) for row in rows]
        assert Counter(due) == Counter(
            (f"booking:{booking.id}", kind, booking.starts)
            for booking in bookings.values()
            if booking.state == "confirmed"
            for kind in REMINDERS
        )


@pytest.fixture
async def racing(db_url: str) -> AsyncIterator[Desk]:
    import migrations.tables  # noqa: F401

    engine = create_engine(db_url, pool_size=8)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = await open_centre(create_sessions(engine))
    yield Desk(sessions, await citizens(sessions, 6))
    await engine.dispose()


def on_loop(loop: asyncio.AbstractEventLoop, work: Awaitable[None]) -> None:
    """Run work on the fixture's loop from hypothesis, which calls plain functions in a thread."""

    async def done() -> None:
        await work

    asyncio.run_coroutine_threadsafe(done(), loop).result(timeout=60)


async def test_places_are_never_lost_nor_doubled(racing: Desk) -> None:
    loop = asyncio.get_running_loop()

    async def play(steps: list[Step]) -> None:
        await racing.clear()
        found = await asyncio.gather(
            *(racing.do(step, f"{number}") for number, step in enumerate(steps)), return_exceptions=True
        )
        assert [
            error for error in found if isinstance(error, BaseException) and not isinstance(error, ALLOWED)
        ] == []
        await racing.check()

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEPS, min_size=2, max_size=14))
    def interleaved(steps: list[Step]) -> None:
        on_loop(loop, play(steps))

    await asyncio.to_thread(interleaved)


async def test_one_after_the_other_everything_given_back_can_be_had_again(racing: Desk) -> None:
    loop = asyncio.get_running_loop()

    async def play(steps: list[Step]) -> None:
        await racing.clear()
        for number, step in enumerate(steps):
            await racing.do(step, f"{number}")
            await racing.check()
        for party in racing.parties:
            while (mine := await racing.one_of(party)) is not None:
                async with racing.sessions.begin() as session:
                    await desk.cancel(session, party.citizen_id, mine.id, terms=Terms(NOW, RULES))
        hour = Terms(NOW + timedelta(hours=1), RULES)
        async with racing.sessions.begin() as session:
            await session.execute(delete(Withheld))
            await session.execute(delete(WaitlistEntry))
            shown = await desk.free_slots(session, "main", "B", date(2026, 12, 2), terms=hour)
        assert {slot.free for slot in shown.slots} == {CAPACITY}

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEPS, min_size=1, max_size=10))
    def in_order(steps: list[Step]) -> None:
        on_loop(loop, play(steps))

    await asyncio.to_thread(in_order)
