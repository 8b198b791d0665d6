"""`calendar import|years|show|withdraw`: the centre's own days, and years whose holidays are known."""

from __future__ import annotations

import asyncio
import getpass
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI
from bot.commands.running import run
from bot.settings import Settings
from hall.appointments.changed_hours import withdraw_year_with_bookings
from hall.appointments.closures import Became, Decision
from hall.appointments.errors import BookingsAffected
from hall.appointments.service import Appointment, Terms, set_days_with_bookings
from hall.calendar.service import (
    FileRefused,
    days_of,
    publish_year,
    published_years,
    read_file,
    special_days,
)
from hall.centres.opening import calendar_covers
from hall.centres.schema import SpecialDay
from hall.db import writing
from hall.wording import dates

# Bookings named one by one; of more only the numbers are told.
_MOST_LISTED = 20
_KINDS: dict[str, Literal["csv", "json"]] = {".csv": "csv", ".json": "json"}
_YEAR = click.IntRange(2000, 2099)

# What becomes of bookings, wherever a command may take citizens their time.
MOVE = click.option(
    "--move", "move", is_flag=True, help="受影响的预约改到最近有空的时间,没有空的取消;都通知。"
)
CANCEL = click.option("--cancel", "cancel", is_flag=True, help="受影响的预约都取消,并通知。")
WHY = click.option("--why", default="", help="原因,通知里会写。")


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.group("calendar")
    def calendar() -> None:
        """日历:特别的日子,和已知放假安排的年份。"""

    @calendar.command("import")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--year", type=_YEAR, help="文件是这一年放假和调休的全部安排,导入后这一年不再是未知。")
    @click.option("--source", default="", help="依据,例如国务院办公厅通知的文号。")
    @MOVE
    @CANCEL
    @WHY
    @click.pass_obj
    def import_command(
        settings: Settings, /, file: Path, year: int | None, source: str, **given: Any
    ) -> None:
        """导入 CSV 或 JSON:date、open、hours、note,需要时加 centre、hall、group。

        有一行不对就全部不导入;关门的日子有人预约,要先说怎么办(--move 或 --cancel)。
        """
        decision = decided(given)
        why = given["why"] or "办公时间调整"
        for line in run(_import(wiring, settings, file, year, source or file.name, decision, why)):
            click.echo(line)

    @calendar.command("years")
    @click.pass_obj
    def years_command(settings: Settings) -> None:
        """列出今明两年和导入过的年份:放假安排知道还是不知道。"""
        for line in run(_years(wiring, settings)):
            click.echo(line)

    @calendar.command("show")
    @click.argument("period", required=False, default="")
    @click.pass_obj
    def show_command(settings: Settings, period: str) -> None:
        """列出特别的日子;PERIOD 是 2027 或 2027-02,不写就从今天起。"""
        for line in run(_show(wiring, settings, period)):
            click.echo(line)

    @calendar.command("withdraw")
    @click.argument("year", type=_YEAR)
    @MOVE
    @CANCEL
    @WHY
    @click.pass_obj
    def withdraw_command(settings: Settings, /, year: int, **given: Any) -> None:
        """收回一年的安排(录错了):这一年重新算未知,录过的日子还在。"""
        why = given["why"] or "放假安排要重新核对"
        for line in run(_withdraw(wiring, settings, year, decided(given), why)):
            click.echo(line)


def decided(given: dict[str, Any]) -> Decision | None:
    """What becomes of bookings that lose their time, by the options. Raises UsageError for both."""
    if given["move"] and given["cancel"]:
        raise click.UsageError("--move 和 --cancel 只能选一个")
    return "move" if given["move"] else "cancel" if given["cancel"] else None


def who() -> str:
    """Who is at the command line, as it stands in the records."""
    return f"cli:{getpass.getuser()}"


def affected_lines(affected: Sequence[Appointment]) -> list[str]:
    """Whom a change would take their time, by place and moment; nobody is named."""
    listed = [
        f"  {booking.hall}/{booking.group} {_moment(booking.starts)} {booking.item_code} {booking.places} 人"
        for booking in affected[:_MOST_LISTED]
    ]
    if len(affected) > _MOST_LISTED:
        by_day = Counter(booking.starts.astimezone(SHANGHAI).date() for booking in affected)
        listed.append("  按天:" + "、".join(f"{day} {number} 个" for day, number in sorted(by_day.items())))
    return listed


def asked(affected: BookingsAffected) -> click.ClickException:
    """The refusal that names who is booked, and asks what becomes of them."""
    lines = [
        f"有 {len(affected.affected)} 个预约在要关的时间里,什么都没有改:",
        *affected_lines(affected.affected),
        "加 --move(改到最近有空的时间)或 --cancel(取消)再运行一次,都会通知市民。",
    ]
    return click.ClickException("\n".join(lines))


