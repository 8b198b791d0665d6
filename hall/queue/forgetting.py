"""What the queue tells of a citizen, and what it forgets: its part of a copy and of an erasure.

Hand `told_of` to `hall.people.rights.export` and ``forgetting(terms)`` to `hall.people.rights.erase`, there
behind the one of the appointments: whoever checks in holds a booking before the hall.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.people.models import Citizen
from hall.queue.joining import end
from hall.queue.models import QueueTicket
from hall.queue.records import CITIZEN, note
from hall.queue.rules import QueueTerms
from hall.queue.state import hold_hall, ticket_of
from hall.queue.turning import turned


async def told_of(session: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    """All tickets of a citizen as JSON, the first one first."""
    rows = await session.scalars(
        select(QueueTicket)
        .join(Citizen, Citizen.openid == QueueTicket.openid)
        .where(Citizen.id == citizen_id)
        .order_by(QueueTicket.id)
    )
    return [
        {
            "number": row.number,
            "hall": row.hall_code,
            "counter": row.group_code,
            "item": row.item_code,
            "taken": row.arrived.isoformat(),
            "called": row.first_called.isoformat() if row.first_called else None,
            "window": row.window_name,
            "state": row.state,
        }
        for row in rows
    ]


def forgetting(terms: QueueTerms) -> Callable[[AsyncSession, int], Awaitable[bool]]:
    """What an erasure calls: tickets that wait are given back, and none names the account any more.

    The figures stay. Who stands at a window is served to the end. Nothing here restricts an account.
    """

    async def forget(session: AsyncSession, citizen_id: int) -> bool:
        openid = await session.scalar(select(Citizen.openid).where(Citizen.id == citizen_id))
        if openid is None:
            return False
        open_ = (
            QueueTicket.openid == openid,
            QueueTicket.state.in_(("waiting", "held", "passed")),
        )
        halls = await session.scalars(select(QueueTicket.hall_code).where(*open_).distinct())
        for hall in sorted(halls):
            await hold_hall(session, hall, terms)
            rows = await session.scalars(
                select(QueueTicket.id).where(*open_, QueueTicket.hall_code == hall).order_by(QueueTicket.id)
            )
            for ticket_id in rows.all():
                row = await ticket_of(session, ticket_id)
                end(row, "left", terms.now)
                note(session, row, "left", now=terms.now, by=CITIZEN)
                await turned(session, hall, terms, over=row)
        await session.execute(update(QueueTicket).where(QueueTicket.openid == openid).values(openid=None))
        return False

    return forget
