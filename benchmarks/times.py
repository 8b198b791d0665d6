"""Times in Chinese: how many of the phrases one could say when booking are read right, and in what time.

.venv/bin/python -m benchmarks.times [DIRECTORY]     of appointment_times_dev.jsonl; ../shared/datasets

Rows with a tag are contested conventions (下周三; where the morning begins) and stand apart. Rows without
one are counted as they are; then once more without those that no right reading can win.
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
UNWINNABLE = {
    ("端午节", "2017-05-05T00:00:00"): "was 30 May in 2017",
    ("端午", "2017-05-05T00:00:00"): "was 30 May in 2017",
    ("下午5:00到凌晨3:00", "2017-03-22T17:00:00"): "ends before it begins",
    ("你好我6月15号一早8点的飞机", "2019-08-09T08:00:00"): "is not the date named",
    ("5:00到6:00", "2017-03-22T05:00:00"): "another row wants 17:00",
    ("大约晚上十点以后", "2017-03-22T22:00:00"): "another row wants no end",
}
"""Text and expected start of rows whose answer is wrong, or the contrary of another row's."""


def _read(row: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    spans = parse(row["text"], datetime.fromisoformat(row["reference_time"]))
    return [
        (span.start.isoformat(), span.end.isoformat() if span.end else None, span.grain) for span in spans
    ]


def _wanted(row: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(span["start"], span["end"], span["grain"]) for span in row["expected"]]


def _accuracy(rows: list[dict[str, Any]]) -> None:
    by_tag: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    winnable: list[bool] = []
    for row in rows:
        read, wanted = _read(row), _wanted(row)
        times = [span[:2] for span in read] == [span[:2] for span in wanted]
        by_tag[", ".join(row["tags"]) or "no tag"].append((times, read == wanted))
        reason = UNWINNABLE.get((row["text"], wanted[0][0]), "")
        if not row["tags"] and not reason:
            winnable.append(times)
        if not row["tags"] and read != wanted:
            kind = "grain" if times else "MISS "
            print(f"  {kind} {row['text']} at {row['reference_time']} {reason and f'(wanted: {reason})'}")
            print(f"        wanted {wanted}\n        read   {read}")
    for tag, results in sorted(by_tag.items()):
        times, all_right = (sum(result[place] for result in results) for place in (0, 1))
        share, whole = 100 * times / len(results), 100 * all_right / len(results)
        print(
            f"{tag}: start and end right {times}/{len(results)} ({share:.1f} %), "
            f"grain too {all_right} ({whole:.1f} %)"
        )
    share = 100 * sum(winnable) / len(winnable)
    print(f"no tag, without the unwinnable: {sum(winnable)}/{len(winnable)} ({share:.1f} %)")


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
    middle, p95, p99 = median(medians), medians[int(len(medians) * 0.95)], medians[int(len(medians) * 0.99)]
    print(
        f"ms a phrase (of {ROUNDS} readings): median {middle:.3f}, p95 {p95:.3f}, p99 {p99:.3f}, "
        f"longest {medians[-1]:.3f}"
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
