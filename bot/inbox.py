"""The door between the channel and the turns: one turn per push, an answer in time.

A push that WeChat repeats joins the turn that runs, or gets the answer that was given. A turn that
takes too long goes on: its answer follows by customer-service message or, on an account without
that right, is fetched by WeChat's own repetition.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot import metrics
from bot.delivery import Delivery
from bot.locks import RENEW_SECONDS, Claim, Leases
from bot.taken import Taken
from bot.wechat.push import Incoming
from bot.wechat.replies import Passive, Silence, TextReply
from bot.wording import TOO_FAST, apology

log = structlog.get_logger(__name__)

# A commit that has begun is waited for this long beyond the deadline, rather than answered twice.
COMMIT_GRACE_SECONDS = 0.4


class Turns(Protocol):
    """What takes a turn: `bot.turn.Turn`."""

    async def take(self, incoming: Incoming, delivery: Delivery, revision: int | None = None) -> Taken:
        """Handle one push; `revision` is the conversation's as far as known."""


class Inbox:
    """Receives pushes, each handled once on whichever replica it lands."""

    def __init__(
        self, leases: Leases, turns: Turns, *, late_by_retry: bool, messages_per_minute: int
    ) -> None:
        self._leases = leases
        self._turns = turns
        self._late_by_retry = late_by_retry
        self._messages_per_minute = messages_per_minute
        self._running: dict[str, tuple[asyncio.Task[str], Delivery]] = {}
        # One line per citizen, first come first served; gone when nobody stands in it.
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, incoming: Incoming, *, deadline: float) -> Passive | None:
        """The passive reply by `deadline` (loop time); None: say nothing, WeChat shall ask again."""
        running = self._running.get(incoming.identity)
        if running is None:
            delivery = Delivery()
            task = asyncio.create_task(self._handle(incoming, delivery))
            self._running[incoming.identity] = task, delivery
            task.add_done_callback(lambda _: self._running.pop(incoming.identity, None))
        else:
            metrics.repeated_pushes.inc()
            task, delivery = running
        return await self._await(task, delivery, deadline)

    async def drain(self) -> None:
        """Let the running turns end, before the process does."""
        tasks = [task for task, _ in self._running.values()]
        if tasks:
            await asyncio.wait(tasks)

    async def _handle(self, incoming: Incoming, delivery: Delivery) -> str:
        line = self._lines.setdefault(incoming.openid, asyncio.Lock())
        async with line:
            while True:
                claim = await self._leases.claim(incoming.openid, incoming.identity)
                if claim.answer is None and not claim.running:
                    return await self._run(claim, incoming, delivery)
                metrics.repeated_pushes.inc()
                answer = claim.answer
                if answer is None:
                    answer = await self._leases.wait_for_answer(claim)
                if answer is not None:
                    return answer
                # The process that was at it died: this delivery takes the turn.

    async def _run(self, claim: Claim, incoming: Incoming, delivery: Delivery) -> str:
        if claim.messages > self._messages_per_minute and incoming.kind != "event":
            return await self._slow_down(claim)
        async with self._kept_alive(claim):
            try:
                if not claim.locked:
                    claim = await self._leases.wait_for_lock(claim)
                taken = await self._turns.take(incoming, delivery, claim.revision)
            except BaseException:
                # Not answered: the push may come again, and shall then be taken anew.
                await self._leases.abandon(claim)
                raise
            await self._leases.finish(claim, taken.answer, taken.revision)
        return taken.answer

    async def _slow_down(self, claim: Claim) -> str:
        metrics.limited_pushes.inc()
        first = claim.messages == self._messages_per_minute + 1
        answer = TOO_FAST if first else ""
        await self._leases.finish(claim, answer, claim.revision or 0)
        return answer

    @contextlib.asynccontextmanager
    async def _kept_alive(self, claim: Claim) -> AsyncIterator[None]:
        """Most turns end before the first renewal: only then a task is started."""
        renewals: list[asyncio.Task[None]] = []
        timer = asyncio.get_running_loop().call_later(
            RENEW_SECONDS, lambda: renewals.append(asyncio.create_task(self._renew(claim)))
        )
        try:
            yield
        finally:
            timer.cancel()
            for task in renewals:
                task.cancel()

    async def _renew(self, claim: Claim) -> None:
        while True:
            await self._leases.renew(claim)
            await asyncio.sleep(RENEW_SECONDS)

    async def _await(self, task: asyncio.Task[str], delivery: Delivery, deadline: float) -> Passive | None:
        left = deadline - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait([task], timeout=max(left, 0))
        if not done and not self._late_by_retry:
            if delivery.give_up():
                metrics.late_answers.inc()
                return Silence()
            done, _ = await asyncio.wait([task], timeout=COMMIT_GRACE_SECONDS)
        if not done:
            metrics.late_answers.inc()
            return None
        if (error := task.exception()) is not None:
            # Not even the apology could be kept (Redis or the database is away): say it all the same.
            number = secrets.token_hex(3).upper()
            log.error("turn_lost", number=number, exc_info=error)
            return TextReply(apology(number))
        return _passive(task.result())


def _passive(answer: str) -> Passive:
    return TextReply(answer) if answer else Silence()
