"""`serve`, `prepare`, `doctor` and `menu`: running the desk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bot import doctor
from bot.commands.running import run
from bot.commands.workers import Workers
from bot.preparing import prepare
from bot.settings import Settings
from bot.wechat.menu import DEFAULT_MENU
from hall.staff.service import FIRST_LOGIN


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.command("serve")
    @click.option("--prepare", "first", is_flag=True, help="先建好数据库、示例目录和模型(缺什么补什么)。")
    @click.option("--workers", default=1, show_default=True, help="进程数;多于 1 时共用端口和 Redis。")
    @click.option("--reuse-port", is_flag=True, hidden=True)
    @click.pass_obj
    def serve_command(settings: Settings, first: bool, workers: int, reuse_port: bool) -> None:
        """启动服务。"""
        if first:
            run(prepare(settings, echo=click.echo))
        if workers > 1:
            _serve_many(settings, workers)
            return
        run(wiring.serve(settings, reuse_port=reuse_port, started=lambda first: _greet(settings, first)))

    @group.command("prepare")
    @click.pass_obj
    def prepare_command(settings: Settings) -> None:
        """只准备:数据库、示例目录、模型,不启动。"""
        run(prepare(settings, echo=click.echo))

    @group.command("doctor")
    @click.pass_obj
    def doctor_command(settings: Settings) -> None:
        """逐项检查设置、数据库、Redis、模型、日历、微信和时钟,一行一项。"""
        findings = run(doctor.examine(settings))
        for finding in findings:
            click.echo(str(finding))
        sys.exit(0 if all(finding.well for finding in findings) else 1)

    @group.group("menu")
    def menu() -> None:
        """公众号菜单。"""

    @menu.command("push")
    @click.argument("file", type=click.Path(path_type=Path), default=DEFAULT_MENU)
    @click.pass_obj
    def menu_push(settings: Settings, file: Path) -> None:
        """把菜单文件推到微信(默认 data/menu.json)。"""
        run(wiring.push_menu(settings, file))
        click.echo("菜单已推送")


def _greet(settings: Settings, first_password: str) -> None:
    here = f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104
    click.echo(f"服务已启动:{here}")
    if settings.simulator:
        click.echo(f"模拟微信(手机画面):{here}/simulator/")
    click.echo(f"办事指南页:{here}/h5/")
    click.echo(f"工作台:{here}/console/")
    if first_password:
        click.echo(f"还没有工作人员的账号,已建好管理员。登录名 {FIRST_LOGIN},密码 {first_password}")
        click.echo("密码只显示这一次,第一次登录后要改。忘了:banshi staff password admin")


def _serve_many(settings: Settings, workers: int) -> None:
    if settings.simulator:
        raise click.ClickException("模拟器只支持一个进程;请设 BANSHI_SIMULATOR=false 或去掉 --workers")
    if not settings.redis_url:
        raise click.ClickException("多个进程要共用 Redis,请设 BANSHI_REDIS_URL")
    sys.exit(Workers(workers).run())
