from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from hall.db import Sessions, create_engine, create_sessions, writing
from hall.staff import models
from hall.staff import service as staff
from hall.staff.errors import (
    LastAdmin,
    LockedOut,
    LoginTaken,
    LoginWrong,
    NameWrong,
    NoSuchPlace,
    NoSuchStaff,
    NotAdmitted,
    PasswordWeak,
)
from hall.staff.models import AuditIsFinal
from hall.staff.service import LockoutRules, Passwords, Role
from tests.hall.staff.conftest import NOW

RULES = LockoutRules()
GOOD = "Window-5-am"


async def made(
    sessions: Sessions, passwords: Passwords, login: str = "li.na", role: Role = Role.CLERK
) -> staff.Account:
    hashed = await passwords.hash(GOOD)
    async with sessions() as session:
        account = await staff.add(
            session, login=login, name="李娜", role=role, password=hashed, by="admin", now=NOW
        )
        await session.commit()
    return account


async def log_in(
    engine: AsyncEngine, passwords: Passwords, password: str = GOOD, login: str = "li.na", **how: object
) -> staff.Account:
    given = {"address": "10.0.0.1", "now": NOW, "rules": RULES} | how
    return await staff.log_in(engine, passwords, login=login, password=password, **given)  # type: ignore[arg-type]


