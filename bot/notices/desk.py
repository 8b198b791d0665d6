"""The notices desk as the rest of the product knows it: it runs, wakes, releases, heeds WeChat's reports."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.background import following, repeating
from bot.clock import Clock
from bot.conversations import Conversations
from bot.notices.dispatch import Dispatch
from bot.notices.equipment import Equipment
from bot.notices.facts import Facts
from bot.notices.lookups import check_in_codes
from bot.notices.popups import REPORTS, answers_of, failure_of
from bot.notices.sweeping import SWEEP_SECONDS, Sweeper, Undeliverable
from bot.notices.wording import worded
from bot.transaction import TurnTransaction
from bot.wechat.push import Incoming
from hall.catalogue.view import CatalogueView
from hall.db import writing
from hall.notices import claiming, consents, reports
from hall.notices.kinds import Kind
from hall.notices.passive import take_held

log = structlog.get_logger(__name__)

Listening = Callable[[], AbstractAsyncContextManager[AsyncIterator[None]]]
"""Hears that something new is due, on whichever replica it was said."""


async def _nothing(session: AsyncSession, kind: Kind, subject: str, now: datetime) -> None:
    """Nobody minds."""


class NoticesDesk:
    """Sends notices while it runs."""

    def __init__(
        self,
        engine: AsyncEngine,
        conversations: Conversations,
        equipment: Equipment,
        view: Callable[[], CatalogueView],
        clock: Clock,
        *,
        undeliverable: Undeliverable = _nothing,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._view = view
        self._lasting: Mapping[str, bool] = {
            template.id: template.lasting for template in equipment.subscriptions.values()
        }
        self.dispatch = Dispatch(engine, conversations, equipment, view, clock)
        self._sweeper = Sweeper(engine, clock, undeliverable)

    def wake(self) -> None:
        """Something is due: look at once."""
        self.dispatch.wake()

    async def release(self, openid: str, *, now: datetime) -> None:
        """The citizen wrote: send what waited for that."""
        async with (
            writing(self._engine) as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            freed = await claiming.release(session, openid, now=now)
            await connection.commit()
        if freed:
            self.wake()

    async def told_with_the_answer(
        self, transaction: TurnTransaction, openid: str, *, now: datetime
    ) -> list[str]:
        """What waits for this citizen, as texts for the reply to their message; told with the turn's commit.

        For an account without customer-service messages. Looks without a lock first.
        """
        async with transaction.read() as session:
            if not await claiming.held_for(session, openid):
                return []
        async with transaction.session() as session:
            found = await take_held(session, openid, now=now)
            codes = await check_in_codes(session, [one.subject for one in found])
        view = self._view()
        return [
            worded(
                one.kind,
                one.subject,
                Facts(one.facts, view, now, codes.get(one.subject, "")),
                again=one.again,
            ).text
            for one in found
        ]

    async def heed(self, incoming: Incoming, session: AsyncSession, *, now: datetime) -> None:
        """Write down what WeChat reports in an event of `REPORTS`."""
        if incoming.event not in REPORTS:
            return
        for answer in answers_of(incoming):
            if answer.agreed:
                lasting = self._lasting.get(answer.template, False)
                await consents.granted(
                    session, incoming.openid, answer.template, source=answer.source, now=now, lasting=lasting
                )
            else:
                taken_back = answer.source == "change"
                await consents.refused(
                    session,
                    incoming.openid,
                    answer.template,
                    source=answer.source,
                    now=now,
                    taken_back=taken_back,
                )
        failure = failure_of(incoming)
        if failure is not None and await reports.not_delivered(
            session,
            incoming.openid,
            failure.message_id,
            why=failure.why,
            blocked=failure.blocked,
            now=now,
        ):
            log.warning("notice_not_delivered", why=failure.why)

    @contextlib.asynccontextmanager
    async def running(self, listening: Listening | None = None) -> AsyncIterator[None]:
        """Send for as long as the context lasts; `listening` tells of what other replicas wrote."""
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.dispatch.running())
            await stack.enter_async_context(repeating("notices", self.look_after, every=SWEEP_SECONDS))
            if listening is not None:
                await stack.enter_async_context(following("notices", listening, self.wake))
            yield

    async def look_after(self) -> Any:
        """What is done every few seconds."""
        await self.dispatch.refresh()
        await self._sweeper.sweep()
