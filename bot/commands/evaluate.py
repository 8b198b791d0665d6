"""`evaluate search|intents`: figures over questions with known answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.commands.running import run
from bot.settings import Settings
from hall.catalogue import files
from hall.catalogue.rows import FileRefused
from nlu.search import Index
from nlu.search import evaluation as search_evaluation
from nlu.search.evaluation import BadQuestionError
from nlu.text import normalise
from nlu.training import evaluation as intent_evaluation
from nlu.training.evaluation import QuestionsError

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


async def _search(
    wiring: Any, settings: Settings, file: Path, misses: int, beside: tuple[Path, ...], stripped: bool
) -> str:
    questions = await _read(search_evaluation.read_questions, file)
    async with wiring.opened_core(settings) as core:
        index = core.knowledge.index
        if beside:
            rows = [entry.as_row() for entry in index.entries]
            for other in beside:
                rows += [dict(row.data) for row in await _read(files.read_rows, other)]
            index = await asyncio.to_thread(Index.build, rows)
    report = await asyncio.to_thread(search_evaluation.evaluate, index, questions, stripped=stripped)
    return report.render(misses=misses)


async def _intents(wiring: Any, settings: Settings, file: Path, misses: int) -> str:
    questions = await _read(intent_evaluation.read_questions, file)
    understanding = await wiring.load_understanding(settings)
    report = await intent_evaluation.evaluate(understanding, questions, normalise)
    return render_intents(report, misses)


async def _read(read: Callable[[Path], Any], file: Path) -> Any:
    try:
        return await asyncio.to_thread(read, file)
    except (BadQuestionError, QuestionsError, FileRefused) as error:
        raise click.ClickException(str(error)) from None


def render_intents(report: intent_evaluation.Report, misses: int) -> str:
    """The report in words, with at most so many misses."""
    auroc = report.auroc_out_of_scope
    lines = [
        f"{report.questions} questions: accuracy {report.accuracy:.3f}, macro-F1 {report.macro_f1:.3f}",
        f"{report.ms_p50:.2f} ms a parse (median), {report.ms_p95:.2f} ms (95 %)",
        f"answered directly with 95 % right: {report.direct:.0%} (from {report.direct_threshold:.2f} on)",
        f"above the pipeline's threshold: {report.understood:.0%}, right {report.understood_right:.1%}",
        f"out of scope told apart (AUROC): {'no such questions' if auroc is None else f'{auroc:.3f}'}",
    ]
    lines += [
        f"  {miss.text}  wanted {miss.intent}, taken for {miss.taken_for} ({miss.confidence})"
        for miss in report.misses[:misses]
    ]
    if len(report.misses) > misses:
        lines.append(f"and {len(report.misses) - misses} more misses")
    return "\n".join(lines)
