"""Locking out who tries passwords: an attempt is counted before the password is looked at.

Counted first, so that a hundred attempts at once are a hundred attempts; one that succeeds is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.staff.errors import LockedOut
from hall.staff.models import StaffAttempt

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LockoutRules:
    """How many wrong passwords lock whom out, for how long.

    An address may stand for all the desks of a hall: it has more attempts than an account.
    """

    of_account: int = 5
    of_address: int = 40
    window: timedelta = timedelta(minutes=15)
    locked: timedelta = timedelta(minutes=15)


async def attempt(
    session: AsyncSession, *, login: str, address: str, now: datetime, rules: LockoutRules
) -> None:
    """Count one attempt; raise LockedOut, with nothing counted, where too many went before.

    To be committed before the password is looked at.
    """
    await session.execute(delete(StaffAttempt).where(StaffAttempt.first < now - _KEPT))
    limits = {_account(login): rules.of_account, _address(address): rules.of_address}
    rows = await _locked(session, limits, now)
    for row in rows:
        if row.until is not None and row.until > now:
            raise LockedOut(row.until)
    for row in rows:
        if row.until is not None or row.first <= now - rules.window:
            row.count, row.first, row.until = 0, now, None
        row.count += 1
        if row.count >= limits[row.who]:
            row.until = now + rules.locked
    await session.flush()


async def lock_of(session: AsyncSession, login: str, *, now: datetime) -> datetime | None:
    """Until when the account is locked out, if it is."""
    row = await session.get(StaffAttempt, _account(login), populate_existing=True)
    return row.until if row is not None and row.until is not None and row.until > now else None


async def succeeded(session: AsyncSession, *, login: str, address: str) -> None:
    """Take the attempts of the account back, and this one of the address."""
    await forget(session, login)
    row = await session.get(StaffAttempt, _address(address), with_for_update=True, populate_existing=True)
    if row is not None:
        row.count = max(0, row.count - 1)
        row.until = None
    await session.flush()


async def forget(session: AsyncSession, login: str) -> None:
    """Let the account be tried anew."""
    await session.execute(delete(StaffAttempt).where(StaffAttempt.who == _account(login)))


async def _locked(session: AsyncSession, names: Iterable[str], now: datetime) -> list[StaffAttempt]:
    wanted = sorted(names)
    for who in wanted:
        await session.execute(
            insert(session, StaffAttempt)
            .values(who=who, count=0, first=now, until=None)
            .on_conflict_do_nothing(index_elements=["who"])
        )
    rows = await session.scalars(
        select(StaffAttempt)
        .where(StaffAttempt.who.in_(wanted))
        .order_by(StaffAttempt.who)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)


def _account(login: str) -> str:
    return f"account:{login[:60]}"


def _address(address: str) -> str:
    return f"address:{address[:60]}"
