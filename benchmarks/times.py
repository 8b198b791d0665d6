"""Times in Chinese: how many of the phrases one could say when booking are read right, and in what time.

.venv/bin/python -m benchmarks.times [DIRECTORY]     of appointment_times_dev.jsonl; ../shared/datasets

Rows with a tag are contested conventions (下周三; where the morning begins) and stand apart.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from nlu.times import parse

ROUNDS = 20


def _read(row: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    spans = parse(row["text"], datetime.fromisoformat(row["reference_time"]))
    return [
        (span.start.isoformat(), span.end.isoformat() if span.end else None, span.grain) for span in spans
    ]


def _wanted(row: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(span["start"], span["end"], span["grain"]) for span in row["expected"]]


def _accuracy(rows: list[dict[str, Any]]) -> None:
    by_tag: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row in rows:
        read, wanted = _read(row), _wanted(row)
        times = [span[:2] for span in read] == [span[:2] for span in wanted]
        by_tag[", ".join(row["tags"]) or "no tag"].append((times, read == wanted))
        if not row["tags"] and read != wanted:
            print(f"  {'grain' if times else 'MISS '} {row['text']} at {row['reference_time']}")
            print(f"        wanted {wanted}\n        read   {read}")
    for tag, results in sorted(by_tag.items()):
        times, all_right = (sum(result[place] for result in results) for place in (0, 1))
        share, whole = 100 * times / len(results), 100 * all_right / len(results)
        print(
            f"{tag}: start and end right {times}/{len(results)} ({share:.1f} %), "
            f"grain too {all_right} ({whole:.1f} %)"
        )


def _speed(rows: list[dict[str, Any]]) -> None:
    medians = []
    for row in rows:
        text, now = row["text"], datetime.fromisoformat(row["reference_time"])
        taken = []
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            parse(text, now)
            taken.append(1000 * (time.perf_counter() - begin))
        medians.append(median(taken))
    medians.sort()
    middle, p99 = median(medians), medians[int(len(medians) * 0.99)]
    print(
        f"ms a phrase (of {ROUNDS} readings): median {middle:.3f}, p99 {p99:.3f}, longest {medians[-1]:.3f}"
    )


def main() -> int:
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/datasets") / "appointment_times_dev.jsonl"
    if not file.exists():
        print(f"skipped: {file} is not there")
        return 0
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    _accuracy(rows)
    _speed(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
