"""`catalogue import|export|check`: the centre's items in files."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI
from bot.commands import calendar
from bot.commands.running import run
from bot.settings import Settings
from hall.appointments.changed_hours import import_centre_with_bookings
from hall.appointments.closures import Became, Decision
from hall.appointments.errors import BookingsAffected
from hall.catalogue import files
from hall.catalogue.check import check
from hall.catalogue.importing import ImportReport, current_items
from hall.catalogue.questions import KeptQuestion, kept_questions
from hall.catalogue.rows import FileRefused
from hall.catalogue.schema import ItemInvalid, parse_item
from hall.catalogue.service import (
    AliasRefused,
    UnknownItem,
    add_alias,
    export_items,
    import_items,
    restore,
    withdraw,
)
from hall.centres.intake import CentreReport
from hall.centres.schema import CentreInvalid
from hall.db import create_sessions

_FILE = click.Path(path_type=Path)


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.group("catalogue")
    def catalogue() -> None:
        """事项目录:导入、导出、检查。"""

    @catalogue.command("import")
    @click.argument("file", type=_FILE)
    @click.pass_obj
    def import_command(settings: Settings, file: Path) -> None:
        """导入 JSON、CSV 或 XLSX;有一行不对就全部不导入,并逐行说明原因。"""
        report = run(_import(wiring, settings, file))
        for error in report.errors:
            click.echo(str(error), err=True)
        if not report.ok:
            raise click.ClickException(f"有 {len(report.errors)} 处不对,什么都没有导入")
        click.echo(
            f"新增 {len(report.added)} 项,更新 {len(report.changed)} 项,没有变化 {len(report.unchanged)} 项"
        )
        if report.withdrawn:
            click.echo(f"其中 {len(report.withdrawn)} 项已停办,仍保持停办:{'、'.join(report.withdrawn[:5])}")

    @catalogue.command("export")
    @click.argument("file", type=_FILE)
    @click.pass_obj
    def export_command(settings: Settings, file: Path) -> None:
        """导出现行目录;按文件名的后缀定格式。"""
        count = run(_export(wiring, settings, file))
        click.echo(f"已导出 {count} 项到 {file}")

    @catalogue.command("check")
    @click.argument("file", type=_FILE, required=False)
    @click.pass_obj
    def check_command(settings: Settings, file: Path | None) -> None:
        """查出单薄、矛盾或容易混淆的事项;不给文件就查现行目录。"""
        findings = run(_check(wiring, settings, file))
        for finding in findings:
            click.echo(f"{finding.code}  {finding.message}")
        click.echo(f"共 {len(findings)} 处要看" if findings else "没有发现问题")
        sys.exit(1 if findings else 0)

    _add_changes(catalogue, wiring)


def _add_changes(catalogue: click.Group, wiring: Any) -> None:
    @catalogue.command("centre")
    @click.argument("file", type=_FILE)
    @calendar.MOVE
    @calendar.CANCEL
    @calendar.WHY
    @click.pass_obj
    def centre_command(settings: Settings, /, file: Path, **given: Any) -> None:
        """导入中心文件:大厅、窗口、时间、特别日子、主题、一件事、大厅问答。

        新的时间里有人预约的窗口不开,要先说怎么办(--move 或 --cancel)。
        """
        decision, why = calendar.decided(given), given["why"] or "办公时间调整"
        report, became = run(_centre(wiring, settings, file, decision, why))
        click.echo(
            f"新增 {len(report.added)} 处,更新 {len(report.changed)} 处,撤下 {len(report.withdrawn)} 处"
            if report.anything
            else "没有变化"
        )
        for line in calendar.became_lines(became):
            click.echo(line)

    @catalogue.command("withdraw")
    @click.argument("code")
    @click.option("--undo", is_flag=True, help="恢复停办的事项。")
    @click.pass_obj
    def withdraw_command(settings: Settings, code: str, undo: bool) -> None:
        """停办一个事项:不再被找到,旧版本仍可查。"""
        run(_withdraw(wiring, settings, code, undo))
        click.echo(f"{code} 已{'恢复' if undo else '停办'}")

    @catalogue.command("alias")
    @click.argument("code")
    @click.argument("aliases", nargs=-1, required=True)
    @click.pass_obj
    def alias_command(settings: Settings, code: str, aliases: tuple[str, ...]) -> None:
        """给事项添别名(市民的叫法);不用训练,几秒内生效。"""
        added = run(_add_aliases(wiring, settings, code, aliases))
        click.echo(f"{code} 新增 {added} 个别名")

    @catalogue.command("questions")
    @click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
    @click.pass_obj
    def questions_command(settings: Settings, limit: int) -> None:
        """列出市民问过、目录里没找到的问题(个人信息已遮),次数多的在前。"""
        found = run(_questions(wiring, settings, limit))
        for question in found:
            day = f"{question.last_asked.astimezone(SHANGHAI):%Y-%m-%d}"
            click.echo(f"{question.times:5}  {day}  {question.text}")
        if not found:
            click.echo("没有留下的问题")


async def _add_aliases(wiring: Any, settings: Settings, code: str, aliases: tuple[str, ...]) -> int:
    async with wiring.opened_core(settings) as core, create_sessions(core.engine)() as session:
        try:
            added = [await add_alias(session, code, alias, now=core.clock()) for alias in aliases]
        except UnknownItem:
            raise click.ClickException(f"没有编码是 {code} 的事项") from None
        except AliasRefused as refusal:
            raise click.ClickException(str(refusal)) from None
        await session.commit()
        return sum(added)


async def _questions(wiring: Any, settings: Settings, limit: int) -> tuple[KeptQuestion, ...]:
    async with wiring.opened_core(settings) as core, AsyncSession(core.engine) as session:
        return await kept_questions(session, limit=limit)


async def _import(wiring: Any, settings: Settings, file: Path) -> ImportReport:
    rows = await _rows(file)
    async with wiring.opened_core(settings) as core, create_sessions(core.engine)() as session:
        report = await import_items(session, rows, source=file.name, now=core.clock())
        await (session.commit() if report.ok else session.rollback())
        return report


async def _centre(
    wiring: Any, settings: Settings, file: Path, decision: Decision | None, why: str
) -> tuple[CentreReport, Became]:
    try:
        content = await asyncio.to_thread(files.read_centre, file)
        async with calendar.changing(wiring, settings) as (session, terms):
            return await import_centre_with_bookings(
                session, content, decision=decision, by=calendar.who(), why=why, terms=terms
            )
    except BookingsAffected as affected:
        raise calendar.asked(affected) from None
    except CentreInvalid as invalid:
        raise click.ClickException("\n".join(str(problem) for problem in invalid.problems)) from None
    except FileRefused as refusal:
        raise click.ClickException(str(refusal)) from None


async def _withdraw(wiring: Any, settings: Settings, code: str, undo: bool) -> None:
    async with wiring.opened_core(settings) as core, create_sessions(core.engine)() as session:
        try:
            if undo:
                await restore(session, code)
            else:
                await withdraw(session, code, now=core.clock())
        except UnknownItem:
            raise click.ClickException(f"没有编码是 {code} 的事项") from None
        await session.commit()


async def _rows(file: Path) -> list[Any]:
    try:
        return await asyncio.to_thread(files.read_rows, file)
    except FileRefused as refusal:
        raise click.ClickException(str(refusal)) from None


async def _export(wiring: Any, settings: Settings, file: Path) -> int:
    async with wiring.opened_core(settings) as core, create_sessions(core.engine)() as session:
        documents = await export_items(session)
    try:
        await asyncio.to_thread(files.write, file, documents)
    except (FileRefused, OSError) as error:
        raise click.ClickException(f"写不了 {file}:{error}") from None
    return len(documents)


async def _check(wiring: Any, settings: Settings, file: Path | None) -> Any:
    if file is not None:
        try:
            items = [parse_item(row.data) for row in await _rows(file)]
        except ItemInvalid as error:
            raise click.ClickException(str(error)) from None
        return await asyncio.to_thread(check, items)
    async with wiring.opened_core(settings) as core, AsyncSession(core.engine) as session:
        return await asyncio.to_thread(check, await current_items(session))
