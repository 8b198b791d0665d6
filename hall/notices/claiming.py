"""Taking up notices to send, one process each, and writing down what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Select, String, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.db import UTCDateTime
from hall.notices.channels import Channel
from hall.notices.kinds import Kind
from hall.notices.models import HELD, Attempt, NoticeRow, State
from hall.notices.verdicts import Fault

CLAIM: Final = timedelta(seconds=90)
"""Longer than sending one may take by all channels; then the claim belongs to a process that died."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that one process is sending. `attempts` counts this time."""

    id: int
    claim: str
    kind: Kind
    openid: str
    subject: str
    event: str
    facts: dict[str, str]
    due: datetime
    useful_until: datetime
    attempts: int
    closed: frozenset[Channel]
    again: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """One try of one channel. `fault` None: the platform took it. `template`: of a subscription notice."""

    channel: Channel
    at: datetime
    fault: Fault | None = None
    code: str = ""
    reason: str = ""
    template: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a claimed notice: the state it is left in, and until when (see `NoticeRow.next_at`)."""

    claimed: Claimed
    state: State
    next_at: datetime
    closed: frozenset[Channel]
    tries: tuple[Tried, ...] = ()
    reason: str = ""

    @property
    def arrived_by(self) -> Tried | None:
        """The try that the platform took."""
        return next((tried for tried in self.tries if tried.fault is None), None)


def _due(urgency: int, now: datetime) -> Select[int]:
    return select(NoticeRow.id).where(
        NoticeRow.state == State.DUE,
        NoticeRow.urgency == urgency,
        NoticeRow.next_at <= now,
        NoticeRow.useful_until > now,
        # A kind that another version wrote is left to one that knows it.
        NoticeRow.kind.in_(list(Kind)),
    )


async def any_due(session: AsyncSession, *, urgency: int, now: datetime) -> bool:
    """Whether anything of an urgency is to be sent."""
    return (await session.execute(_due(urgency, now).limit(1))).first() is not None


async def claim(
    session: AsyncSession, by: str, *, urgency: int, limit: int, now: datetime
) -> tuple[Claimed, ...]:
    """Take up to `limit` due notices of an urgency, the longest due first; `by` names the process.

    Two processes never get the same one. Commit before anything is sent.
    """
    due = (
        _due(urgency, now)
        .order_by(NoticeRow.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # Not a plain subquery: PostgreSQL may run that once for each row, and take more than `limit`.
        .cte("due")
    )
    taken = (
        update(NoticeRow)
        .where(NoticeRow.id.in_(select(due.c.id)), NoticeRow.state == State.DUE)
        .values(state=State.SENDING, claim=by, next_at=now + CLAIM, attempts=NoticeRow.attempts + 1)
        .returning(*_CLAIMED)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(taken)).all()
    return tuple(sorted((claimed_of(row) for row in rows), key=lambda one: (one.due, one.id)))


_CLAIMED = (
    NoticeRow.id,
    NoticeRow.claim,
    NoticeRow.kind,
    NoticeRow.openid,
    NoticeRow.subject,
    NoticeRow.event,
    NoticeRow.facts,
    NoticeRow.due,
    NoticeRow.useful_until,
    NoticeRow.attempts,
    NoticeRow.closed,
    NoticeRow.again,
)


def claimed_of(row: Any) -> Claimed:
    """A notice as whoever sends it sees it."""
    return Claimed(
        id=row.id,
        claim=row.claim,
        kind=Kind(row.kind),
        openid=row.openid,
        subject=row.subject,
        event=row.event,
        facts=row.facts,
        due=row.due,
        useful_until=row.useful_until,
        attempts=row.attempts,
        closed=frozenset(Channel(name) for name in row.closed.split(",") if name),
        again=row.again,
    )


# Of who claimed it; a claim that was given up meanwhile (unsure) learns its outcome all the same.
_SETTLE = (
    update(NoticeRow)
    .where(
        NoticeRow.id == bindparam("which"),
        NoticeRow.claim == bindparam("by"),
        NoticeRow.attempts == bindparam("attempt"),
        or_(NoticeRow.state == State.SENDING, NoticeRow.state == State.UNSURE),
    )
    .values(
        state=case(
            (and_(NoticeRow.unwanted, bindparam("final").is_(False)), State.WITHDRAWN.value),
            else_=bindparam("new_state"),
        ),
        next_at=bindparam("new_next_at"),
        closed=bindparam("new_closed"),
        channel=bindparam("new_channel"),
        message_id=bindparam("new_message_id"),
        reason=bindparam("new_reason"),
        settled=bindparam("new_settled"),
    )
)


# Not of a notice that an erasure took away in between.
_ATTEMPT = insert(Attempt).from_select(
    ["notice_id", "at", "channel", "outcome", "code", "reason"],
    select(
        NoticeRow.id,
        bindparam("at", type_=UTCDateTime()),
        bindparam("channel", type_=String()),
        bindparam("outcome", type_=String()),
        bindparam("code", type_=String()),
        bindparam("reason", type_=String()),
    ).where(NoticeRow.id == bindparam("notice_id")),
)


async def settle(session: AsyncSession, results: Sequence[Result], *, now: datetime) -> None:
    """Write down what came of notices, and each try. The caller's transaction holds them by their ids."""
    ordered = sorted(results, key=lambda result: result.claimed.id)
    connection = await session.connection()
    await connection.execute(_SETTLE, [_settled(result, now) for result in ordered])
    tries = [_attempt(result.claimed.id, tried) for result in ordered for tried in result.tries]
    if tries:
        await connection.execute(_ATTEMPT, tries)


