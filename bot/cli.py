"""The command line `banshi`: what an operator and an admin do without the console."""

from __future__ import annotations

from typing import Any

import click

from bot import log
from bot.commands import calendar, catalogue, evaluate, models, sealing, serving, staff, talking
from bot.settings import SettingsError, load_settings


def build(wiring: Any) -> click.Group:
    """The commands over a composition root (`server.py`)."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    @click.pass_context
    def banshi(context: click.Context) -> None:
        """办事:政务服务中心的微信办事助手。"""
        try:
            settings = load_settings()
        except SettingsError as error:
            raise click.ClickException(str(error)) from None
        log.configure(settings.log_level, json_lines=settings.mode == "production")
        context.obj = settings

    for module in (serving, talking, catalogue, calendar, staff, evaluate, models, sealing):
        module.add_to(banshi, wiring)
    return banshi
