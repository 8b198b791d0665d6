"""What sending a notice needs to know: how its citizen can be reached, the check-in code, the phone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import ConversationRow
from hall.appointments.models import Booking
from hall.notices import consents, reach
from hall.notices.channels import Reachable
from hall.notices.models import Reach
from hall.people.models import Person
from hall.people.service import Vault, citizen_id_of, has_consent, reveal

_BOOKING = "booking:"


async def reachable(
    session: AsyncSession, openids: Collection[str], *, subscriptions: bool
) -> dict[str, Reachable]:
    """How each of these citizens can be reached, as far as is known.

    `subscriptions`: whether consents matter, because there are templates for them.
    """
    known = await session.execute(_KNOWN, {"openids": list(openids)})
    allowed = await consents.allowed(session, openids) if subscriptions else {}
    found = {
        row.openid: Reachable(
            last_seen=row.last_seen,
            following=row.following,
            window_closed=row.window_closed,
            unreachable=row.unreachable,
            allowed=allowed.get(row.openid, frozenset()),
        )
        for row in known
    }
    strangers = [openid for openid in openids if openid not in found]
    learned = await reach.learned(session, strangers) if strangers else {}
    for openid in strangers:
        told = learned.get(openid)
        found[openid] = Reachable(
            window_closed=told.window_closed if told else None,
            unreachable=told.unreachable if told else None,
            allowed=allowed.get(openid, frozenset()),
        )
    return found


_KNOWN = (
    select(
        ConversationRow.openid,
        ConversationRow.last_seen,
        ConversationRow.following,
        Reach.window_closed,
        Reach.unreachable,
    )
    .outerjoin(Reach, Reach.openid == ConversationRow.openid)
    .where(ConversationRow.openid.in_(bindparam("openids", expanding=True)))
)


async def check_in_codes(session: AsyncSession, subjects: Sequence[str]) -> dict[str, str]:
    """The check-in code of each subject that is an appointment with one."""
    ids = {
        int(subject.removeprefix(_BOOKING)): subject
        for subject in subjects
        if subject.startswith(_BOOKING) and subject.removeprefix(_BOOKING).isdecimal()
    }
    if not ids:
        return {}
    rows = await session.execute(
        select(Booking.id, Booking.code).where(Booking.id.in_(ids), Booking.code.is_not(None))
    )
    return {ids[number]: code for number, code in rows if code is not None}


async def phone_of(session: AsyncSession, vault: Vault, openid: str, *, now: datetime) -> str:
    """The citizen's own phone, "" where there is none or no consent to keep it. Revealing it is logged."""
    citizen_id = await citizen_id_of(session, openid)
    if citizen_id is None or not await has_consent(session, citizen_id):
        return ""
    person_id = await session.scalar(
        select(Person.id).where(
            Person.citizen_id == citizen_id, Person.own.is_(True), Person.phone.is_not(None)
        )
    )
    if person_id is None:
        return ""
    shown = await reveal(session, vault, person_id, fields=["phone"], who="notices", why="notice", now=now)
    return shown.phone
