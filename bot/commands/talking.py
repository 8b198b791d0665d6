"""`ask` and `find`: the conversation and the item search from the command line."""

from __future__ import annotations

import json
from typing import Any

import click

from bot.commands.running import run
from bot.settings import Settings


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.command("ask")
    @click.argument("text")
    @click.option("--user", default="cli", show_default=True, help="以谁的身份问;同一个人的上下文会接着用。")
    @click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
    @click.pass_obj
    def ask(settings: Settings, text: str, user: str, as_json: bool) -> None:
        """像市民那样问一句。"""
        answer = run(wiring.ask(settings, text, user))
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            click.echo("\n----\n".join(answer["parts"]))

    @group.command("find")
    @click.argument("text")
    @click.option("--top", default=5, show_default=True, type=click.IntRange(1, 50))
    @click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
    @click.pass_obj
    def find(settings: Settings, text: str, top: int, as_json: bool) -> None:
        """按市民的说法找事项。"""
        hits = run(_find(wiring, settings, text, top))
        if as_json:
            click.echo(json.dumps(hits, ensure_ascii=False, indent=1))
            return
        for hit in hits:
            click.echo(f"{hit['score']:.3f}  {hit['code']:12}  {hit['name']}({hit['department']})")
        if not hits:
            click.echo("没有找到相近的事项")


async def _find(wiring: Any, settings: Settings, text: str, top: int) -> list[dict[str, Any]]:
    async with wiring.opened_core(settings) as core:
        found = []
        for hit in core.knowledge.index.search(text, top):
            item = core.knowledge.view.items[hit.code]
            found.append(
                {
                    "code": hit.code,
                    "name": item.name,
                    "department": item.department,
                    "score": round(hit.score, 4),
                }
            )
        return found
