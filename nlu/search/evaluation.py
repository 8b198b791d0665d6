"""How well an index finds what is asked: recall, speed, what it would have done, and the misses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np

from nlu.search.index import Index
from nlu.search.training import learn

TOPS = (1, 3, 5)
STRIPPED_PARTS = 5
"""Parts of the items that lose their aliases in turn for the figure of stripped items."""

NOT_FOUND = 1_000_000


class BadQuestionError(ValueError):
    """A line of a file of questions that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the codes any of which is right."""

    text: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the index did with a question."""

    question: Question
    found: tuple[str, ...]
    kind: str
    """answer, menu or none, as decided."""
    offered: tuple[str, ...]
    ms: float

    @property
    def place(self) -> int:
        """Where the first right item stands among what was found, from 0; `NOT_FOUND` if nowhere."""
        return next((at for at, code in enumerate(self.found) if code in self.question.gold), NOT_FOUND)

    @property
    def right(self) -> bool:
        """Whether what it did lets the citizen go on: the right answer, or a menu that has it."""
        offered = self.offered[:1] if self.kind == "answer" else self.offered
        return any(code in self.question.gold for code in offered)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one run."""

    answered: tuple[Answered, ...]
    unknown_gold: tuple[str, ...] = ()
    """Codes that questions name and the catalogue lacks: their questions are left out."""
    stripped: Report | None = field(default=None)
    """The same questions, their items without aliases."""

    def recall(self, top: int) -> float:
        """Share of questions, in percent, whose item is among the first `top`."""
        return 100 * sum(each.place < top for each in self.answered) / max(1, len(self.answered))

    @property
    def ms(self) -> tuple[float, float]:
        """Milliseconds a question takes: the median and the 95th in a hundred."""
        times = [each.ms for each in self.answered] or [0.0]
        return float(np.percentile(times, 50)), float(np.percentile(times, 95))

    @property
    def misses(self) -> tuple[Answered, ...]:
        """Questions whose item did not come first."""
        return tuple(each for each in self.answered if each.place > 0)

    def share(self, kind: str) -> tuple[int, int]:
        """How many questions were decided so, and how many of them rightly."""
        of_kind = [each for each in self.answered if each.kind == kind]
        return len(of_kind), sum(each.right for each in of_kind)

    def render(self, *, misses: int = 100) -> str:
        """The report in words, with at most so many misses."""
        lines = [f"{len(self.answered)} questions: {self._recalls()}"]
        lines.append("{:.2f} ms a question (median), {:.2f} ms (95 %)".format(*self.ms))
        for kind, said in (
            ("answer", "answered at once, right"),
            ("menu", "offered a menu, right one in it"),
        ):
            count, right = self.share(kind)
            lines.append(f"{said}: {right} of {count} ({_percent(count, len(self.answered))} of all)")
        lines.append(f"said to be unknown: {self.share('none')[0]}")
        if self.stripped:
            lines.append(f"items stripped of their aliases: {self.stripped._recalls()}")
        if self.unknown_gold:
            lines.append(f"left out, not in the catalogue: {' '.join(self.unknown_gold)}")
        lines += [_miss(each) for each in self.misses[:misses]]
        if len(self.misses) > misses:
            lines.append(f"and {len(self.misses) - misses} more misses")
        return "\n".join(lines)

    def _recalls(self) -> str:
        return ", ".join(f"recall@{top} {self.recall(top):.1f}" for top in TOPS)


def read_questions(path: Path) -> list[Question]:
    """Questions of a file, a JSON object a line: {"q": text, "gold": [codes]}; empty lines are left out.

    Raises `BadQuestionError`.
    """
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, gold = row["q"], row["gold"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise BadQuestionError(f'{path}:{number}: not {{"q": text, "gold": [codes]}}') from error
        codes = [gold] if isinstance(gold, str) else gold
        if not isinstance(text, str) or not isinstance(codes, list) or not codes:
            raise BadQuestionError(f'{path}:{number}: not {{"q": text, "gold": [codes]}}')
        questions.append(Question(text, frozenset(map(str, codes))))
    return questions


def evaluate(index: Index, questions: Sequence[Question], *, stripped: bool = False) -> Report:
    """Ask all questions; with `stripped` also of indexes in which their items have lost their aliases.

    For those a fifth of the items loses them at a time, and the weights are learned anew from the others.
    """
    known = [each for each in questions if any(code in index for code in each.gold)]
    missing = {code for each in questions for code in each.gold if code not in index}
    if known:
        index.decide(known[0].text)  # what is loaded at first use is no part of a question's time
    return Report(
        answered=tuple(_ask(index, each) for each in known),
        unknown_gold=tuple(sorted(missing)),
        stripped=_evaluate_stripped(index, known) if stripped else None,
    )


def _ask(index: Index, question: Question) -> Answered:
    begin = perf_counter()
    decision = index.decide(question.text)
    ms = 1000 * (perf_counter() - begin)
    found = tuple(hit.code for hit in index.search(question.text, max(TOPS)))
    return Answered(question, found, decision.kind, tuple(hit.code for hit in decision.hits), ms)


def _evaluate_stripped(index: Index, questions: Iterable[Question]) -> Report:
    asked = sorted({code for each in questions for code in each.gold if code in index})
    part_of = {code: number % STRIPPED_PARTS for number, code in enumerate(asked)}
    answered: list[Answered] = []
    for part in range(STRIPPED_PARTS):
        entries = tuple(
            entry.without_aliases() if part_of.get(entry.code) == part else entry for entry in index.entries
        )
        without = Index(entries, learn(entries))
        of_part = [each for each in questions if all(part_of.get(code, part) == part for code in each.gold)]
        answered += [_ask(without, each) for each in of_part]
    return Report(tuple(answered))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f} %"


def _miss(answered: Answered) -> str:
    gold = "|".join(sorted(answered.question.gold))
    return f"  {answered.question.text}  wanted {gold}, found {' '.join(answered.found) or 'nothing'}"
