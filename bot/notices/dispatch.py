"""Sending what is due: every replica takes its share, urgent notices on a lane of their own.

A notice is claimed in one transaction and sent outside of any; its slot is free again when the outcome is
written. What a process that dies leaves behind is therefore at most `slots` notices a lane: those may have
arrived, and are told again only with their citizen's next message.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot import metrics
from bot.clock import Clock
from bot.conversations import Conversations
from bot.notices.equipment import Equipment
from bot.notices.lanes import Lane
from bot.notices.lookups import check_in_codes, reachable
from bot.notices.sending import Outcome, Sending, unfinished
from bot.notices.settling import Settler
from hall.catalogue.view import CatalogueView
from hall.db import reading, writing
from hall.notices.alarms import Alarm, alarms
from hall.notices.channels import Reachable
from hall.notices.claiming import CLAIM, Claimed, any_due, claim
from hall.notices.verdicts import Fault

log = structlog.get_logger(__name__)

SLOTS: Final = 64
CONNECTIONS: Final = 2 * SLOTS
"""What an HTTP session for notices needs: to wait for a free connection longer than 3 s counts as none."""
POLL_SECONDS: Final = 1.0
# After a "too fast" nothing more is taken up for so long; what was refused waits a minute.
SLOW_SECONDS: Final = 5.0
# Ends well before the claim does: after that another replica would call it unsure.
_SEND_SECONDS: Final = CLAIM.total_seconds() - 30
_SHUTDOWN_SECONDS: Final = 8.0
_PAUSE_SECONDS: Final = 1.0
_URGENCIES: Final = (0, 1)


class Dispatch:
    """Sends due notices for as long as it runs; one per process."""

    def __init__(
        self,
        engine: AsyncEngine,
        conversations: Conversations,
        equipment: Equipment,
        view: Callable[[], CatalogueView],
        clock: Clock,
        *,
        slots: int = SLOTS,
    ) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self.equipment = equipment
        self._view = view
        self._clock = clock
        self._name = secrets.token_hex(8)
        self._settler = Settler(engine, conversations)
        self._lanes = [Lane(urgency, slots) for urgency in _URGENCIES]
        self._finished: asyncio.Queue[Outcome] = asyncio.Queue()
        self._closing = False
        self._slow_until = 0.0
        self.standing: tuple[Alarm, ...] = ()

    def wake(self) -> None:
        """Something new is due: look at once."""
        for lane in self._lanes:
            lane.woken.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send for as long as the context lasts; what is on its way at its end is let arrive."""
        takers = [asyncio.create_task(self._serve(lane)) for lane in self._lanes]
        writer = asyncio.create_task(self._write_outcomes())
        try:
            yield
        finally:
            self._closing = True
            self.wake()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SHUTDOWN_SECONDS):
                    # First who takes up, who may be about to start something, then what is on its way.
                    await asyncio.gather(*takers)
                    await asyncio.gather(*(lane.empty() for lane in self._lanes))
            await _ended([*takers, *(task for lane in self._lanes for task in lane.tasks), writer])

    async def refresh(self) -> None:
        """Read which alarms stand."""
        async with AsyncSession(bind=self._reading) as session:
            self.standing = await alarms(session)

    async def send_due(self) -> int:
        """Send what is due now, and write it down; how many. For who runs no background."""
        count = 0
        for lane in self._lanes:
            while claimed := await self._claim(lane, lane.slots):
                outcomes = await self._send_all(claimed)
                await self._write(outcomes)
                count += len(outcomes)
        return count

    async def _serve(self, lane: Lane) -> None:
        more = True
        while not self._closing:
            try:
                if not more:
                    await lane.look_again(POLL_SECONDS)
                    if not await self._any_due(lane):
                        continue
                asked = await lane.room()
                await self._slow_down()
                claimed = await self._claim(lane, asked)
                more = len(claimed) == asked
                for group in _by_citizen(claimed):
                    lane.start(self._send_in_turn(lane, group), len(group))
            except Exception:
                # Whatever it was: a lane that ended would send nothing more until the next start.
                log.exception("notices_not_claimed")
                more = False
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _slow_down(self) -> None:
        """Wait where the platform said that it is asked too often."""
        pause = self._slow_until - asyncio.get_running_loop().time()
        if pause > 0:
            await asyncio.sleep(pause)

    async def _any_due(self, lane: Lane) -> bool:
        """Whether there is anything to claim: a look that takes no lock."""
        if self._closing:
            return False
        async with AsyncSession(bind=self._reading) as session:
            return await any_due(session, urgency=lane.urgency, now=self._clock())

    async def _claim(self, lane: Lane, limit: int) -> tuple[_Ready, ...]:
        now = self._clock()
        async with (
            writing(self._engine) as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            found = await claim(session, self._name, urgency=lane.urgency, limit=limit, now=now)
            await connection.commit()
        if not found:
            return ()
        for one in found:
            metrics.notice_delay.labels(str(lane.urgency == 0)).observe((now - one.due).total_seconds())
        return await self._looked_up(found)

    async def _looked_up(self, found: Sequence[Claimed]) -> tuple[_Ready, ...]:
        async with AsyncSession(bind=self._reading) as session:
            reach = await reachable(
                session,
                {one.openid for one in found},
                subscriptions=bool(self.equipment.subscriptions),
            )
            codes = await check_in_codes(session, [one.subject for one in found])
        return tuple((one, reach[one.openid], codes.get(one.subject, "")) for one in found)

    async def _send_all(self, ready: Sequence[_Ready]) -> list[Outcome]:
        async def in_turn(group: Sequence[_Ready]) -> list[Outcome]:
            return [await self._send(one) for one in group]

        groups = await asyncio.gather(*(in_turn(group) for group in _by_citizen(ready)))
        return [outcome for group in groups for outcome in group]

    async def _send_in_turn(self, lane: Lane, group: Sequence[_Ready]) -> None:
        """What one citizen is told arrives in its order."""
        for ready in group:
            outcome = await self._send(ready)
            outcome_written = lane.written(ready[0].id)
            self._finished.put_nowait(outcome)
            await outcome_written

    async def _send(self, ready: _Ready) -> Outcome:
        claimed, reach, code = ready
        sending = Sending(claimed, reach, code, self.equipment, self._view(), self.standing, self._clock)
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                outcome = await sending.run()
        except TimeoutError:
            return unfinished(claimed, self._clock())
        except Exception:
            # A fault of ours with this one notice; it must not stop the others.
            log.exception("notice_failed", kind=claimed.kind)
            return unfinished(claimed, self._clock())
        if any(tried.fault is Fault.TOO_FAST for tried in outcome.result.tries):
            self._slow_until = asyncio.get_running_loop().time() + SLOW_SECONDS
        if outcome.rings:
            # Known at once here; the other replicas learn it when they look.
            self.standing = (*self.standing, *outcome.rings)
        return outcome

    async def _write_outcomes(self) -> None:
        while True:
            outcomes = [await self._finished.get()]
            while not self._finished.empty():
                outcomes.append(self._finished.get_nowait())
            await self._write(outcomes)
            for lane in self._lanes:
                lane.settled(outcome.result.claimed.id for outcome in outcomes)

    async def _write(self, outcomes: Sequence[Outcome]) -> None:
        """Write what is finished; where the database is away, again for as long as the claims last."""
        deadline = asyncio.get_running_loop().time() + CLAIM.total_seconds()
        while not await self._written(outcomes):
            if asyncio.get_running_loop().time() > deadline:
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _written(self, outcomes: Sequence[Outcome]) -> bool:
        """Write them once; False where it is worth another try."""
        try:
            await self._settler.write(outcomes, standing=self.standing, now=self._clock())
        except (DBAPIError, OSError):
            log.exception("notices_not_settled", count=len(outcomes))
            return False
        except Exception:
            log.exception("notices_not_settled", count=len(outcomes))
            # One of them can't be written; it must not keep the others from it.
            for outcome in outcomes if len(outcomes) > 1 else ():
                await self._write([outcome])
        return True


_Ready = tuple[Claimed, Reachable, str]


def _by_citizen(ready: Sequence[_Ready]) -> list[list[_Ready]]:
    groups: dict[str, list[_Ready]] = {}
    for one in ready:
        groups.setdefault(one[0].openid, []).append(one)
    return list(groups.values())


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