async def test_who_has_the_password_gets_in_and_the_audit_knows(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    account = await made(sessions, passwords)
    entered = await log_in(engine, passwords, login=" LI.Na ")
    assert entered.id == account.id
    assert entered.must_change
    assert entered.seen == NOW
    async with sessions() as session:
        lines = await staff.audit_lines(session)
    assert [(line.who, line.action, line.subject) for line in lines] == [
        ("li.na", "logged_in", "staff:li.na"),
        ("admin", "staff_added", "staff:li.na"),
    ]


async def test_wrong_password_unknown_login_and_disabled_account_are_told_alike(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords)
    await made(sessions, passwords, "gone")
    async with sessions() as session:
        await staff.disable(session, "gone", by="admin", now=NOW)
        await session.commit()
    for login, password in (("li.na", "wrong"), ("nobody", GOOD), ("gone", GOOD), ("漢 字", GOOD)):
        with pytest.raises(NotAdmitted):
            await log_in(engine, passwords, password, login)
    async with sessions() as session:
        refused = [line.who for line in await staff.audit_lines(session) if line.action == "log_in_refused"]
    assert refused == ["?", "gone", "?", "li.na"]


async def test_five_wrong_passwords_lock_the_account_for_a_while(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords)
    for _ in range(4):
        with pytest.raises(NotAdmitted):
            await log_in(engine, passwords, "wrong")
    with pytest.raises(LockedOut) as locked:
        await log_in(engine, passwords, "wrong")
    assert locked.value.until == NOW + RULES.locked
    with pytest.raises(LockedOut):
        await log_in(engine, passwords)
    with pytest.raises(LockedOut):
        await log_in(engine, passwords, address="10.9.9.9")
    assert await log_in(engine, passwords, now=NOW + RULES.locked)


async def test_a_right_password_takes_the_wrong_ones_back(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(NotAdmitted):
                await log_in(engine, passwords, "wrong")
        await log_in(engine, passwords)


async def test_an_address_that_tries_many_accounts_is_locked_out(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords)
    rules = LockoutRules(of_address=6)
    for number in range(6):
        with pytest.raises(NotAdmitted):
            await log_in(engine, passwords, login=f"guess{number}", rules=rules)
    with pytest.raises(LockedOut):
        await log_in(engine, passwords, rules=rules)
    assert await log_in(engine, passwords, rules=rules, address="10.0.0.2")


async def test_attempts_at_once_are_all_counted(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords)
    tried = [log_in(engine, passwords, f"wrong{number}") for number in range(12)]
    results = await asyncio.gather(*tried, return_exceptions=True)
    compared = [result for result in results if isinstance(result, NotAdmitted)]
    assert len(compared) <= RULES.of_account
    assert {type(result) for result in results} <= {NotAdmitted, LockedOut}
    with pytest.raises(LockedOut):
        await log_in(engine, passwords)


async def test_changing_ones_password_ends_all_sessions(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    before = await made(sessions, passwords)

    async def change(old: str, new: str) -> staff.Account:
        return await staff.change_own_password(
            engine, passwords, before, old=old, new=new, address="10.0.0.1", now=NOW, rules=RULES
        )

    for new in ("short", GOOD):
        with pytest.raises(PasswordWeak):
            await change(GOOD, new)
    with pytest.raises(NotAdmitted):
        await change("wrong", "Counter-6-pm")
    after = await change(GOOD, "Counter-6-pm")
    assert after.epoch == before.epoch + 1
    assert not after.must_change
    with pytest.raises(NotAdmitted):
        await log_in(engine, passwords)
    assert await log_in(engine, passwords, "Counter-6-pm")


async def test_an_outdated_hash_is_renewed_at_the_log_in(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    from argon2 import PasswordHasher

    account = await made(sessions, passwords)
    await log_in(engine, Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    async with sessions() as session:
        row = await session.get_one(models.StaffAccount, account.id)
    assert "m=16,t=2" in row.password


async def test_a_password_set_by_somebody_else_unlocks_and_must_be_changed(
    engine: AsyncEngine, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords)
    for _ in range(5):
        with pytest.raises((NotAdmitted, LockedOut)):
            await log_in(engine, passwords, "wrong")
    async with sessions() as session:
        await staff.set_password(
            session,
            "li.na",
            password=await passwords.hash("Counter-6-pm"),
            must_change=True,
            by="admin",
            now=NOW,
        )
        await session.commit()
    assert (await log_in(engine, passwords, "Counter-6-pm")).must_change


async def test_what_is_no_account_is_refused(sessions: Sessions, passwords: Passwords) -> None:
    await made(sessions, passwords)

    async def add(login: str, name: str = "王五", hall: str = "") -> None:
        async with sessions() as session:
            await staff.add(
                session, login=login, name=name, role=Role.CLERK, hall=hall, password="x", by="a", now=NOW
            )

    for login in ("", "a", "-x", "a b", "a" * 41, "张三"):
        with pytest.raises(LoginWrong):
            await add(login)
    for name in ("", " ", "x" * 61, "a\u202eb"):
        with pytest.raises(NameWrong):
            await add("wang", name)
    with pytest.raises(LoginTaken):
        await add("LI.NA")
    with pytest.raises(NoSuchPlace):
        await add("wang", hall="nowhere")
    async with sessions() as session:
        with pytest.raises(NoSuchStaff):
            await staff.disable(session, "nobody", by="admin", now=NOW)


async def test_the_last_admin_stays(sessions: Sessions, passwords: Passwords) -> None:
    await made(sessions, passwords, "one", Role.ADMIN)
    async with sessions() as session:
        with pytest.raises(LastAdmin):
            await staff.disable(session, "one", by="one", now=NOW)
    async with sessions() as session:
        with pytest.raises(LastAdmin):
            await staff.change(session, "one", name="甲", role=Role.CLERK, hall="", by="one", now=NOW)


async def test_two_admins_that_disable_each_other_at_once_leave_one(
    db_url: str, sessions: Sessions, passwords: Passwords
) -> None:
    await made(sessions, passwords, "one", Role.ADMIN)
    await made(sessions, passwords, "two", Role.ADMIN)
    engine = create_engine(db_url)

    async def disable(login: str, by: str) -> None:
        async with writing(engine) as connection, AsyncSession(connection) as session:
            await staff.disable(session, login, by=by, now=NOW)
            await connection.commit()

    results = await asyncio.gather(disable("one", "two"), disable("two", "one"), return_exceptions=True)
    await engine.dispose()
    assert sorted(type(result) for result in results if result is not None) == [LastAdmin]


async def test_disabling_and_another_role_end_the_sessions_and_another_name_does_not(
    sessions: Sessions, passwords: Passwords
) -> None:
    account = await made(sessions, passwords)
    async with sessions() as session:
        named = await staff.change(
            session, "li.na", name="李 娜", role=Role.CLERK, hall="", by="admin", now=NOW
        )
        assert (named.name, named.epoch) == ("李 娜", account.epoch)
        raised = await staff.change(
            session, "li.na", name="李娜", role=Role.SUPERVISOR, hall="", by="admin", now=NOW
        )
        assert raised.epoch == account.epoch + 1
        gone = await staff.disable(session, "li.na", by="admin", now=NOW)
        assert (await staff.disable(session, "li.na", by="admin", now=NOW)).epoch == gone.epoch
        assert gone.epoch == account.epoch + 2
        back = await staff.enable(session, "li.na", by="admin", now=NOW)
        assert back.disabled is None


async def test_of_replicas_that_start_at_once_one_makes_the_first_admin(db_url: str) -> None:
    engines = [create_engine(db_url) for _ in range(3)]

    async def start(engine: AsyncEngine) -> bool:
        async with writing(engine) as connection, AsyncSession(connection) as session:
            made = await staff.first_admin(session, password="hashed", now=NOW)
            await connection.commit()
            return made

    made_by = await asyncio.gather(*map(start, engines))
    assert sorted(made_by) == [False, False, True]
    assert not await start(engines[0])
    async with create_sessions(engines[0])() as session:
        assert [(one.login, one.role) for one in await staff.accounts(session)] == [("admin", Role.ADMIN)]
    for engine in engines:
        await engine.dispose()


async def test_the_audit_is_masked_and_cannot_be_changed(sessions: Sessions) -> None:
    async with sessions() as session:
        staff.record(session, "li.na", "ticket_called", "ticket:1", "电话 13800138000", now=NOW)
        await session.commit()
        (line,) = await staff.audit_lines(session, subject="ticket:1")
        assert line.detail == "电话 〔号码〕"
        row = await session.get_one(models.StaffAudit, line.id)
        row.who = "somebody"
        with pytest.raises(AuditIsFinal):
            await session.flush()
        await session.rollback()
        for statement in ("UPDATE staff_audit SET who = 'x'", "DELETE FROM staff_audit"):
            with pytest.raises(DBAPIError, match="append-only"):
                await session.execute(text(statement))
            await session.rollback()


def test_a_role_may_all_that_lesser_ones_may() -> None:
    assert Role.ADMIN.covers(Role.CLERK)
    assert Role.SUPERVISOR.covers(Role.SUPERVISOR)
    assert not Role.CLERK.covers(Role.SUPERVISOR)


async def test_a_display_link_opens_its_own_hall_until_it_is_revoked(sessions: Sessions) -> None:
    from hall.centres.models import Centre, Hall

    async with sessions() as session:
        session.add(Centre(id=1, code="c", name="c"))
        await session.flush()
        session.add_all([Hall(code=code, centre_id=1, name=code, document={}) for code in ("main", "branch")])
        await session.flush()
        key = await staff.make_display(session, "main", name="一楼东", by="admin", now=NOW)
        other = await staff.make_display(session, "main", name="一楼西", by="admin", now=NOW)
        link = await staff.display_of(session, key, hall="main")
        assert link is not None
        assert await staff.display_of(session, key, hall="branch") is None
        assert await staff.display_of(session, "guess", hall="main") is None
        later = NOW + timedelta(hours=1)
        assert not await staff.revoke_display(session, link, hall="branch", by="admin", now=later)
        assert await staff.revoke_display(session, link, hall="main", by="admin", now=later)
        assert not await staff.revoke_display(session, link, hall="main", by="admin", now=later)
        assert await staff.display_of(session, key, hall="main") is None
        assert await staff.display_of(session, other, hall="main") is not None
        assert [display.revoked for display in await staff.displays(session, "main")] == [None, later]
