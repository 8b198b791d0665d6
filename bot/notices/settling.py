"""Writing down what came of notices, with all that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot import metrics
from bot.conversations import Conversations
from bot.notices.sending import Outcome
from hall.db import writing
from hall.notices import alarms, consents, reach
from hall.notices.alarms import ACCOUNT, Alarm
from hall.notices.channels import WECHAT
from hall.notices.claiming import Tried, settle
from hall.notices.verdicts import Fault

log = structlog.get_logger(__name__)


class Settler:
    """Writes outcomes, many at a time."""

    def __init__(self, engine: AsyncEngine, conversations: Conversations) -> None:
        self._engine = engine
        self._conversations = conversations

    async def write(self, outcomes: Sequence[Outcome], *, standing: Sequence[Alarm], now: datetime) -> None:
        """Write all of them or none. `standing`: the alarms that are known to stand."""
        async with (
            writing(self._engine) as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            await settle(session, [outcome.result for outcome in outcomes], now=now)
            # After the notices, and in one order: a turn locks a notice before its conversation.
            for openid, tried in sorted(_tries(outcomes), key=lambda pair: pair[0]):
                await _learn(session, openid, tried, now)
            rung = await self._ring(session, outcomes, now)
            mended = await _mend(session, outcomes, standing, now)
            for outcome in sorted(outcomes, key=lambda one: one.result.claimed.openid):
                if outcome.choices is not None:
                    openid = outcome.result.claimed.openid
                    await self._conversations.offer(connection, openid, outcome.choices)
            await connection.commit()
        for alarm in rung:
            log.error("notice_alarm", channel=alarm.channel, cause=alarm.cause, kind=alarm.kind)
            metrics.notice_alarms.labels(alarm.channel, alarm.cause).inc()
        for cause in mended:
            log.info("notice_alarm_mended", cause=cause)
        _count(outcomes)

    async def _ring(self, session: AsyncSession, outcomes: Sequence[Outcome], now: datetime) -> list[Alarm]:
        """Record the alarms; those that are new."""
        by_cause = {
            (alarm.channel, alarm.cause, alarm.kind): alarm for outcome in outcomes for alarm in outcome.rings
        }
        rung = []
        for key in sorted(by_cause):
            alarm = by_cause[key]
            new = await alarms.ring(
                session,
                channel=alarm.channel,
                cause=alarm.cause,
                kind=alarm.kind,
                message=alarm.message,
                closed_until=alarm.closed_until,
                now=now,
            )
            if new:
                rung.append(alarm)
        return rung


async def _learn(session: AsyncSession, openid: str, tried: Tried, now: datetime) -> None:
    if tried.fault is Fault.WINDOW:
        await reach.window_closed(session, openid, now=tried.at)
    elif tried.fault is Fault.UNREACHABLE:
        await reach.unreachable(session, openid, now=tried.at)
    elif tried.template and tried.fault is Fault.NO_CONSENT:
        await consents.void(session, openid, tried.template, now=now)
    elif tried.template and tried.fault in (None, Fault.UNKNOWN):
        # It may have been used: counting on it again would only be refused.
        await consents.used(session, openid, tried.template, now=now)


async def _mend(
    session: AsyncSession, outcomes: Sequence[Outcome], standing: Sequence[Alarm], now: datetime
) -> list[str]:
    """What was wrong with a channel by which something went is mended; the causes."""
    mended: list[str] = []
    for outcome in outcomes if standing else ():
        arrived = outcome.result.arrived_by
        if arrived is None:
            continue
        names = {arrived.channel.value} | ({ACCOUNT} if arrived.channel in WECHAT else set())
        kind = outcome.result.claimed.kind.value
        if any(alarm.channel in names and alarm.kind in ("", kind) for alarm in standing):
            mended += await alarms.works_again(session, names, kind, now=now)
    return mended


def _tries(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Tried]]:
    for outcome in outcomes:
        for tried in outcome.result.tries:
            yield outcome.result.claimed.openid, tried


def _count(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        arrived = outcome.result.arrived_by
        metrics.notices.labels(
            outcome.result.claimed.kind.value,
            outcome.result.state.value,
            arrived.channel.value if arrived else "",
        ).inc()
