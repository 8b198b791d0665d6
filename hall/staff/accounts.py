"""Accounts of staff: making, listing, changing, disabling. Each change is in the audit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.centres.models import Hall
from hall.staff.attempts import forget
from hall.staff.audit import record
from hall.staff.errors import LastAdmin, LoginTaken, LoginWrong, NameWrong, NoSuchPlace, NoSuchStaff
from hall.staff.models import StaffAccount
from hall.staff.roles import Role

FIRST_LOGIN = "admin"
_FIRST_NAME = "管理员"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the console sees it. `hall` "" is every hall."""

    id: int
    login: str
    name: str
    role: Role
    hall: str
    must_change: bool
    epoch: int
    created: datetime
    seen: datetime | None
    disabled: datetime | None

    def may(self, needed: Role, *, hall: str = "") -> bool:
        """Whether they may do what `needed` may, in this hall."""
        return self.role.covers(needed) and (not self.hall or not hall or self.hall == hall)


def read_login(written: str) -> str:
    """A login as it is kept. Raises LoginWrong."""
    login = unicodedata.normalize("NFKC", written).strip().lower()
    if not _LOGIN.fullmatch(login):
        raise LoginWrong(written[:60])
    return login


async def add(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    role: Role,
    hall: str = "",
    password: str,
    by: str,
    now: datetime,
) -> Account:
    """Make an account; `password` is hashed already, and must be changed at the first log-in.

    Raises LoginWrong, NameWrong, LoginTaken, NoSuchPlace.
    """
    kept = read_login(login)
    await require_hall(session, hall)
    values = _values(kept, _name(name), role, hall, password, now)
    made = await session.scalar(
        insert(session, StaffAccount)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["login"])
        .returning(StaffAccount.id)
    )
    if made is None:
        raise LoginTaken(kept)
    record(session, by, "staff_added", f"staff:{kept}", f"{role} {hall}", now=now)
    await session.flush()
    return await account(session, made)


async def first_admin(session: AsyncSession, *, password: str, now: datetime) -> bool:
    """Make the admin of a place without staff; False where there is any.

    Of replicas in a race one makes it.
    """
    if await any_staff(session):
        return False
    made = await session.scalar(
        insert(session, StaffAccount)
        .values(**_values(FIRST_LOGIN, _FIRST_NAME, Role.ADMIN, "", password, now))
        .on_conflict_do_nothing(index_elements=["login"])
        .returning(StaffAccount.id)
    )
    if made is None:
        return False
    record(session, "first start", "staff_added", f"staff:{FIRST_LOGIN}", Role.ADMIN, now=now)
    await session.flush()
    return True


async def any_staff(session: AsyncSession) -> bool:
    """Whether there is any account."""
    return await session.scalar(select(StaffAccount.id).limit(1)) is not None


async def account(session: AsyncSession, staff_id: int) -> Account:
    """The account as it stands. Raises NoSuchStaff."""
    row = await session.get(StaffAccount, staff_id, populate_existing=True)
    if row is None:
        raise NoSuchStaff(staff_id)
    return seen_as(row)


async def accounts(session: AsyncSession, *, hall: str = "") -> tuple[Account, ...]:
    """All accounts by login; with `hall` those who work there."""
    wanted = select(StaffAccount).order_by(StaffAccount.disabled.is_not(None), StaffAccount.login)
    if hall:
        wanted = wanted.where(StaffAccount.hall_code.in_(("", hall)))
    return tuple(seen_as(row) for row in await session.scalars(wanted))


async def set_password(
    session: AsyncSession, login: str, *, password: str, must_change: bool, by: str, now: datetime
) -> Account:
    """Give an account another (hashed) password; its sessions end and it may be tried anew.

    Raises NoSuchStaff.
    """
    row = await _row(session, login)
    row.password, row.must_change = password, must_change
    row.epoch += 1
    await forget(session, row.login)
    record(session, by, "staff_password_set", f"staff:{row.login}", now=now)
    await session.flush()
    return seen_as(row)


async def disable(session: AsyncSession, login: str, *, by: str, now: datetime) -> Account:
    """Let an account no longer log in; its sessions end. Again is harmless. Raises NoSuchStaff, LastAdmin."""
    await _hold_admins(session)
    row = await _row(session, login)
    if row.disabled is None:
        await _keep_an_admin(session, row)
        row.disabled = now
        row.epoch += 1
        record(session, by, "staff_disabled", f"staff:{row.login}", now=now)
        await session.flush()
    return seen_as(row)


async def enable(session: AsyncSession, login: str, *, by: str, now: datetime) -> Account:
    """Let a disabled account log in again. Raises NoSuchStaff."""
    row = await _row(session, login)
    if row.disabled is not None:
        row.disabled = None
        await forget(session, row.login)
        record(session, by, "staff_enabled", f"staff:{row.login}", now=now)
        await session.flush()
    return seen_as(row)


async def change(
    session: AsyncSession, login: str, *, name: str, role: Role, hall: str, by: str, now: datetime
) -> Account:
    """Change name, role and hall; another role or hall ends the account's sessions.

    Raises NoSuchStaff, NameWrong, NoSuchPlace, LastAdmin.
    """
    await _hold_admins(session)
    row = await _row(session, login)
    await require_hall(session, hall)
    if role is not Role.ADMIN or hall:
        await _keep_an_admin(session, row)
    if (row.role, row.hall_code) != (role, hall):
        row.epoch += 1
    row.name, row.role, row.hall_code = _name(name), role, hall
    record(session, by, "staff_changed", f"staff:{row.login}", f"{role} {hall}", now=now)
    await session.flush()
    return seen_as(row)


def seen_as(row: StaffAccount) -> Account:
    """The row as a value, without the password."""
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        hall=row.hall_code,
        must_change=row.must_change,
        epoch=row.epoch,
        created=row.created,
        seen=row.seen,
        disabled=row.disabled,
    )


async def require_hall(session: AsyncSession, hall: str) -> None:
    """Raise NoSuchPlace unless the hall is there; "" is every hall."""
    if hall and await session.scalar(select(Hall.id).where(Hall.code == hall)) is None:
        raise NoSuchPlace(hall)


async def _row(session: AsyncSession, login: str) -> StaffAccount:
    row = await session.scalar(
        select(StaffAccount)
        .where(StaffAccount.login == read_login(login))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NoSuchStaff(login)
    return row


async def _hold_admins(session: AsyncSession) -> None:
    # All of them in one order, so that two admins cannot disable each other at once.
    await session.execute(
        select(StaffAccount.id)
        .where(StaffAccount.role == Role.ADMIN)
        .order_by(StaffAccount.id)
        .with_for_update()
    )


async def _keep_an_admin(session: AsyncSession, row: StaffAccount) -> None:
    if row.role != Role.ADMIN or row.disabled is not None or row.hall_code:
        return
    others = await session.scalar(
        select(func.count(StaffAccount.id)).where(
            StaffAccount.role == Role.ADMIN,
            StaffAccount.hall_code == "",
            StaffAccount.disabled.is_(None),
            StaffAccount.id != row.id,
        )
    )
    if not others:
        raise LastAdmin(row.login)


def _values(login: str, name: str, role: Role, hall: str, password: str, now: datetime) -> dict[str, object]:
    return {
        "login": login,
        "name": name,
        "role": role.value,
        "hall_code": hall,
        "password": password,
        "must_change": True,
        "epoch": 1,
        "created": now,
        "seen": None,
        "disabled": None,
    }


def _name(written: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", written).split())
    if not 1 <= len(name) <= _MAX_NAME or not name.isprintable():
        raise NameWrong(len(name))
    return name
