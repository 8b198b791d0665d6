"""Citizens as accounts: registering, locking, and their consent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.people.errors import ConsentMissing, UnknownCitizen
from hall.people.models import Citizen, Consent, Identity

# What a citizen consents to before the first personal datum is kept.
PERSONAL_DATA = "personal_data"


async def register(session: AsyncSession, openid: str, *, now: datetime) -> int:
    """The citizen's id; made at the first sight of the account. Keeps no personal data.

    An account that was erased but kept under a restriction is itself again.
    """
    found = await session.scalar(
        select(Citizen).where(Citizen.openid == openid).execution_options(populate_existing=True)
    )
    if found is not None:
        if found.erased is not None:
            found.erased = None
            await session.flush()
        return found.id
    await session.execute(
        insert(session, Citizen)
        .values(openid=openid, created=now)
        .on_conflict_do_nothing(index_elements=["openid"])
    )
    return (await session.execute(select(Citizen.id).where(Citizen.openid == openid))).scalar_one()


async def citizen_id_of(session: AsyncSession, openid: str) -> int | None:
    """The id of a citizen that is known already."""
    return await session.scalar(select(Citizen.id).where(Citizen.openid == openid, Citizen.erased.is_(None)))


async def openid_of(session: AsyncSession, citizen_id: int) -> str:
    """The account to write to. Raises UnknownCitizen for one who was erased."""
    openid = await session.scalar(
        select(Citizen.openid).where(Citizen.id == citizen_id, Citizen.erased.is_(None))
    )
    if openid is None:
        raise UnknownCitizen(citizen_id)
    return openid


async def lock_citizens(session: AsyncSession, ids: Iterable[int]) -> None:
    """Hold these citizens until the commit, in the order of their ids. Raises UnknownCitizen."""
    wanted = sorted(set(ids))
    rows = await session.scalars(
        select(Citizen.id).where(Citizen.id.in_(wanted)).order_by(Citizen.id).with_for_update()
    )
    missing = set(wanted) - set(rows)
    if missing:
        raise UnknownCitizen(min(missing))


async def lock_identities(session: AsyncSession, ids: Iterable[int]) -> None:
    """Hold these natural persons until the commit, in the order of their ids; always after citizens."""
    await session.execute(
        select(Identity.id).where(Identity.id.in_(sorted(set(ids)))).order_by(Identity.id).with_for_update()
    )


async def give_consent(
    session: AsyncSession, citizen_id: int, *, wording: str, now: datetime, purpose: str = PERSONAL_DATA
) -> None:
    """Record that the citizen agreed, and to which wording (a version of the text); again is harmless."""
    await lock_citizens(session, [citizen_id])
    live = await _live(session, citizen_id, purpose)
    if live is None or live.wording != wording:
        session.add(Consent(citizen_id=citizen_id, purpose=purpose, wording=wording, given=now))
        await session.flush()


async def withdraw_consent(
    session: AsyncSession, citizen_id: int, *, now: datetime, purpose: str = PERSONAL_DATA
) -> bool:
    """Record that the citizen withdrew; False if there was nothing to. Erasing is a step of its own."""
    await lock_citizens(session, [citizen_id])
    rows = (await session.scalars(_live_rows(citizen_id, purpose))).all()
    for row in rows:
        row.withdrawn = now
    await session.flush()
    return bool(rows)


async def has_consent(session: AsyncSession, citizen_id: int, *, purpose: str = PERSONAL_DATA) -> bool:
    """Whether the citizen has agreed and not withdrawn."""
    return await _live(session, citizen_id, purpose) is not None


async def require_consent(session: AsyncSession, citizen_id: int, *, purpose: str = PERSONAL_DATA) -> None:
    """Raise ConsentMissing where `has_consent` is False."""
    if not await has_consent(session, citizen_id, purpose=purpose):
        raise ConsentMissing(purpose)


async def _live(session: AsyncSession, citizen_id: int, purpose: str) -> Consent | None:
    found = await session.scalars(_live_rows(citizen_id, purpose).limit(1))
    return found.first()


def _live_rows(citizen_id: int, purpose: str) -> Select[Consent]:
    return (
        select(Consent)
        .where(Consent.citizen_id == citizen_id, Consent.purpose == purpose, Consent.withdrawn.is_(None))
        .order_by(Consent.id.desc())
        .execution_options(populate_existing=True)
    )
