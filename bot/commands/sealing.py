"""`reseal`: after a change of the secret, everything under the new one."""

from __future__ import annotations

import sys
from typing import Any

import click

from bot.commands.running import run
from bot.resealing import reseal, sealed_under
from bot.settings import Settings
from hall.db import create_engine
from hall.migrate import upgrade
from hall.people.service import Vault
from hall.sealing import Seal

_NAMES = {"people": "申报人", "appeals": "申诉", "conversations": "对话", "messages": "待发消息"}


def add_to(group: click.Group, _wiring: Any) -> None:
    """Add the command to `banshi`."""

    @group.command("reseal")
    @click.pass_obj
    def reseal_command(settings: Settings) -> None:
        """换密钥之后:把封在旧密钥下的数据换到新密钥下(服务可以照常开着,可重复运行)。"""
        sys.exit(0 if run(_reseal(settings)) else 1)


async def _reseal(settings: Settings) -> bool:
    """Reseal everything, telling how far it is; whether all of it is under the current key."""
    engine = create_engine(settings.database_url)
    try:
        await upgrade(engine)
        before = await sealed_under(engine, Seal(settings.secrets))
        click.echo(f"封在现在密钥下 {before.current} 条,旧密钥下 {before.previous} 条。")
        done: dict[str, int] = {}
        async for step in reseal(engine, Vault.of(settings.secrets)):
            done[step.kind] = done.get(step.kind, 0) + step.rows
            click.echo(f"{_NAMES[step.kind]}:已处理 {done[step.kind]} 条")
            if step.broken:
                click.echo(f"{_NAMES[step.kind]}:{step.broken} 条打不开,没有动")
        after = await sealed_under(engine, Seal(settings.secrets))
    finally:
        await engine.dispose()
    return _told(after.previous, after.unknown, previous=bool(settings.secret_key_previous))


def _told(old: int, unknown: int, *, previous: bool) -> bool:
    if unknown:
        click.echo(
            f"还有 {unknown} 条打不开:原来的密钥不在手上。把它放进 BANSHI_SECRET_KEY_PREVIOUS 再运行一次。"
        )
    if old:
        click.echo(f"还有 {old} 条封在旧密钥下(运行期间又写入的),请再运行一次。")
    if not unknown and not old:
        rest = ",BANSHI_SECRET_KEY_PREVIOUS 可以去掉了" if previous else ""
        click.echo(f"全部数据都封在现在的密钥下{rest}。")
    return not unknown and not old