def _settled(result: Result, now: datetime) -> dict[str, Any]:
    arrived = result.arrived_by
    final = result.state is State.SENT
    return {
        "which": result.claimed.id,
        "by": result.claimed.claim,
        "attempt": result.claimed.attempts,
        "final": final,
        "new_state": result.state.value,
        "new_next_at": result.next_at,
        "new_closed": ",".join(sorted(result.closed)),
        "new_channel": arrived.channel.value if arrived else "",
        "new_message_id": arrived.message_id[:64] if arrived else "",
        "new_reason": result.reason[:200],
        "new_settled": now if final else None,
    }


def _attempt(notice_id: int, tried: Tried) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "at": tried.at,
        "channel": tried.channel.value,
        "outcome": tried.fault.value if tried.fault else "sent",
        "code": tried.code[:40],
        "reason": tried.reason[:200],
    }


async def give_up_claims(session: AsyncSession, *, now: datetime) -> int:
    """What dead processes were sending may have arrived: it is unsure from now on; how many."""
    gone = (
        update(NoticeRow)
        .where(NoticeRow.state == State.SENDING, NoticeRow.next_at <= now)
        .values(
            state=case((NoticeRow.unwanted, State.WITHDRAWN.value), else_=State.UNSURE.value),
            reason="the process that was sending it died",
        )
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], await session.execute(gone)).rowcount


async def release(session: AsyncSession, openid: str, *, now: datetime) -> int:
    """The citizen wrote: what waited for that is due now, by every channel; how many."""
    again = (
        update(NoticeRow)
        .where(NoticeRow.openid == openid, NoticeRow.state.in_(HELD), NoticeRow.useful_until > now)
        .values(freed(now))
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], await session.execute(again)).rowcount


async def try_again_after_alarms(session: AsyncSession, *, now: datetime) -> int:
    """What a person had to mend is tried again from time to time; how many notices."""
    again = (
        update(NoticeRow)
        .where(NoticeRow.state == State.ALARM, NoticeRow.next_at <= now, NoticeRow.useful_until > now)
        .values(freed(now))
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], await session.execute(again)).rowcount


def freed(now: datetime) -> dict[Any, Any]:
    """The values of a notice that is tried again from the beginning."""
    return {
        NoticeRow.again: or_(NoticeRow.again, NoticeRow.state == State.UNSURE),
        NoticeRow.state: State.DUE.value,
        NoticeRow.next_at: now,
        NoticeRow.attempts: 0,
        NoticeRow.claim: "",
        NoticeRow.closed: "",
    }


async def held_for(session: AsyncSession, openid: str) -> int:
    """How many notices wait for this citizen to write."""
    count = select(func.count()).where(NoticeRow.openid == openid, NoticeRow.state.in_(HELD))
    return int((await session.execute(count)).scalar_one())
