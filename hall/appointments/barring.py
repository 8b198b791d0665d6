"""For staff: which citizens may not book, and which appointments were missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.models import Booking, PenaltyLift
from hall.appointments.penalties import NoShow, Standing, standing, worse
from hall.appointments.rules import Terms
from hall.appointments.views import Appointment


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed appointment. It counts for nothing where it is `excused` or our `reminder_failed`."""

    booking: Appointment
    excused: bool
    reminder_failed: bool

    @property
    def counts(self) -> bool:
        """Whether it counts against its citizen, as far as it goes by itself."""
        return not (self.excused or self.reminder_failed)


@dataclass(frozen=True, slots=True)
class Barred:
    """A citizen who may not book now, why, and whom their last missed appointment was for."""

    citizen_id: int
    person_id: int | None
    standing: Standing


async def barred(session: AsyncSession, *, terms: Terms, limit: int = 200) -> tuple[Barred, ...]:
    """The citizens who may not book now, those on the blacklist first; at most `limit` of them."""
    rows = await _no_shows(session, await _candidates(session, terms))
    lifted = await _lifts(session)
    by_citizen: dict[int, list[Booking]] = defaultdict(list)
    by_identity: dict[int, list[Booking]] = defaultdict(list)
    for row in rows:
        by_citizen[row.citizen_id].append(row)
        if row.identity_id is not None:
            by_identity[row.identity_id].append(row)
    found = []
    for citizen_id, missed in by_citizen.items():
        against = _standing(missed, lifted.get(("citizen", citizen_id)), terms)
        for identity_id in {row.identity_id for row in missed if row.identity_id is not None}:
            other = _standing(by_identity[identity_id], lifted.get(("identity", identity_id)), terms)
            against = worse(against, other)
        if not against.clear:
            found.append(Barred(citizen_id, missed[-1].person_id, against))
    found.sort(key=lambda one: (one.standing.until is not None, one.standing.until, one.citizen_id))
    return tuple(found[:limit])


async def missed_since(
    session: AsyncSession, hall: str, since: datetime, *, limit: int = 200
) -> tuple[Missed, ...]:
    """The appointments missed in a hall since a moment, the latest first."""
    rows = await session.scalars(
        select(Booking)
        .where(Booking.state == "no_show", Booking.hall_code == hall, Booking.starts >= since)
        .order_by(Booking.starts.desc(), Booking.id.desc())
        .limit(limit)
    )
    return tuple(_missed(row) for row in rows)


async def missed_by(session: AsyncSession, citizen_id: int) -> tuple[Missed, ...]:
    """What one citizen missed, the latest first."""
    rows = await session.scalars(
        select(Booking)
        .where(Booking.state == "no_show", Booking.citizen_id == citizen_id)
        .order_by(Booking.starts.desc(), Booking.id.desc())
    )
    return tuple(_missed(row) for row in rows)


def _missed(row: Booking) -> Missed:
    return Missed(Appointment.of(row), row.excused is not None, row.reminder_failed is not None)


async def _candidates(session: AsyncSession, terms: Terms) -> Sequence[tuple[int, int | None]]:
    """Accounts and ID numbers with a no-show of late, or with enough of them ever."""
    recent = terms.now - timedelta(days=terms.rules.suspension_days)
    rows = await session.execute(
        select(Booking.citizen_id, func.max(Booking.identity_id))
        .where(Booking.state == "no_show", Booking.excused.is_(None), Booking.reminder_failed.is_(None))
        .group_by(Booking.citizen_id)
        .having(
            or_(
                func.max(Booking.starts) >= recent,
                func.count(Booking.id) >= terms.rules.blacklist_no_shows,
            )
        )
    )
    return [(row[0], row[1]) for row in rows]


async def _no_shows(session: AsyncSession, candidates: Sequence[tuple[int, int | None]]) -> Sequence[Booking]:
    if not candidates:
        return ()
    citizens = [citizen for citizen, _ in candidates]
    identities = [identity for _, identity in candidates if identity is not None]
    whose = or_(Booking.citizen_id.in_(citizens), Booking.identity_id.in_(identities))
    rows = await session.scalars(
        select(Booking).where(and_(Booking.state == "no_show", whose)).order_by(Booking.starts, Booking.id)
    )
    return rows.all()


async def _lifts(session: AsyncSession) -> dict[tuple[str, int], datetime]:
    rows = await session.scalars(select(PenaltyLift))
    lifted: dict[tuple[str, int], datetime] = {}
    for row in rows:
        keys = [("citizen", row.citizen_id)]
        if row.identity_id is not None:
            keys.append(("identity", row.identity_id))
        for key in keys:
            lifted[key] = max(row.at, lifted.get(key, row.at))
    return lifted


def _standing(rows: Sequence[Booking], lifted: datetime | None, terms: Terms) -> Standing:
    missed = [
        NoShow.noted(row.starts, reminder_failed=row.reminder_failed, excused=row.excused) for row in rows
    ]
    return standing(missed, lifted=lifted, rules=terms.rules, now=terms.now)
