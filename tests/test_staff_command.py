"""Accounts from the command line, and the first admin at the first start."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from sqlalchemy.ext.asyncio import AsyncEngine

import server
from bot.cli import build
from console.first_start import first_password
from hall.db import create_engine
from hall.staff.errors import NotAdmitted
from hall.staff.service import FIRST_LOGIN, LockoutRules, Passwords, Role, log_in

Banshi = Callable[..., Result]
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
_PASSWORD = re.compile(r"\b[a-z]{4}(?:-[a-z]{4}){3}-\d\d\b")


@pytest.fixture
def banshi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Banshi:
    monkeypatch.setenv("BANSHI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BANSHI_LOG_LEVEL", "error")
    group: click.Group = build(server)

    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(group, arguments, input=typed)

    return run


async def enters(engine: AsyncEngine, login: str, password: str) -> Role | None:
    try:
        account = await log_in(
            engine,
            Passwords(),
            login=login,
            password=password,
            address="10.0.0.1",
            now=datetime.now(UTC),
            rules=LockoutRules(),
        )
    except NotAdmitted:
        return None
    return account.role


def entering(tmp_path: Path, login: str, password: str) -> Role | None:
    async def whole() -> Role | None:
        engine = create_engine(f"sqlite:///{tmp_path / 'banshi.db'}")
        try:
            return await enters(engine, login, password)
        finally:
            await engine.dispose()

    return asyncio.run(whole())


def test_an_account_is_made_listed_given_another_password_and_disabled(
    banshi: Banshi, tmp_path: Path
) -> None:
    made = banshi("staff", "add", "li.na", "--name", "李娜", "--role", "supervisor")
    assert made.exit_code == 0, made.output
    (password,) = _PASSWORD.findall(made.output)
    assert entering(tmp_path, "li.na", password) is Role.SUPERVISOR
    assert "李娜  主管  所有大厅" in banshi("staff", "list").output
    again = banshi("staff", "password", "li.na")
    (other,) = _PASSWORD.findall(again.output)
    assert entering(tmp_path, "li.na", password) is None
    assert entering(tmp_path, "li.na", other) is Role.SUPERVISOR
    assert banshi("staff", "disable", "li.na").exit_code == 0
    assert entering(tmp_path, "li.na", other) is None
    assert "已停用" in banshi("staff", "list").output
    assert banshi("staff", "enable", "li.na").exit_code == 0
    assert entering(tmp_path, "li.na", other) is Role.SUPERVISOR


def test_a_password_of_ones_own_is_asked_for_and_never_shown(banshi: Banshi, tmp_path: Path) -> None:
    asked = ("staff", "add", "li.na", "--name", "李娜", "--ask-password")
    weak = banshi(*asked, typed="short\nshort\n")
    assert weak.exit_code == 1
    assert "密码太弱" in weak.output
    made = banshi(*asked, typed="Window-5-am\nWindow-5-am\n")
    assert made.exit_code == 0, made.output
    assert "Window-5-am" not in made.output
    assert entering(tmp_path, "li.na", "Window-5-am") is Role.CLERK


def test_what_cannot_be_done_is_one_line(banshi: Banshi) -> None:
    assert "还没有账号" in banshi("staff", "list").output
    banshi("staff", "add", "boss", "--name", "王", "--role", "admin")
    for arguments, words in (
        (("add", "boss", "--name", "王"), "已经有人用了"),
        (("add", "张三", "--name", "张三"), "登录名要"),
        (("add", "li.na", "--name", " "), "姓名要"),
        (("add", "li.na", "--name", "李娜", "--hall", "nowhere"), "没有这个大厅"),
        (("disable", "nobody"), "没有这个登录名"),
        (("password", "nobody"), "没有这个登录名"),
        (("disable", "boss"), "最后一个管理员"),
    ):
        refused = banshi("staff", *arguments)
        assert refused.exit_code == 1, arguments
        assert words in refused.output
        assert "Traceback" not in refused.output


async def test_the_first_start_makes_one_admin_whatever_starts_at_once(db_url: str) -> None:
    engines = [create_engine(db_url) for _ in range(3)]
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    told = await asyncio.gather(*(first_password(engine, quick, lambda: NOW) for engine in engines))
    (password,) = filter(None, told)
    assert await enters(engines[0], FIRST_LOGIN, password) is Role.ADMIN
    assert await first_password(engines[1], quick, lambda: NOW) == ""
    for engine in engines:
        await engine.dispose()


def test_the_start_prints_the_first_login_once_and_only_then(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.commands.serving import _greet
    from bot.settings import Settings

    settings = Settings(_env_file=None, simulator=False)
    _greet(settings, "abcd-abcd-abcd-abcd-12")
    first = capsys.readouterr().out
    assert "登录名 admin,密码 abcd-abcd-abcd-abcd-12" in first
    _greet(settings, "")
    assert "密码" not in capsys.readouterr().out
