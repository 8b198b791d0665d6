"""Measures how well a model knows intents, on questions it was not trained on."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.agent.results import Parsed
from nlu.agent.understanding import Understanding

OUT_OF_SCOPE = "out_of_scope"
RIGHT_ENOUGH = 0.95
"""The share of direct answers that must be right."""


class QuestionsError(Exception):
    """A file of questions cannot be read; names the line."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text and the intent it has."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that was taken for another intent."""

    text: str
    intent: str
    taken_for: str
    confidence: float


@dataclass(frozen=True, slots=True)
class OfIntent:
    """How well one intent is known."""

    questions: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of an evaluation; shares are 0 to 1, times in milliseconds."""

    questions: int
    accuracy: float
    """Share of questions of which the likeliest intent is the right one, however sure."""
    macro_f1: float
    """Mean F1 of the intents that occur in the questions."""
    understood: float
    """Share above the pipeline's thresholds."""
    understood_right: float
    """Share of those that are right."""
    direct: float
    """The most that can be answered directly with 95 % of it right, by a threshold on the confidence."""
    direct_threshold: float
    auroc_out_of_scope: float | None
    """How well the confidence in what is in scope tells it from what is not; None without both."""
    ms_p50: float
    ms_p95: float
    intents: dict[str, OfIntent]
    misses: tuple[Miss, ...]


def read_questions(path: Path) -> list[Question]:
    """Read `{"q": text, "gold": intent}`, one a line. Raises QuestionsError."""
    questions = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            written = json.loads(line)
            text, gold = written["q"], written["gold"]
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionsError(f'{path}, line {number}: not {{"q": text, "gold": intent}}') from error
        if not isinstance(text, str) or not isinstance(gold, str):
            raise QuestionsError(f"{path}, line {number}: q and gold must be texts")
        questions.append(Question(text, gold))
    if not questions:
        raise QuestionsError(f"{path}: no questions")
    return questions


async def evaluate(
    understanding: Understanding, questions: Sequence[Question], normalise: Callable[[str], str] = str
) -> Report:
    """Parse each question; `normalise` is what is done to texts at the door."""
    parses, times = [], []
    for question in questions:
        began = time.perf_counter()
        parses.append(await understanding.parse(normalise(question.text)))
        times.append((time.perf_counter() - began) * 1000)
    gold = [question.intent for question in questions]
    taken = [_likeliest(parsed) for parsed in parses]
    right = np.array([g == t for g, t in zip(gold, taken, strict=True)])
    sure = np.array([parsed.ranking[0].confidence if parsed.ranking else 0.0 for parsed in parses])
    understood = np.array([parsed.understood for parsed in parses])
    direct, threshold = _direct(sure, right)
    intents = _by_intent(gold, taken)
    return Report(
        questions=len(questions),
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([figures.f1 for figures in intents.values()])),
        understood=float(understood.mean()),
        understood_right=float(right[understood].mean()) if understood.any() else 0.0,
        direct=direct,
        direct_threshold=threshold,
        auroc_out_of_scope=_auroc_out_of_scope(gold, parses),
        ms_p50=float(np.percentile(times, 50)),
        ms_p95=float(np.percentile(times, 95)),
        intents=intents,
        misses=tuple(
            Miss(question.text, question.intent, t, round(float(c), 3))
            for question, t, c, ok in zip(questions, taken, sure, right, strict=True)
            if not ok
        ),
    )


def _likeliest(parsed: Parsed) -> str:
    return parsed.ranking[0].intent if parsed.ranking else parsed.intent


def _direct(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """The largest share, taken from the surest down, of which enough is right; and its threshold."""
    order = np.argsort(-sure, kind="stable")
    share_right = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share_right >= RIGHT_ENOUGH)
    if not len(enough):
        return 0.0, 1.0
    last = int(enough[-1])
    return (last + 1) / len(order), float(sure[order[last]])


def _by_intent(gold: Sequence[str], taken: Sequence[str]) -> dict[str, OfIntent]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # right, meant, taken
    for meant, got in zip(gold, taken, strict=True):
        counts[meant][1] += 1
        counts[got][2] += 1
        counts[got][0] += meant == got
    return {
        intent: OfIntent(
            meant, hits / got if got else 0.0, hits / meant, 2 * hits / (meant + got) if meant + got else 0.0
        )
        for intent, (hits, meant, got) in sorted(counts.items())
        if meant
    }


def _auroc_out_of_scope(gold: Sequence[str], parses: Sequence[Parsed]) -> float | None:
    """The chance that a question in scope gets a higher confidence than one that is not.

    The confidence is that in the best intent other than `out_of_scope` itself.
    """
    inside: list[float] = []
    outside: list[float] = []
    for meant, parsed in zip(gold, parses, strict=True):
        best = max((g.confidence for g in parsed.ranking if g.intent != OUT_OF_SCOPE), default=0.0)
        (outside if meant == OUT_OF_SCOPE else inside).append(best)
    if not inside or not outside:
        return None
    difference = np.array(inside)[:, None] - np.array(outside)[None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)
