"""What is done beside the conversation, on both databases and on several replicas at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.upkeep
from bot.upkeep import Upkeep
from hall.appointments import service as desk
from hall.appointments.models import Booking, WaitlistEntry, Withheld
from hall.appointments.service import BookingRules
from hall.db import Sessions
from hall.notices.models import NoticeRow
from hall.people.models import Citizen
from hall.people.proxies import Party
from tests.hall.appointments.desk import (
    NOW,
    WEDNESDAY,
    at,
    booked,
    citizen,
    citizens,
    fill,
    open_centre,
    terms,
    wish,
)
from tests.hall.appointments.test_waiting import wait

MINUTE = timedelta(minutes=1)


class Replica:
    """An upkeep whose clock a test sets; it notes what it announces."""

    def __init__(self, engine: AsyncEngine, rules: BookingRules | None = None) -> None:
        self.now = NOW
        self.announced: list[frozenset[str]] = []
        self.heard = asyncio.Event()
        self.upkeep = Upkeep(engine, lambda: self.now, rules or BookingRules(), self.announce)

    def announce(self, topics: frozenset[str]) -> None:
        self.announced.append(topics)
        self.heard.set()


@pytest.fixture
async def hall(sessions: Sessions) -> Sessions:
    return await open_centre(sessions)


async def states(hall: Sessions, table: type[Booking | WaitlistEntry] = Booking) -> list[str]:
    async with hall() as session:
        return list(await session.scalars(select(table.state).order_by(table.id)))


async def told(hall: Sessions, kind: str) -> list[str]:
    async with hall() as session:
        rows = await session.scalars(
            select(NoticeRow.openid).where(NoticeRow.kind == kind).order_by(NoticeRow.openid)
        )
        return list(rows)


async def hold(hall: Sessions, party: Party, clock: str = "09:30") -> None:
    async with hall.begin() as session:
        await desk.hold(session, party, wish(clock), key=clock, terms=terms())


async def test_a_hold_that_runs_out_goes_to_who_waits(hall: Sessions, engine: AsyncEngine) -> None:
    for party in await citizens(hall, 2, first=50):
        await hold(hall, party)
    await wait(hall, await citizen(hall))
    replica = Replica(engine)
    await replica.upkeep.release()
    assert replica.announced == []  # nothing to do, nothing locked, nobody woken
    replica.now = NOW + 21 * MINUTE  # ten to confirm, at most ten more until it opens again
    await replica.upkeep.release()
    assert await states(hall) == ["expired", "expired"]
    assert await states(hall, WaitlistEntry) == ["offered"]
    assert await told(hall, "place_free") == ["o-0"]
    assert replica.announced == [frozenset({"notices"})]


async def test_an_offer_nobody_takes_goes_on_by_itself(hall: Sessions, engine: AsyncEngine) -> None:
    (first, _) = await fill(hall, wish())
    one, other = await citizens(hall, 2)
    await wait(hall, one)
    await wait(hall, other)
    async with hall.begin() as session:
        await desk.cancel(session, first.citizen_id, first.id, terms=terms())
    replica = Replica(engine)
    replica.now = NOW + 31 * MINUTE
    await replica.upkeep.release()
    assert await states(hall, WaitlistEntry) == ["passed", "offered"]
    assert await told(hall, "place_free") == ["o-0", "o-1"]
    async with hall() as session:
        assert await session.scalar(select(func.count(Withheld.id))) == 1


async def test_a_counter_more_is_offered_to_who_waits(hall: Sessions, engine: AsyncEngine) -> None:
    await fill(hall, wish())
    await fill(hall, wish("10:00"), first=2000)
    parties = await citizens(hall, 2)
    for party, clock, last in zip(parties, ("09:30", "10:00"), ("10:00", "10:30"), strict=True):
        await wait(hall, party, wish(clock), last=last)
    replica = Replica(engine)
    await replica.upkeep.offer()
    assert await told(hall, "place_free") == []
    async with hall.begin() as session:
        await desk.set_capacity(
            session, "main", "B", counters=2, per_counter=2, by="li", now=NOW, rules=BookingRules()
        )
    await replica.upkeep.offer()
    assert await told(hall, "place_free") == ["o-0", "o-1"]


async def test_more_than_a_portion_is_done_in_one_go(
    hall: Sessions, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.upkeep, "PORTION", 3)
    for number, party in enumerate(await citizens(hall, 7)):
        await booked(hall, party, wish("09:30", group="F"), key=f"{number}")
    replica = Replica(engine)
    replica.now = at("10:31")
    await replica.upkeep.mark_no_shows()
    assert await states(hall) == ["no_show"] * 7
    assert len(await told(hall, "banned")) == 7


async def test_replicas_do_everything_once(hall: Sessions, engine: AsyncEngine) -> None:
    for number, party in enumerate(await citizens(hall, 12, first=100)):
        await booked(hall, party, wish("09:30", group="F"), key=f"{number}")
    for party in await citizens(hall, 2, first=50):
        await hold(hall, party, "15:00")
    await wait(hall, await citizen(hall), wish("15:00"), last="15:30")
    replicas = [Replica(engine) for _ in range(4)]
    for replica in replicas:
        replica.now = at("10:31")
    for _ in range(2):  # what one held, another passed over
        await asyncio.gather(
            *(
                work()
                for replica in replicas
                for work in (replica.upkeep.mark_no_shows, replica.upkeep.release, replica.upkeep.offer)
            )
        )
    assert await states(hall) == ["no_show"] * 12 + ["expired"] * 2
    assert len(await told(hall, "banned")) == 12
    assert await told(hall, "place_free") == ["o-0"]


async def test_one_that_fails_keeps_nobody_elses_back(
    hall: Sessions, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bookings = [
        await booked(hall, party, wish("09:30", group="F"), key="k") for party in await citizens(hall, 4)
    ]
    as_it_is = desk.mark_no_shows

    async def failing(session: object, *, ids: Sequence[int], **more: object) -> object:
        if bookings[1].id in ids:
            raise RuntimeError("one row that cannot be read")
        return await as_it_is(session, ids=ids, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "mark_no_shows", failing)
    replica = Replica(engine)
    replica.now = at("10:31")
    await replica.upkeep.mark_no_shows()
    assert await states(hall) == ["no_show", "confirmed", "no_show", "no_show"]


async def test_a_day_that_fails_keeps_no_other_day_back(
    hall: Sessions, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    thursday = date(2026, 12, 3)
    for number, day in enumerate((WEDNESDAY, thursday)):
        await fill(hall, wish("09:30", day), first=1000 * (number + 1))
        async with hall.begin() as session:
            await desk.join_waitlist(
                session, await _new(session, number), wish("09:30", day), last=at("10:00", day), terms=terms()
            )
    async with hall.begin() as session:
        await desk.set_capacity(
            session, "main", "B", counters=2, per_counter=2, by="li", now=NOW, rules=BookingRules()
        )
    as_it_is = desk.looks_freed

    async def failing(session: object, day: desk.WaitedDay, **more: object) -> bool:
        if day.day == WEDNESDAY:
            raise RuntimeError("a calendar that cannot be read")
        return await as_it_is(session, day, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "looks_freed", failing)
    await Replica(engine).upkeep.offer()
    assert await told(hall, "place_free") == ["o-1"]


async def _new(session: object, number: int) -> Party:
    row = Citizen(openid=f"o-{number}", created=NOW)
    session.add(row)  # type: ignore[attr-defined]
    await session.flush()  # type: ignore[attr-defined]
    return Party(row.id)


async def test_an_erased_account_is_forgotten_when_its_restriction_ends(
    hall: Sessions, engine: AsyncEngine
) -> None:
    party = await citizen(hall)
    await booked(hall, party)
    replica = Replica(engine)
    replica.now = at("10:31")
    await replica.upkeep.mark_no_shows()
    async with hall.begin() as session:
        (row,) = await session.scalars(select(Citizen))
        row.erased = replica.now
    for days, name in ((0, "o-0"), (8, None)):
        replica.now = at("10:31") + timedelta(days=days)
        await replica.upkeep.finish_erasures()
        async with hall() as session:
            assert await session.scalar(select(Citizen.openid)) == name


async def test_it_runs_by_itself(hall: Sessions, engine: AsyncEngine) -> None:
    await hold(hall, await citizen(hall))
    replica = Replica(engine)
    replica.now = NOW + 21 * MINUTE
    async with replica.upkeep.running(), asyncio.timeout(10):
        await replica.heard.wait()
    assert await states(hall) == ["expired"]
