"""Logging in and changing one's password: counted, compared, and only then known.

The steps are transactions of their own: a wrong password must stay counted, and comparing takes long.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from hall.db import reading, writing
from hall.staff.accounts import Account, account, read_login, seen_as, set_password
from hall.staff.attempts import LockoutRules, attempt, lock_of, succeeded
from hall.staff.audit import record
from hall.staff.errors import LockedOut, LoginWrong, NotAdmitted, PasswordWeak, Weakness
from hall.staff.models import StaffAccount
from hall.staff.passwords import Passwords, check_password


async def log_in(
    engine: AsyncEngine,
    passwords: Passwords,
    *,
    login: str,
    password: str,
    address: str,
    now: datetime,
    rules: LockoutRules,
) -> Account:
    """Who this is. Raises NotAdmitted, or LockedOut once there were too many attempts."""
    try:
        known = read_login(login)
    except LoginWrong:
        known = "?"  # what is no login is counted as one
    row = await _compared(engine, passwords, known, password, address, now, rules)
    renewed = await passwords.hash(password) if passwords.outdated(row.password) else ""
    async with _transaction(engine) as session:
        entered = await _fresh(session, row)
        if renewed:
            entered.password = renewed
        entered.seen = now
        await succeeded(session, login=known, address=address)
        record(session, known, "logged_in", f"staff:{known}", now=now)
        await session.flush()
        return seen_as(entered)


async def change_own_password(
    engine: AsyncEngine,
    passwords: Passwords,
    who: Account,
    *,
    old: str,
    new: str,
    address: str,
    now: datetime,
    rules: LockoutRules,
) -> Account:
    """Change one's own password; all sessions of the account end.

    Raises PasswordWeak, NotAdmitted (the old one is wrong), LockedOut.
    """
    check_password(new, login=who.login)
    if new == old:
        raise PasswordWeak(Weakness.SAME)
    row = await _compared(engine, passwords, who.login, old, address, now, rules)
    hashed = await passwords.hash(new)
    async with _transaction(engine) as session:
        await _fresh(session, row)
        await succeeded(session, login=who.login, address=address)
        await set_password(session, who.login, password=hashed, must_change=False, by=who.login, now=now)
        return await account(session, who.id)


async def _compared(
    engine: AsyncEngine,
    passwords: Passwords,
    login: str,
    password: str,
    address: str,
    now: datetime,
    rules: LockoutRules,
) -> StaffAccount:
    async with _transaction(engine) as session:
        await attempt(session, login=login, address=address, now=now, rules=rules)
    async with AsyncSession(reading(engine), expire_on_commit=False) as session:
        row = await session.scalar(select(StaffAccount).where(StaffAccount.login == login))
    kept = row.password if row is not None and row.disabled is None else None
    right = await passwords.verify(kept, password)
    if row is not None and right:
        return row
    async with _transaction(engine) as session:
        # Under an unknown login somebody may have typed a password: it is not kept.
        named = login if row is not None else "?"
        record(session, named, "log_in_refused", f"staff:{named}", now=now)
        until = await lock_of(session, login, now=now)
    raise LockedOut(until) if until is not None else NotAdmitted


async def _fresh(session: AsyncSession, row: StaffAccount) -> StaffAccount:
    """The account's row, held; disabled or changed while the password was compared is not admitted."""
    now_there = await session.get(StaffAccount, row.id, with_for_update=True, populate_existing=True)
    if now_there is None or now_there.disabled is not None or now_there.epoch != row.epoch:
        raise NotAdmitted
    return now_there


@contextlib.asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    async with writing(engine) as connection, AsyncSession(connection, expire_on_commit=False) as session:
        yield session
        await session.flush()
        await connection.commit()
