"""What booking needs done beside the conversation: what ran out is tidied away, what came free is offered.

On any number of replicas. Each portion is a transaction of its own, after a look that takes no lock; one that
fails is logged and stands in no other's way. Nothing depends on when it is done.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot import metrics
from bot.background import repeating
from bot.clock import Clock
from hall.appointments import service as desk
from hall.appointments.service import BookingRules, Terms
from hall.db import reading, writing
from hall.people.service import finish_erasures

log = structlog.get_logger(__name__)

RELEASE_SECONDS = 3.0
NO_SHOW_SECONDS = 10.0
# Places that run out are offered as they are released; what an admin adds is found this soon.
OFFER_SECONDS = 30.0
ERASURE_SECONDS = 24 * 3600.0
PORTION = 100

Announce = Callable[[frozenset[str]], None]
T = TypeVar("T")


class Upkeep:
    """The work beside the conversation; `announce` tells who delivers that there are notices."""

    def __init__(self, engine: AsyncEngine, clock: Clock, rules: BookingRules, announce: Announce) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._announce = announce

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do it again and again, for as long as the context lasts."""
        every: tuple[tuple[str, Callable[[], Awaitable[object]], float], ...] = (
            ("booking_release", self.release, RELEASE_SECONDS),
            ("booking_no_shows", self.mark_no_shows, NO_SHOW_SECONDS),
            ("booking_offers", self.offer, OFFER_SECONDS),
            ("erasures", self.finish_erasures, ERASURE_SECONDS),
        )
        async with AsyncExitStack() as stack:
            for name, work, seconds in every:
                await stack.enter_async_context(repeating(name, work, every=seconds))
            yield

    async def release(self) -> None:
        """Tidy away what ran out, and offer it to those who wait for it."""
        while await self._look(lambda session: desk.has_expired(session, terms=self._terms())):
            done = await self._change(
                lambda session: desk.release_expired(session, terms=self._terms(), limit=PORTION)
            )
            for what in ("holds", "offers", "entries"):
                metrics.booking_upkeep.labels(what).inc(getattr(done, what))
            self._told()
            if done.most < PORTION:
                # What is left is held by somebody: it is there the next time.
                return

    async def offer(self) -> None:
        """Offer what is free to those who wait for it, day by day."""
        for day in await self._look(lambda session: desk.waited_days(session, terms=self._terms())):
            try:
                await self._offer_on(day)
            except Exception:
                log.exception("background_work_failed", work="booking_offers")

    async def _offer_on(self, day: desk.WaitedDay) -> None:
        if not await self._look(lambda session: desk.looks_freed(session, day, terms=self._terms())):
            return
        offered = await self._change(
            lambda session: desk.offer_freed(session, terms=self._terms(), days=[day])
        )
        metrics.booking_upkeep.labels("offered").inc(offered)
        self._told()

    async def mark_no_shows(self) -> None:
        """Mark who did not come, and tell them what follows."""
        while ids := await self._look(
            lambda session: desk.missed(session, terms=self._terms(), limit=PORTION)
        ):
            marked = await self._mark(ids)
            if len(marked) < PORTION:
                return

    async def _mark(self, ids: Sequence[int]) -> Sequence[int]:
        """Mark these; where that fails, one by one, so that a single one keeps nobody else's back."""
        try:
            found = await self._change(
                lambda session: desk.mark_no_shows(session, terms=self._terms(), ids=ids)
            )
        except Exception:
            log.exception("background_work_failed", work="booking_no_shows", bookings=len(ids))
            if len(ids) == 1:
                return ()
            return [done for one in ids for done in await self._mark([one])]
        metrics.booking_upkeep.labels("no_shows").inc(len(found))
        self._told()
        return [booking.id for booking in found]

    async def finish_erasures(self) -> None:
        """Take the name off erased accounts whose restriction has ended."""
        restricted = desk.restriction(self._terms())
        if count := await self._change(lambda session: finish_erasures(session, restricted=restricted)):
            log.info("erasures_finished", count=count)

    def _terms(self) -> Terms:
        return Terms(self._clock(), self._rules)

    async def _look(self, read: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with AsyncSession(bind=reading(self._engine), expire_on_commit=False) as session:
            return await read(session)

    async def _change(self, change: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """One transaction of its own, in the line of writers."""
        async with (
            writing(self._engine) as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            done = await change(session)
            await session.flush()
            await connection.commit()
        return done

    def _told(self) -> None:
        self._announce(frozenset({"notices"}))
