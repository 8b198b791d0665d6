"""`evaluate search|intents`: figures over questions with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from bot.commands.running import run
from bot.settings import Settings

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.group("evaluate")
    def evaluate() -> None:
        """用带答案的问题量一量:找事项、认意图。"""

    @evaluate.command("search")
    @click.argument("file", type=_FILE)
    @click.option("--misses", default=20, show_default=True, help="列出多少条没答对的。")
    @click.option("--beside", type=_FILE, multiple=True, help="另加一份目录文件作干扰项。")
    @click.option("--without-aliases", is_flag=True, help="去掉被问事项的别名再量。")
    @click.pass_obj
    def search(
        settings: Settings, file: Path, misses: int, beside: tuple[Path, ...], without_aliases: bool
    ) -> None:
        """每行 {"q": 问题, "gold": [事项编码]};给出召回率、耗时和没答对的。"""
        click.echo(run(_search(wiring, settings, file, misses, beside, without_aliases)))

    @evaluate.command("intents")
    @click.argument("file", type=_FILE)
    @click.option("--misses", default=20, show_default=True, help="列出多少条没答对的。")
    @click.pass_obj
    def intents(settings: Settings, file: Path, misses: int) -> None:
        """每行 {"q": 问题, "gold": 意图};给出准确率、宏平均 F1、耗时和没答对的。"""
        click.echo(run(_intents(wiring, settings, file, misses)))


def _lines(file: Path) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found.append({"q": str(row["q"]), "gold": row["gold"]})
        except (ValueError, KeyError, TypeError):
            raise click.ClickException(f"第 {number} 行不是 {{'q': …, 'gold': …}}") from None
    if not found:
        raise click.ClickException("文件里没有问题")
    return found