def became_lines(became: Became) -> list[str]:
    """What was done with bookings, in lines; nothing where there were none."""
    told = []
    if became.moved:
        told.append(f"改期 {len(became.moved)} 个预约")
    if became.cancelled:
        told.append(f"取消 {len(became.cancelled)} 个预约")
    if became.without_place:
        told.append(f"另有 {len(became.without_place)} 个预约找不到空的时间,已取消")
    return told


@asynccontextmanager
async def changing(wiring: Any, settings: Settings) -> AsyncIterator[tuple[AsyncSession, Terms]]:
    """A session of one transaction, kept where the block ends well, and the terms of this moment."""
    async with wiring.opened_core(settings) as core, writing(core.engine) as connection:
        async with AsyncSession(bind=connection, expire_on_commit=False) as session:
            yield session, Terms(core.clock(), settings.booking_rules)
            await session.flush()
        await connection.commit()


async def _import(
    wiring: Any,
    settings: Settings,
    file: Path,
    year: int | None,
    source: str,
    decision: Decision | None,
    why: str,
) -> list[str]:
    try:
        days = await asyncio.to_thread(_read, file)
        async with changing(wiring, settings) as (session, terms):
            done = await set_days_with_bookings(
                session, days, decision=decision, by=who(), why=why, terms=terms
            )
            if year is not None:
                await publish_year(session, year, now=terms.now, by=who(), source=source)
            known = await published_years(session)
    except FileRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    except BookingsAffected as affected:
        raise asked(affected) from None
    counts = done.days
    lines = [f"新增 {counts.added} 天,更新 {counts.changed} 天,没有变化 {counts.unchanged} 天"]
    lines += became_lines(Became(done.moved, done.cancelled, done.without_place))
    if year is not None:
        lines.append(f"{year} 年的放假和调休已知:没有列出的日子按平常的一周算")
    unknown = sorted({day.date.year for day in days} - known)
    lines += [
        f"{open_year} 年仍是未知;文件是全年安排的话,加 --year {open_year}"
        for open_year in unknown
        if not calendar_covers(open_year)
    ]
    return lines


async def _years(wiring: Any, settings: Settings) -> list[str]:
    async with wiring.opened_core(settings) as core, AsyncSession(core.engine) as session:
        published = await published_years(session)
        this = core.clock().astimezone(SHANGHAI).year
    lines = []
    for year in sorted(published | {this, this + 1}):
        if calendar_covers(year):
            said = "已知(国务院安排,随程序带)"
        elif year in published:
            said = "已知(管理员录入)"
        else:
            said = f"未知;公布后运行 banshi calendar import 文件 --year {year}"
        lines.append(f"{year}  {said}")
    return lines


async def _show(wiring: Any, settings: Settings, period: str) -> list[str]:
    async with wiring.opened_core(settings) as core, AsyncSession(core.engine) as session:
        today = core.clock().astimezone(SHANGHAI).date()
        first, last = _bounds(period, today)
        days = await special_days(session, first=first, last=last)
    return [_line(day) for day in days] or ["没有特别的日子"]


async def _withdraw(
    wiring: Any, settings: Settings, year: int, decision: Decision | None, why: str
) -> list[str]:
    try:
        async with changing(wiring, settings) as (session, terms):
            taken, became = await withdraw_year_with_bookings(
                session, year, decision=decision, by=who(), why=why, terms=terms
            )
    except BookingsAffected as affected:
        raise asked(affected) from None
    if not taken:
        raise click.ClickException(f"{year} 年没有录入过")
    return [f"{year} 年重新算未知", *became_lines(became)]


def _read(file: Path) -> tuple[SpecialDay, ...]:
    kind = _KINDS.get(file.suffix.lower())
    if kind is None:
        raise FileRefused.whole(f"不认识的后缀“{file.suffix}”,可用 .csv 和 .json")
    try:
        return days_of(read_file(file.read_bytes(), kind))
    except OSError as error:
        raise FileRefused.whole(f"读不了 {file}:{error.strerror}") from None


def _bounds(period: str, today: date) -> tuple[date, date | None]:
    try:
        match period.split("-"):
            case [""]:
                return today, None
            case [year]:
                return date(int(year), 1, 1), date(int(year), 12, 31)
            case [year, month]:
                first = date(int(year), int(month), 1)
                after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
                return first, date.fromordinal(after.toordinal() - 1)
    except ValueError:
        pass
    raise click.ClickException(f"看不懂“{period}”,写 2027 或 2027-02")


def _line(day: SpecialDay) -> str:
    where = "/".join(part for part in (day.centre, day.hall, day.group) if part) or "全部"
    hours = (dates.spans(day.hours) if day.hours else "按工作日") if day.open else "不开"
    return f"{day.date}({dates.weekday(day.date)})  {hours}  {where}  {day.note}".rstrip()


def _moment(at: datetime) -> str:
    here = at.astimezone(SHANGHAI)
    return f"{here.date()}({dates.weekday(here.date())}) {dates.clock(here.time())}"
