"""What has to be there before the desk opens: the database's tables, a catalogue, a model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock, running_from
from bot.knowledge import Knowledge, search_directory
from bot.settings import Settings
from hall.catalogue.revision import current_revision
from hall.catalogue.service import seed
from hall.db import create_engine, create_sessions
from hall.migrate import upgrade
from nlu.training.project import Project
from nlu.training.train import TrainingError, ensure

# What ships with the product stands beside its packages, wherever a command is typed.
ROOT = Path(__file__).parent.parent
DEMO = ROOT / "data" / "catalogue"

Echo = Callable[[str], object]


class PreparationError(Exception):
    """What is missing and cannot be made, as one sentence for the operator."""


async def prepare(settings: Settings, *, echo: Echo) -> None:
    """Make whatever is missing; what is there is left as it is. Raises PreparationError."""
    await prepare_database(settings, running_from(settings.clock), echo=echo)
    await prepare_search(settings, echo=echo)
    await prepare_model(settings, echo=echo)


async def prepare_search(settings: Settings, *, echo: Echo) -> None:
    """Let the search learn from the catalogue's aliases, where it has not."""
    engine = create_engine(settings.database_url)
    try:
        knowledge = Knowledge(engine, search_directory(settings.data_dir))
        await knowledge.refresh()
        if not await knowledge.learned():
            echo(f"从 {len(knowledge.view.items)} 个事项的别名学习怎么找事项…")
            await knowledge.learn()
    finally:
        await engine.dispose()


async def prepare_model(settings: Settings, *, echo: Echo) -> None:
    """Train a model where none fits the training data. Raises PreparationError."""
    try:
        await ensure(
            Project.at(ROOT),
            settings.model_dir,
            progress=lambda step: _told(echo, step),
            now=datetime.now(UTC),
        )
    except (TrainingError, FileNotFoundError) as error:
        raise PreparationError(f"模型没有训练成:{error}") from error


def _told(echo: Echo, step: str) -> None:
    echo(f"训练模型:{step}")


async def prepare_database(settings: Settings, clock: Clock, *, echo: Echo, demo: Path = DEMO) -> None:
    """Bring the tables up to date and, into an empty catalogue, load the demo centre."""
    make_directory(settings.data_dir)
    engine = create_engine(settings.database_url)
    try:
        await upgrade(engine)
        async with create_sessions(engine)() as session:
            if await current_revision(session):
                return
            echo("载入示例中心的事项目录…")
            _, report = await seed(session, demo, now=clock())
            if not report.ok:
                raise PreparationError(f"示例目录有 {len(report.errors)} 处不对:{report.errors[0]}")
            await session.commit()
            echo(f"已载入 {len(report.added)} 个事项")
    finally:
        await engine.dispose()


def make_directory(directory: Path) -> None:
    """The data directory, which only this user may enter."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
