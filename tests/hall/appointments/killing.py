"""Bookings killed at random points, and what is left of them; for the tests and the benchmark."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from hall.appointments import service as desk
from hall.appointments.errors import SlotFull
from hall.appointments.models import Booking
from hall.appointments.service import BookingRules, Terms
from hall.db import Sessions
from tests.hall.appointments.desk import NOW, WEDNESDAY, at, citizens, wish

ROOT = Path(__file__).parents[3]
CAPACITY = 20
CLOCKS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:30", "14:00", "14:30", "15:00", "15:30")


@dataclass(frozen=True)
class Survived:
    """What killing left: how many were killed, and how many commits came first."""

    killed: int
    done: int


async def kill_bookings(
    sessions: Sessions, url: str, number: int, *, seed: int = 1, first: int = 0
) -> Survived:
    """Kill so many bookings at random points, then see that every place is booked or free."""
    assert number <= CAPACITY * len(CLOCKS)
    chance = Random(seed)
    parties = await citizens(sessions, number, first=first)
    victim = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore", "-m", "tests.hall.appointments.victim", url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert victim.stdin is not None
    assert victim.stdout is not None
    done: list[int] = []
    for count, party in enumerate(parties):
        order = {
            "citizen": party.citizen_id,
            "clock": CLOCKS[count % len(CLOCKS)],
            "what": "hold" if count % 3 else "book",
            "after": chance.uniform(0, 1.2),
        }
        victim.stdin.write(json.dumps(order).encode() + b"\n")
        await victim.stdin.drain()
        answer = (await victim.stdout.readline()).decode().split()
        assert answer, "the victim itself died"
        done += [int(answer[1])] if answer[0] == "done" else []
    victim.stdin.close()
    await victim.wait()
    await _check(sessions, done, [party.citizen_id for party in parties])
    return Survived(number - len(done), len(done))


async def _check(sessions: Sessions, done: list[int], citizen_ids: list[int]) -> None:
    async with sessions() as session:
        found = await session.scalars(select(Booking).where(Booking.citizen_id.in_(citizen_ids)))
        rows = found.all()
    # Nothing that was answered is lost; a kill after the commit but before the answer may have left more.
    assert set(done) <= {row.id for row in rows}
    assert {row.state for row in rows} <= {"held", "confirmed"}
    assert all(row.code for row in rows if row.state == "confirmed")
    occupied = Counter(row.starts for row in rows)
    at_once = await _free(sessions, Terms(NOW))
    assert all(free == CAPACITY - occupied[start] for start, free in at_once.items())
    later = Terms(NOW + timedelta(hours=1), BookingRules())
    confirmed = Counter(row.starts for row in rows if row.state == "confirmed")
    assert all(free == CAPACITY - confirmed[start] for start, free in (await _free(sessions, later)).items())
    # The places can really be had: one slot is filled to its last.
    wanted = wish(CLOCKS[0], group="F")
    left = CAPACITY - confirmed[wanted.starts]
    for number, party in enumerate(await citizens(sessions, left + 1, first=50_000)):
        try:
            async with sessions.begin() as session:
                await desk.book(session, party, wanted, key="after", terms=later)
        except SlotFull:
            assert number == left
        else:
            assert number < left


async def _free(sessions: Sessions, terms: Terms) -> dict[datetime, int]:
    async with sessions() as session:
        shown = await desk.free_slots(session, "branch", "F", WEDNESDAY, terms=terms)
    return {slot.starts: slot.free for slot in shown.slots if slot.starts in {at(clock) for clock in CLOCKS}}
