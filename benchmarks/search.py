"""Item search: how well it finds, and how fast it is in catalogues of 5 000 and 50 000 items.

    python -m benchmarks.search [--datasets DIR] [--stripped] [--sizes 5000 50000]

The demo centre's questions are those of tests/data/questions*.jsonl, which teach nothing. Real items of other
centres stand beside it as distractors where DIR has them (default ../shared/datasets).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from nlu.search import Index
from nlu.search.evaluation import Question, evaluate, read_questions

ROOT = Path(__file__).resolve().parents[1]
ITEMS = ROOT / "data" / "catalogue" / "items"
QUESTIONS = ROOT / "tests" / "data"
DISTRACTORS = ("catalogue_guangdong.json", "catalogue_guangan.json")

Row = dict[str, Any]


def main() -> int:
    """Measure and print."""
    options = _options()
    demo = [
        row for path in sorted(ITEMS.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))
    ]
    sets = {
        path.stem: read_questions(path) for path in sorted(QUESTIONS.glob("questions*.jsonl")) if _asks(path)
    }
    distractors = list(_distractors(options.datasets))
    _found("demo centre", demo, sets, options.stripped)
    if distractors:
        _found(f"demo centre beside {len(distractors)} others", demo + distractors, sets, options.stripped)
    questions = [question for each in sets.values() for question in each]
    for size in options.sizes:
        _speed(_grown(demo + distractors, size), questions)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", type=Path, default=ROOT.parent / "shared" / "datasets")
    parser.add_argument(
        "--stripped", action="store_true", help="also with items stripped of aliases (minutes)"
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[5_000, 50_000])
    return parser.parse_args()


def _asks(path: Path) -> bool:
    """Whether a file holds questions with items; others hold what no counter offers."""
    return '"gold"' in path.read_text(encoding="utf-8").partition("\n")[0]


def _distractors(directory: Path) -> Iterator[Row]:
    for name in DISTRACTORS:
        path = directory / name
        if path.exists():
            yield from json.loads(path.read_text(encoding="utf-8"))
        else:
            print(f"skipped: {path} is not there; give its directory with --datasets")


def _found(title: str, rows: list[Row], sets: dict[str, list[Question]], stripped: bool) -> None:
    begin = perf_counter()
    index = Index.build(rows)
    learned = perf_counter() - begin
    print(f"\n{title}: {len(rows)} items, learned from {index.learned.questions} aliases in {learned:.1f} s")
    for name, questions in sets.items():
        report = evaluate(index, questions, stripped=stripped)
        print(f"[{name}] {report.render(misses=0)}", flush=True)


def _grown(rows: list[Row], size: int) -> list[Row]:
    """So many items: the given ones, then their like with characters of names exchanged and dropped."""
    chance = random.Random(0)
    letters = [letter for row in rows for letter in row["name"]]
    grown = list(rows[:size])
    while len(grown) < size:
        row = rows[chance.randrange(len(rows))]
        grown.append(
            {
                **row,
                "code": f"S-{len(grown)}",
                "name": _perturbed(row["name"], letters, chance),
                "aliases": [_perturbed(alias, letters, chance) for alias in row.get("aliases") or []],
            }
        )
    return grown


def _perturbed(text: str, letters: list[str], chance: random.Random) -> str:
    kept = [letter if chance.random() < 0.7 else chance.choice(letters) for letter in text]
    return "".join(letter for letter in kept if chance.random() < 0.95) or text


def _speed(rows: list[Row], questions: list[Question]) -> None:
    begin = perf_counter()
    index = Index.build(rows, train=False)
    built = perf_counter() - begin
    texts = [question.text for question in questions][:2000]
    index.decide(texts[0])
    times = []
    for text in texts:
        begin = perf_counter()
        index.decide(text)
        times.append(1000 * (perf_counter() - begin))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p50, p95 = np.percentile(times, [50, 95])
    print(
        f"\n{len(rows)} items: first stage built in {built:.1f} s; {len(times)} decisions, "
        f"{p50:.2f} ms (median), {p95:.2f} ms (95 %); peak memory of the run {peak:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
