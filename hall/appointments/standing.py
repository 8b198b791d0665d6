"""What stands against a citizen's booking, out of what is stored: by the account and by their ID number."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.errors import Barred
from hall.appointments.models import Booking, PenaltyLift
from hall.appointments.penalties import CLEAR, NoShow, Standing, standing, worse
from hall.appointments.rules import Terms


async def standing_of(
    session: AsyncSession,
    citizen_id: int,
    identity_id: int | None = None,
    *,
    terms: Terms,
) -> Standing:
    """Whether the citizen may book. A second account of the same ID number does not help."""
    found = await _by(session, Booking.citizen_id == citizen_id, PenaltyLift.citizen_id == citizen_id, terms)
    if identity_id is None:
        return found
    other = await _by(
        session, Booking.identity_id == identity_id, PenaltyLift.identity_id == identity_id, terms
    )
    return worse(found, other)


async def require_standing(
    session: AsyncSession, citizen_id: int, identity_id: int | None, *, terms: Terms
) -> None:
    """Raise Barred where something stands against booking."""
    found = await standing_of(session, citizen_id, identity_id, terms=terms)
    if not found.clear:
        raise Barred(found)


async def _by(
    session: AsyncSession,
    whose: ColumnElement[bool],
    lifted_for: ColumnElement[bool],
    terms: Terms,
) -> Standing:
    rows = await session.execute(
        select(Booking.starts, Booking.reminder_failed, Booking.excused).where(
            whose, Booking.state == "no_show"
        )
    )
    missed = [
        NoShow.noted(row.starts, reminder_failed=row.reminder_failed, excused=row.excused) for row in rows
    ]
    if not missed:
        return CLEAR
    lifted = await session.scalar(select(func.max(PenaltyLift.at)).where(lifted_for))
    return standing(missed, lifted=lifted, rules=terms.rules, now=terms.now)
