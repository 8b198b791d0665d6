"""`train`, `models` and `activate`: the model that understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from bot.clock import SHANGHAI
from bot.commands.running import run
from bot.preparing import ROOT
from bot.settings import Settings
from nlu.text import normalise
from nlu.training.evaluation import Miss
from nlu.training.models import NoSuchModelError, activate, active, models
from nlu.training.project import Project
from nlu.training.regression import forgotten, read_regression
from nlu.training.train import TrainingError, train

REGRESSION = ROOT / "data" / "regression.yml"


def _train(wiring: Any, settings: Settings, now: datetime) -> None:
    before = active(settings.model_dir)
    try:
        model = run(train(Project.at(ROOT), settings.model_dir, progress=click.echo, now=now))
    except (TrainingError, FileNotFoundError) as error:
        raise click.ClickException(f"没有训练成:{error}") from None
    misses = run(_forgotten(wiring, settings))
    for miss in misses:
        click.echo(f"认错了:{miss.text}  应是 {miss.intent},认成 {miss.taken_for}", err=True)
    if misses:
        if before is not None:
            activate(settings.model_dir, before.name, by="person", now=now)
        kept = f"仍用 {before.name}" if before else "先用着"
        raise click.ClickException(
            f"{model.name} 认错 {len(misses)} 个固定问题,{kept};要用它就 banshi activate {model.name}"
        )
    click.echo(f"已启用 {model.name}({model.figures['seconds']} 秒,{model.figures['megabytes']} MB)")


async def _forgotten(wiring: Any, settings: Settings) -> tuple[Miss, ...]:
    understanding = await wiring.load_understanding(settings)
    return await forgotten(understanding, read_regression(REGRESSION), normalise)


def add_to(group: click.Group, wiring: Any) -> None:
    """Add the commands to `banshi`."""

    @group.command("train")
    @click.pass_obj
    def train_command(settings: Settings) -> None:
        """用 data/nlu 和 data/rules 训练新模型;data/regression.yml 的问题都认得才启用。"""
        _train(wiring, settings, datetime.now(UTC))

    @group.command("models")
    @click.pass_obj
    def models_command(settings: Settings) -> None:
        """列出训练过的模型;* 是正在用的。"""
        current = active(settings.model_dir)
        found = models(settings.model_dir)
        for model in found:
            mark = "*" if current and model.name == current.name else " "
            figures = " ".join(f"{name}={value}" for name, value in model.figures.items())
            click.echo(
                f"{mark} {model.name}  {model.trained_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}  {figures}"
            )
        if not found:
            click.echo("还没有模型,请运行 banshi train")

    @group.command("activate")
    @click.argument("name")
    @click.pass_obj
    def activate_command(settings: Settings, name: str) -> None:
        """启用一个模型;正在运行的服务几秒内换上。"""
        try:
            model = activate(settings.model_dir, name, by="person", now=datetime.now(UTC))
        except NoSuchModelError:
            raise click.ClickException(f"没有叫 {name} 的模型;banshi models 列出全部") from None
        click.echo(f"已启用 {model.name}")
