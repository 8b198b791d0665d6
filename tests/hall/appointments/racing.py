"""Many citizens after few places at once, over real connections; for the tests and the benchmark."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random, SystemRandom

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments import service as desk
from hall.appointments.errors import SlotFull
from hall.appointments.service import Appointment, FreeSlot, Terms, Wish
from hall.db import create_engine, create_sessions, reading, writing
from hall.people.proxies import Party
from tests.hall.appointments.desk import NOW


@dataclass
class Outcome:
    """Who got a place, what the others were offered, and whatever else came (nothing should)."""

    won: list[Appointment] = field(default_factory=list)
    full: list[tuple[FreeSlot, ...]] = field(default_factory=list)
    other: list[BaseException] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def percentile(self, part: float) -> float:
        """Milliseconds of a booking, the wait for its turn at the database with it."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


async def race(url: str, parties: Sequence[Party], wanted: Wish, *, connections: int = 50) -> Outcome:
    """All parties book the same slot at once over so many connections, as the product does it.

    They look first, without a lock; who sees room then books in the line of writers.
    """
    engine = create_engine(url, pool_size=connections)
    looking = create_sessions(reading(engine))
    turns = asyncio.Semaphore(connections)
    outcome = Outcome()
    terms = Terms(NOW, chance=SystemRandom())

    async def come(party: Party) -> None:
        async with turns:
            began = time.perf_counter()
            try:
                async with looking() as session:
                    await desk.require_room(session, wanted, terms=terms)
                async with writing(engine) as connection:
                    session = AsyncSession(bind=connection, expire_on_commit=False)
                    made = await desk.book(session, party, wanted, key="race", terms=terms)
                    await connection.commit()
                outcome.won.append(made)
            except SlotFull as full:
                outcome.full.append(full.alternatives)
            except Exception as error:
                outcome.other.append(error)
            outcome.seconds.append(time.perf_counter() - began)

    # Every connection is there before the race begins.
    together = await asyncio.gather(*(engine.connect() for _ in range(connections)))
    await asyncio.gather(*(connection.close() for connection in together))
    mixed = list(parties)
    Random(7).shuffle(mixed)
    await asyncio.gather(*(come(party) for party in mixed))
    await engine.dispose()
    return outcome
