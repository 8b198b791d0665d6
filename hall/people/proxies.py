"""Acting for somebody else (代办): whose consent is recorded, and by what it is known."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.people.blind import Vault
from hall.people.citizens import lock_citizens, require_consent
from hall.people.entries import own_row
from hall.people.errors import ProxyConsentMissing
from hall.people.models import Person, ProxyGrant

# stated: the citizen says that the person agreed; confirmed: the person did so themselves; guardian: the law
# gives it (监护人); document: a power of attorney (委托书) was seen.
Means = Literal["stated", "confirmed", "guardian", "document"]


@dataclass(frozen=True, slots=True)
class Party:
    """Who is at the desk: the citizen by account and, where known, by ID number; and for whom.

    `person_id` is the entry of the person concerned; `for_other` where that is not the citizen.
    """

    citizen_id: int
    identity_id: int | None = None
    person_id: int | None = None
    for_other: bool = False


async def record_proxy(
    session: AsyncSession,
    vault: Vault,
    citizen_id: int,
    person_id: int,
    *,
    means: Means,
    now: datetime,
    evidence: str = "",
) -> None:
    """Record that the person agreed to be acted for; `evidence` (what was said or seen) is sealed.

    Raises UnknownPerson, ConsentMissing.
    """
    if means not in get_args(Means):
        raise ValueError(means)
    await lock_citizens(session, [citizen_id])
    await require_consent(session, citizen_id)
    row = await own_row(session, citizen_id, person_id)
    key = uuid.uuid4().hex
    sealed = vault.seal.seal(evidence.encode(), owner=evidence_owner(key)) if evidence else None
    session.add(
        ProxyGrant(key=key, citizen_id=citizen_id, person_id=row.id, means=means, evidence=sealed, given=now)
    )
    await session.flush()


def evidence_owner(key: str) -> str:
    """What sealed evidence is bound to."""
    return f"proxy_grant.evidence:{key}"


async def withdraw_proxy(session: AsyncSession, citizen_id: int, person_id: int, *, now: datetime) -> bool:
    """Record that the person no longer agrees; False if there was nothing to withdraw."""
    await lock_citizens(session, [citizen_id])
    rows = (await session.scalars(_live(citizen_id, person_id))).all()
    for row in rows:
        row.withdrawn = now
    await session.flush()
    return bool(rows)


async def may_act_for(session: AsyncSession, citizen_id: int, person_id: int) -> bool:
    """Whether the person's consent to be acted for by this citizen is recorded and not withdrawn."""
    return (await session.scalars(_live(citizen_id, person_id).limit(1))).first() is not None


async def party_of(session: AsyncSession, citizen_id: int, person_id: int | None = None) -> Party:
    """Who comes: the citizen, for themselves (no `person_id`) or for one of their people.

    Raises UnknownPerson, ProxyConsentMissing.
    """
    rows = await session.execute(
        select(Person.id, Person.identity_id).where(Person.citizen_id == citizen_id, Person.own.is_(True))
    )
    own = rows.first()
    identity_id = own.identity_id if own is not None else None
    if person_id is None or (own is not None and own.id == person_id):
        return Party(citizen_id, identity_id, own.id if own is not None else None)
    await own_row(session, citizen_id, person_id)
    if not await may_act_for(session, citizen_id, person_id):
        raise ProxyConsentMissing(person_id)
    return Party(citizen_id, identity_id, person_id, for_other=True)


def _live(citizen_id: int, person_id: int) -> Select[ProxyGrant]:
    return (
        select(ProxyGrant)
        .where(
            ProxyGrant.citizen_id == citizen_id,
            ProxyGrant.person_id == person_id,
            ProxyGrant.withdrawn.is_(None),
        )
        .execution_options(populate_existing=True)
    )
