"""Bringing what is kept under a new key, in portions, while the desk goes on working."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.people.access import FIELDS, opened, owner_of
from hall.people.blind import Vault
from hall.people.models import Identity, Person, ProxyGrant
from hall.people.proxies import evidence_owner

PORTION = 200


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a portion did: how many entries, and the id to go on `after`; done where `rows` is 0."""

    rows: int
    last: int


async def reseal(session: AsyncSession, vault: Vault, *, after: int = 0, limit: int = PORTION) -> Resealed:
    """Seal the next entries under the current secret, and digest their ID numbers anew.

    One transaction a portion. The previous secret may go once a run has come to its end. Raises
    SealBrokenError where a value's own secret is not at hand.
    """
    rows = (
        await session.scalars(
            select(Person)
            .where(Person.id > after)
            .order_by(Person.id)
            .limit(limit)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).all()
    for row in rows:
        number = opened(vault, row, "id_number")
        for field in FIELDS:
            if getattr(row, field) is not None:
                plain = opened(vault, row, field).encode()
                setattr(row, field, vault.seal.seal(plain, owner=owner_of(row.key, field)))
        if number:
            await _digest_anew(session, vault, row, number)
        await _reseal_grants(session, vault, row.id)
    await session.flush()
    return Resealed(len(rows), rows[-1].id if rows else after)


async def _digest_anew(session: AsyncSession, vault: Vault, row: Person, number: str) -> None:
    mark = vault.blind.mark(number)
    known = await session.scalar(select(Identity.id).where(Identity.mark == mark))
    if known is not None:
        row.identity_id = known  # an entry saved by a replica with the new secret came first
        return
    identity = await session.get(Identity, row.identity_id) if row.identity_id is not None else None
    if identity is None:
        identity = Identity(mark=mark)
        session.add(identity)
    identity.mark = mark
    await session.flush()
    row.identity_id = identity.id


async def _reseal_grants(session: AsyncSession, vault: Vault, person_id: int) -> None:
    grants = await session.scalars(
        select(ProxyGrant).where(ProxyGrant.person_id == person_id, ProxyGrant.evidence.is_not(None))
    )
    for grant in grants:
        assert grant.evidence is not None  # noqa: S101 - the query says so
        owner = evidence_owner(grant.key)
        grant.evidence = vault.seal.seal(vault.seal.open(grant.evidence, owner=owner), owner=owner)
