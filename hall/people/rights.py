"""What the law gives a citizen over their data (个人信息保护法 art. 45, 47): a copy of it, and its erasure.

Erasing reaches this database. Backups made before keep what they hold until they are overwritten, and so do
PostgreSQL's dead rows until the next VACUUM; on SQLite what is deleted is overwritten with zeros.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hall.people.access import FIELDS, accesses, log, opened
from hall.people.blind import Vault
from hall.people.citizens import lock_citizens
from hall.people.entries import drop_unused_identity
from hall.people.errors import UnknownCitizen
from hall.people.models import Citizen, Consent, Person, ProxyGrant
from hall.people.proxies import evidence_owner

# What another desk knows of a citizen, as JSON.
Telling = Callable[[AsyncSession, int], Awaitable[Any]]
# Forgets what another desk knows of a citizen; True where the account must stay known (a restriction runs).
Forgetting = Callable[[AsyncSession, int], Awaitable[bool]]

CITIZEN = "citizen"


async def export(
    session: AsyncSession,
    vault: Vault,
    citizen_id: int,
    *,
    now: datetime,
    who: str = CITIZEN,
    why: str = "the citizen asked for a copy",
    parts: Mapping[str, Telling] | None = None,
) -> dict[str, Any]:
    """All that is kept of a citizen, in the open, as JSON; `parts` are what other desks add. Logged.

    Raises UnknownCitizen, SealBrokenError.
    """
    row = await session.get(Citizen, citizen_id, populate_existing=True)
    if row is None or row.openid is None:
        raise UnknownCitizen(citizen_id)
    log(session, "export", citizen_id, fields=FIELDS, who=who, why=why, now=now)
    await session.flush()
    told = {name: await tell(session, citizen_id) for name, tell in (parts or {}).items()}
    return {
        "account": row.openid,
        "known_since": row.created.isoformat(),
        "consents": await _consents(session, citizen_id),
        "people": await _people(session, vault, citizen_id),
        "proxies": await _proxies(session, vault, citizen_id),
        "accesses": [
            {"at": line.at.isoformat(), "who": line.who, "what": line.action, "why": line.why}
            for line in await accesses(session, citizen_id)
        ],
        **told,
    }


async def erase(
    session: AsyncSession,
    citizen_id: int,
    *,
    now: datetime,
    who: str = CITIZEN,
    why: str = "the citizen asked for it",
    forget: Sequence[Forgetting] = (),
) -> bool:
    """Forget a citizen: their people are deleted, the account is no longer named; the log stays.

    `forget` are the other desks' own. Where one of them says that a restriction runs, the account's name and
    the digest of its ID number stay until it ends (`finish_erasures`), and nothing else; the answer is then
    False. Raises UnknownCitizen.
    """
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("PRAGMA secure_delete=ON"))
    # The other desks first: they lock what stands before the citizen in their own order.
    restricted = [await part(session, citizen_id) for part in forget]
    await lock_citizens(session, [citizen_id])
    row = await session.get(Citizen, citizen_id, populate_existing=True)
    if row is None or row.openid is None:
        raise UnknownCitizen(citizen_id)
    keep = any(restricted)
    await _forget_people(session, citizen_id, keep=keep)
    consents = await session.scalars(
        select(Consent).where(Consent.citizen_id == citizen_id, Consent.withdrawn.is_(None))
    )
    for consent in consents:
        consent.withdrawn = now
    row.erased = now
    if not keep:
        row.openid = None
    log(session, "erase", citizen_id, fields=FIELDS, who=who, why=why, now=now)
    await session.flush()
    return not keep


async def finish_erasures(
    session: AsyncSession, *, restricted: Callable[[AsyncSession, int], Awaitable[bool]]
) -> int:
    """Take the name off erased accounts whose restriction has ended; how many there were."""
    rows = await session.scalars(
        select(Citizen)
        .where(Citizen.erased.is_not(None), Citizen.openid.is_not(None))
        .order_by(Citizen.id)
        .with_for_update()
    )
    done = 0
    for row in rows.all():
        if not await restricted(session, row.id):
            row.openid = None
            done += 1
    await session.flush()
    return done


async def _forget_people(session: AsyncSession, citizen_id: int, *, keep: bool) -> None:
    rows = (await session.scalars(select(Person).where(Person.citizen_id == citizen_id))).all()
    await session.execute(delete(ProxyGrant).where(ProxyGrant.citizen_id == citizen_id))
    for row in rows:
        await session.delete(row)
    await session.flush()
    for row in rows:
        if row.identity_id is not None and not (keep and row.own):
            await drop_unused_identity(session, row.identity_id)


async def _consents(session: AsyncSession, citizen_id: int) -> list[dict[str, Any]]:
    rows = await session.scalars(select(Consent).where(Consent.citizen_id == citizen_id).order_by(Consent.id))
    return [
        {
            "purpose": row.purpose,
            "wording": row.wording,
            "given": row.given.isoformat(),
            "withdrawn": row.withdrawn.isoformat() if row.withdrawn else None,
        }
        for row in rows
    ]


async def _people(session: AsyncSession, vault: Vault, citizen_id: int) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(Person).where(Person.citizen_id == citizen_id).order_by(Person.own.desc(), Person.id)
    )
    return [{"own": row.own, **{field: opened(vault, row, field) for field in FIELDS}} for row in rows]


async def _proxies(session: AsyncSession, vault: Vault, citizen_id: int) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(ProxyGrant).where(ProxyGrant.citizen_id == citizen_id).order_by(ProxyGrant.id)
    )
    return [
        {
            "person_id": row.person_id,
            "means": row.means,
            "given": row.given.isoformat(),
            "withdrawn": row.withdrawn.isoformat() if row.withdrawn else None,
            "evidence": vault.seal.open(row.evidence, owner=evidence_owner(row.key)).decode()
            if row.evidence is not None
            else "",
        }
        for row in rows
    ]
