"""All measurements, one after the other; what each prints is kept in results/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEASUREMENTS = (
    "benchmarks.turns",
    "benchmarks.start",
    "benchmarks.search",
    "benchmarks.rasa_turn",
    "benchmarks.times",
    "benchmarks.booking_race",
    "benchmarks.booking_killed",
    "benchmarks.queue_day",
    "benchmarks.queue_estimate",
    "benchmarks.notices_drain",
    "benchmarks.notices_kill",
    "benchmarks.calling_soon",
)


def main() -> int:
    results = Path("results")
    results.mkdir(exist_ok=True)
    worst = 0
    for name in MEASUREMENTS:
        print(f"\n== {name}", flush=True)
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", name], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with (results / f"{name.split('.')[1]}.txt").open("w", encoding="utf-8") as kept:
            for line in process.stdout:
                print(line, end="", flush=True)
                kept.write(line)
        worst = max(worst, process.wait())
    return worst


if __name__ == "__main__":
    sys.exit(main())
