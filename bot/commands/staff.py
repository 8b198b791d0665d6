"""`staff`: who works here and may use the console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, running_from
from bot.commands.running import run
from bot.preparing import make_directory
from bot.settings import Settings
from hall.db import create_engine, writing
from hall.migrate import upgrade
from hall.staff import errors
from hall.staff.service import (
    Account,
    Passwords,
    Role,
    accounts,
    add,
    check_password,
    disable,
    enable,
    generate,
    set_password,
)

_T = TypeVar("_T")
_BY = "command line"
_ROLES = [role.value for role in Role]
_ROLE_NAMES = {Role.CLERK: "窗口", Role.SUPERVISOR: "主管", Role.ADMIN: "管理员"}
_REFUSALS: tuple[tuple[type[Exception], str], ...] = (
    (errors.LoginTaken, "这个登录名已经有人用了(停用的也算)"),
    (errors.LoginWrong, "登录名要 2 到 40 位:小写字母、数字、点、横线"),
    (errors.NameWrong, "姓名要 1 到 60 个字"),
    (errors.NoSuchPlace, "没有这个大厅;看目录里的大厅编码"),
    (errors.NoSuchStaff, "没有这个登录名;banshi staff list 列出全部"),
    (errors.LastAdmin, "这是最后一个管理员,停用了就没有人能管了"),
    (errors.PasswordWeak, "密码太弱:至少 10 位,大写、小写、数字、符号里用三种(或 16 位以上),不要含登录名"),
)


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.group("staff")
    def staff() -> None:
        """工作人员的账号。"""

    _add_making(staff)
    _add_listing(staff)
    _add_password(staff)
    _add_disabling(staff)


def _add_making(staff: click.Group) -> None:
    @staff.command("add")
    @click.argument("login")
    @click.option("--name", required=True, help="姓名。")
    @click.option("--role", type=click.Choice(_ROLES), default=Role.CLERK.value, show_default=True)
    @click.option("--hall", default="", help="大厅编码;不写是所有大厅。")
    @click.option("--ask-password", is_flag=True, help="自己输密码;不加就生成一个,只显示一次。")
    @click.pass_obj
    def add_command(
        settings: Settings, login: str, name: str, role: str, hall: str, ask_password: bool
    ) -> None:
        """建一个账号;第一次登录要改密码。"""
        password = _password(login, ask_password)

        async def work(session: AsyncSession, hashed: str) -> Account:
            now = running_from(settings.clock)()
            return await add(
                session, login=login, name=name, role=Role(role), hall=hall, password=hashed, by=_BY, now=now
            )

        made = _run(settings, work, password)
        _tell(f"已建账号:{made.login}({made.name},{_ROLE_NAMES[made.role]})", password, ask_password)


def _add_listing(staff: click.Group) -> None:
    @staff.command("list")
    @click.pass_obj
    def list_command(settings: Settings) -> None:
        """列出账号。"""

        async def work(session: AsyncSession, _: str) -> tuple[Account, ...]:
            return await accounts(session)

        found = _run(settings, work)
        for account in found:
            click.echo(_line(account))
        if not found:
            click.echo("还没有账号,请运行 banshi staff add LOGIN --name 姓名 --role admin")


def _add_password(staff: click.Group) -> None:
    @staff.command("password")
    @click.argument("login")
    @click.option("--ask-password", is_flag=True, help="自己输密码;不加就生成一个,只显示一次。")
    @click.pass_obj
    def password_command(settings: Settings, login: str, ask_password: bool) -> None:
        """重设密码并解锁;这个账号的登录都会退出,下次登录要改。"""
        password = _password(login, ask_password)

        async def work(session: AsyncSession, hashed: str) -> Account:
            now = running_from(settings.clock)()
            return await set_password(session, login, password=hashed, must_change=True, by=_BY, now=now)

        changed = _run(settings, work, password)
        _tell(f"已重设 {changed.login} 的密码", password, ask_password)


def _add_disabling(staff: click.Group) -> None:
    @staff.command("disable")
    @click.argument("login")
    @click.pass_obj
    def disable_command(settings: Settings, login: str) -> None:
        """停用账号;已经登录的马上退出。"""

        async def work(session: AsyncSession, _: str) -> Account:
            return await disable(session, login, by=_BY, now=running_from(settings.clock)())

        click.echo(f"已停用 {_run(settings, work).login}")

    @staff.command("enable")
    @click.argument("login")
    @click.pass_obj
    def enable_command(settings: Settings, login: str) -> None:
        """重新启用账号。"""

        async def work(session: AsyncSession, _: str) -> Account:
            return await enable(session, login, by=_BY, now=running_from(settings.clock)())

        click.echo(f"已启用 {_run(settings, work).login}")


def _password(login: str, ask: bool) -> str:
    if not ask:
        return generate()
    password: str = click.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
    try:
        check_password(password, login=login)
    except errors.PasswordWeak as weak:
        raise click.ClickException(_words(weak)) from None
    return password


def _run(settings: Settings, work: Callable[[AsyncSession, str], Awaitable[_T]], password: str = "") -> _T:
    async def whole() -> _T:
        make_directory(settings.data_dir)
        engine = create_engine(settings.database_url)
        try:
            await upgrade(engine)
            hashed = await Passwords().hash(password) if password else ""
            async with writing(engine) as connection, AsyncSession(connection) as session:
                done = await work(session, hashed)
                await session.flush()
                await connection.commit()
            return done
        finally:
            await engine.dispose()

    try:
        done: _T = run(whole())
    except tuple(kind for kind, _ in _REFUSALS) as error:
        raise click.ClickException(_words(error)) from None
    return done


def _words(error: Exception) -> str:
    return next(words for kind, words in _REFUSALS if isinstance(error, kind))


def _tell(words: str, password: str, asked: bool) -> None:
    click.echo(words)
    if not asked:
        click.echo(f"密码(只显示这一次,第一次登录要改):{password}")


def _line(account: Account) -> str:
    seen = f"{account.seen.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if account.seen else "没登录过"
    state = "  已停用" if account.disabled else ""
    role = _ROLE_NAMES[account.role]
    return f"{account.login:16}  {account.name}  {role}  {account.hall or '所有大厅'}  {seen}{state}"
