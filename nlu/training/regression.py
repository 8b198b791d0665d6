"""Questions that a new model must still get right (data/regression.yml), whatever else it has learned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nlu.agent.understanding import Understanding
from nlu.training.evaluation import Miss, Question, QuestionsError, evaluate


def read_regression(path: Path) -> list[Question]:
    """The frozen questions. Raises QuestionsError."""
    import yaml

    try:
        rows: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [Question(str(row["q"]), str(row["intent"])) for row in rows]
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise QuestionsError(f"{path}: {error}") from error


async def forgotten(
    understanding: Understanding, questions: list[Question], normalise: Callable[[str], str]
) -> tuple[Miss, ...]:
    """The frozen questions that this model no longer gets right; empty where it may be used."""
    return (await evaluate(understanding, questions, normalise)).misses
