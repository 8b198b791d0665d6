"""Figures of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.search import Index
from nlu.search.evaluation import BadQuestionError, Question, evaluate, read_questions

RIGHT = [Question("身份证丢了", frozenset({"GA-2"})), Question("给宝宝落户", frozenset({"GA-4", "GA-9"}))]


def test_recall_counts_questions_whose_item_comes_first(index: Index) -> None:
    wrong = Question("食品经营许可证", frozenset({"GA-1"}))
    report = evaluate(index, [*RIGHT, wrong])
    assert report.recall(1) == pytest.approx(200 / 3)
    assert report.recall(5) == pytest.approx(200 / 3)
    assert [each.question for each in report.misses] == [wrong]


def test_questions_about_items_that_are_not_there_are_left_out_and_named(index: Index) -> None:
    report = evaluate(index, [*RIGHT, Question("护照", frozenset({"XX-1"}))])
    assert report.recall(1) == 100
    assert report.unknown_gold == ("GA-9", "XX-1")
    assert "XX-1" in report.render()


def test_a_report_says_recall_speed_decisions_and_misses(index: Index) -> None:
    said = evaluate(index, [*RIGHT, Question("食品经营许可证", frozenset({"GA-1"}))]).render()
    for words in (
        "3 questions",
        "recall@1 66.7",
        "recall@3",
        "recall@5",
        "ms a question",
        "answered at once",
    ):
        assert words in said
    assert "食品经营许可证  wanted GA-1" in said
    assert "食品经营许可证" not in evaluate(index, RIGHT).render()


def test_misses_are_listed_as_far_as_asked_for(index: Index) -> None:
    wrong = [Question(text, frozenset({"GA-1"})) for text in ("社保卡丢了", "办退休", "娃上户口")]
    said = evaluate(index, wrong).render(misses=1)
    assert "社保卡丢了" in said
    assert "办退休" not in said
    assert "2 more misses" in said


def test_stripped_items_are_reported_apart(index: Index) -> None:
    said_otherwise = Question("人走了户口怎么销", frozenset({"GA-5"}))
    in_two_parts = Question("身份证", frozenset({"GA-2", "GA-5"}))
    report = evaluate(index, [*RIGHT, said_otherwise, in_two_parts], stripped=True)
    assert report.stripped is not None
    assert len(report.stripped.answered) == 3  # an item of the fourth keeps its aliases whatever is stripped
    assert report.stripped.recall(1) < report.recall(1)
    assert f"stripped of their aliases: recall@1 {report.stripped.recall(1):.1f}" in report.render()


def test_no_questions_are_no_error(index: Index) -> None:
    assert "0 questions" in evaluate(index, []).render()


def test_questions_are_read_by_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"q": "护照", "gold": ["a", "b"]}\n\n{"q": "户口", "gold": "c"}\n', encoding="utf-8")
    assert read_questions(path) == [Question("护照", frozenset("ab")), Question("户口", frozenset("c"))]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"q": 1, "gold": ["a"]}', '{"q": "护照"}', '{"q": "护照", "gold": []}']
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"q": "护照", "gold": ["a"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BadQuestionError, match=r"q\.jsonl:2"):
        read_questions(path)
