from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from nlu.agent.results import FALLBACK_INTENT, Guess, Parsed
from nlu.agent.understanding import Understanding
from nlu.training.evaluation import Miss, Question, QuestionsError, Report, evaluate, read_questions


class Knows:
    """Understands what it is told to."""

    def __init__(self, answers: dict[str, list[tuple[str, float]]], threshold: float = 0.6) -> None:
        self._answers, self._threshold = answers, threshold

    async def parse(self, text: str) -> Parsed:
        ranking = tuple(Guess(intent, confidence) for intent, confidence in self._answers[text])
        best = ranking[0]
        sure = best.confidence >= self._threshold
        return Parsed(text, best.intent if sure else FALLBACK_INTENT, best.confidence, ranking)


async def report(answers: dict[str, list[tuple[str, float]]], gold: dict[str, str]) -> Report:
    knows = cast(Understanding, Knows(answers))
    return await evaluate(knows, [Question(text, intent) for text, intent in gold.items()])


async def test_figures_of_four_questions() -> None:
    figures = await report(
        {
            "a": [("fee", 0.9), ("place", 0.1)],
            "b": [("fee", 0.8), ("place", 0.2)],
            "c": [("place", 0.7), ("fee", 0.3)],
            "d": [("place", 0.5), ("fee", 0.4)],
        },
        {"a": "fee", "b": "fee", "c": "fee", "d": "place"},
    )
    assert figures.accuracy == 0.75
    assert figures.intents["fee"].recall == pytest.approx(2 / 3)
    assert figures.intents["fee"].precision == 1
    assert figures.intents["place"].f1 == pytest.approx(2 / 3)
    assert figures.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert (figures.understood, figures.understood_right) == (0.75, pytest.approx(2 / 3))
    assert (figures.direct, figures.direct_threshold) == (0.5, 0.8)
    assert figures.misses == (Miss("c", "fee", "place", 0.7),)
    assert figures.auroc_out_of_scope is None
    assert figures.ms_p95 >= figures.ms_p50 >= 0


async def test_out_of_scope_is_told_by_the_confidence_in_what_is_in_scope() -> None:
    figures = await report(
        {
            "in": [("fee", 0.9), ("out_of_scope", 0.1)],
            "also in": [("out_of_scope", 0.7), ("fee", 0.3)],
            "out": [("out_of_scope", 0.6), ("fee", 0.4)],
        },
        {"in": "fee", "also in": "fee", "out": "out_of_scope"},
    )
    assert figures.auroc_out_of_scope == 0.5


async def test_what_nothing_is_right_of_is_never_answered_directly() -> None:
    figures = await report({"a": [("fee", 0.9)]}, {"a": "place"})
    assert (figures.accuracy, figures.macro_f1, figures.direct) == (0, 0, 0)


def test_questions_are_read_from_lines(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    lines = ['{"q": "多少钱", "gold": "ask_fee"}', "", '{"q": "你好", "gold": "greet"}']
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read_questions(file) == [Question("多少钱", "ask_fee"), Question("你好", "greet")]


@pytest.mark.parametrize("line", ["{", '{"q": "a"}', '{"q": "a", "gold": ["GA-0101"]}', "[]", "3"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(f'{{"q": "a", "gold": "b"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(QuestionsError, match="line 2"):
        read_questions(file)


def test_no_questions_a_directory_and_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "gbk").write_bytes("多少钱".encode("gbk"))
    for file in (tmp_path / "empty", tmp_path / "gbk", tmp_path, tmp_path / "missing"):
        with pytest.raises(QuestionsError):
            read_questions(file)
