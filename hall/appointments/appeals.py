"""Lifting what stands against a citizen, and their appeal (申诉) for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import ReasonMissing, UnknownBooking
from hall.appointments.models import Appeal, Booking, PenaltyLift
from hall.appointments.rules import BookingRules, Terms
from hall.appointments.standing import standing_of
from hall.appointments.telling import tell_decided, tell_unbarred
from hall.people.citizens import lock_citizens
from hall.people.models import Person
from hall.sealing import Seal

MAX_TEXT = 1000
_OPEN = "open"


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal with its words. `reason` is what staff answered."""

    id: int
    citizen_id: int
    text: str
    created: datetime
    state: Literal["open", "granted", "refused"]
    decided: datetime | None
    decided_by: str
    reason: str

    def __repr__(self) -> str:
        return f"AppealView(id={self.id}, state={self.state})"  # the words are the citizen's


async def lift(
    session: AsyncSession, citizen_id: int, *, by: str, reason: str, now: datetime, told: bool = False
) -> None:
    """Lift a suspension or take a citizen off the blacklist: what was missed until now no longer counts.

    It holds for the account and for the ID numbers behind it. The citizen hears it by a notice, where the
    caller does not tell them (`told`). Raises ReasonMissing, UnknownCitizen.
    """
    if not by.strip() or not reason.strip():
        raise ReasonMissing("who lifts a penalty is named and says why")
    await lock_citizens(session, [citizen_id])
    lifts = [
        PenaltyLift(
            citizen_id=citizen_id,
            identity_id=identity_id,
            at=now,
            by=by.strip()[:100],
            reason=reason.strip()[:300],
        )
        for identity_id in await _identities(session, citizen_id) or [None]
    ]
    session.add_all(lifts)
    await session.flush()
    event = f"lifted:{lifts[0].id}"
    await tell_unbarred(session, citizen_id, event=event, reason=reason.strip(), told=told, now=now)


async def _identities(session: AsyncSession, citizen_id: int) -> list[int | None]:
    """The citizen's own ID numbers, as digests: the one kept now and those under which they missed."""
    kept = await session.scalars(
        select(Person.identity_id).where(
            Person.citizen_id == citizen_id, Person.own.is_(True), Person.identity_id.is_not(None)
        )
    )
    missed = await session.scalars(
        select(Booking.identity_id).where(
            Booking.citizen_id == citizen_id, Booking.state == "no_show", Booking.identity_id.is_not(None)
        )
    )
    return list({*kept, *missed})


async def appeal(session: AsyncSession, seal: Seal, citizen_id: int, text: str, *, now: datetime) -> int:
    """Record a citizen's appeal in their own words (sealed); its number.

    While one is open, what is said further is added to it. Raises ValueError for no words, UnknownCitizen.
    """
    words = text.strip()[:MAX_TEXT]
    if not words:
        raise ValueError("an appeal needs words")
    await lock_citizens(session, [citizen_id])
    rows = await session.scalars(
        select(Appeal)
        .where(Appeal.citizen_id == citizen_id, Appeal.state == _OPEN)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = rows.first()
    if row is None:
        row = Appeal(key=uuid.uuid4().hex, citizen_id=citizen_id, created=now, state=_OPEN)
        session.add(row)
    elif (said := _opened(seal, row)) != words:
        words = f"{said}\n{words}"[: 4 * MAX_TEXT]
    row.text = seal.seal(words.encode(), owner=_owner(row.key))
    await session.flush()
    return row.id


async def decide_appeal(
    session: AsyncSession,
    appeal_id: int,
    *,
    granted: bool,
    by: str,
    reason: str,
    now: datetime,
    rules: BookingRules | None = None,
) -> int:
    """Grant an appeal, which lifts the penalty, or refuse it; the citizen's id. Decided once, and told.

    Raises UnknownBooking (no such open appeal), ReasonMissing.
    """
    if not by.strip() or not reason.strip():
        raise ReasonMissing("who decides is named and says why")
    citizen_id = await session.scalar(select(Appeal.citizen_id).where(Appeal.id == appeal_id))
    if citizen_id is None:
        raise UnknownBooking(appeal_id)
    await lock_citizens(session, [citizen_id])
    row = await session.get(Appeal, appeal_id, populate_existing=True, with_for_update=True)
    if row is None or row.state != _OPEN:
        raise UnknownBooking(appeal_id)
    row.state = "granted" if granted else "refused"
    row.decided, row.decided_by, row.reason = now, by.strip()[:100], reason.strip()[:300]
    if granted:
        await lift(session, citizen_id, by=by, reason=reason, now=now, told=True)
    await session.flush()
    found = await standing_of(session, citizen_id, terms=Terms(now, rules or BookingRules()))
    await tell_decided(session, row, found, now=now)
    return citizen_id


async def appeals(
    session: AsyncSession, seal: Seal, *, citizen_id: int | None = None, only_open: bool = False
) -> tuple[AppealView, ...]:
    """The appeals, oldest first: all of them or one citizen's."""
    bounds = [Appeal.citizen_id == citizen_id] if citizen_id is not None else []
    if only_open:
        bounds.append(Appeal.state == _OPEN)
    rows = await session.scalars(
        select(Appeal).where(*bounds).order_by(Appeal.id).execution_options(populate_existing=True)
    )
    return tuple(
        AppealView(
            row.id,
            row.citizen_id,
            _opened(seal, row),
            row.created,
            row.state,  # type: ignore[arg-type]  # the desk writes no other
            row.decided,
            row.decided_by,
            row.reason,
        )
        for row in rows
    )


async def reseal_appeals(
    session: AsyncSession, seal: Seal, *, after: int = 0, limit: int = 200
) -> int | None:
    """Seal the next appeals under the current secret; the id to go on `after`, None when all are done."""
    rows = (
        await session.scalars(
            select(Appeal)
            .where(Appeal.id > after, Appeal.text.is_not(None))
            .order_by(Appeal.id)
            .limit(limit)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).all()
    for row in rows:
        row.text = seal.seal(_opened(seal, row).encode(), owner=_owner(row.key))
    await session.flush()
    return rows[-1].id if rows else None


def _opened(seal: Seal, row: Appeal) -> str:
    return seal.open(row.text, owner=_owner(row.key)).decode() if row.text is not None else ""


def _owner(key: str) -> str:
    return f"appeal.text:{key}"
