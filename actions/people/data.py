"""What is kept of the citizen of a turn, over all desks: looking at it, erasing it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.people.keeping import Keeping, Known
from actions.wording import people_data as wording
from actions.wording.people_data import Kept
from hall.appointments import service as appointments
from hall.centres.opening import SHANGHAI
from hall.citizen_data import forgettings
from hall.people import service as people
from hall.people.models import Consent
from hall.people.service import AccessLine
from hall.queue import service as queue
from hall.wording import dates


@dataclass(frozen=True, slots=True)
class Held:
    """All of it. `consent`: when and to what the citizen agreed, in words; `accesses`: who looked."""

    known: Known
    kept: Kept
    consent: str = ""
    accesses: tuple[AccessLine, ...] = ()
    citizen_id: int | None = None

    @property
    def anything(self) -> bool:
        """Whether anything of the citizen's is kept at all."""
        return self.known.consent or bool(self.kept.bookings or self.kept.tickets)


async def held(desk: Desk, session: AsyncSession) -> Held:
    """What is kept of the citizen."""
    citizen_id = await people.citizen_id_of(session, desk.citizen)
    tickets = await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules)
    if citizen_id is None:
        return Held(Known(), Kept(tickets=len(tickets)))
    mine = await appointments.mine(session, citizen_id, now=desk.now)
    waiting = await appointments.my_waiting(session, citizen_id, now=desk.now)
    told = await appointments.told_of(session, citizen_id)
    return Held(
        await Keeping.at(desk, session).known(),
        Kept(len(mine) + len(waiting), len(told), len(tickets)),
        await _consent(session, citizen_id),
        tuple(await people.accesses(session, citizen_id)),
        citizen_id,
    )


async def erase(desk: Desk, session: AsyncSession, *, why: str) -> bool:
    """Forget the citizen at all desks; False where a restriction keeps the account's name for now.

    Some desks know an account that gave no personal data (a ticket, a notice): it is registered to be
    forgotten by all of them.
    """
    citizen_id = await people.register(session, desk.citizen, now=desk.now)
    for ticket in await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules):
        desk.changed(f"queue:{ticket.hall}")
    forget = forgettings(desk.now, desk.rules, desk.queue_rules)
    return await people.erase(session, citizen_id, now=desk.now, why=why, forget=forget)


async def _consent(session: AsyncSession, citizen_id: int) -> str:
    row = (
        await session.scalars(
            select(Consent)
            .where(Consent.citizen_id == citizen_id, Consent.withdrawn.is_(None))
            .order_by(Consent.id.desc())
        )
    ).first()
    if row is None:
        return ""
    return wording.consented(dates.dated(row.given.astimezone(SHANGHAI).date()), row.wording)
