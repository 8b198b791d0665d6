"""What the understanding alone costs of a turn: Rasa in process, with actions that only answer.

No channel, no database, no search: state in, state out, as JSON. CPU time, which other processes on the
machine do not change; and the times of single turns.

    .venv/bin/python -m benchmarks.rasa_turn [--turns 3000] [--profile]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import yaml
from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from nlu.agent.understanding import Understanding
from nlu.training.project import Project
from nlu.training.train import ensure

ROOT = Path(__file__).parent.parent
MESSAGES = (
    "身份证到期了怎么换",
    "要带什么材料",
    "多少钱",
    "你好",
    "护照怎么办",
    "周末开门吗",
    "谢谢",
    "qwzx",
)
CITIZENS = (1, 8, 32)


class Answer(Action):
    """Answers at once, offers two ways on, and remembers the item."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        ways = [{"title": f"{n}", "payload": f'/ask_fee{{"item": "GA-010{n}"}}'} for n in (1, 2)]
        dispatcher.utter_message(text=f"{self._name}:好的", buttons=ways)
        return [SlotSet("item", "GA-0101")]


async def talk(understanding: Understanding, citizen: str, turns: int, taken: list[float]) -> None:
    state = "null"
    for turn in range(turns):
        began = time.perf_counter()
        handled = await understanding.handle(
            MESSAGES[turn % len(MESSAGES)], sender_id=citizen, state=json.loads(state)
        )
        state = json.dumps(handled.state, ensure_ascii=False)
        taken.append((time.perf_counter() - began) * 1000)


async def measure(understanding: Understanding, citizens: int, turns: int) -> str:
    taken: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(talk(understanding, str(n), turns // citizens, taken) for n in range(citizens)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    taken.sort()
    p50, p95, p99 = (taken[int(len(taken) * share)] for share in (0.5, 0.95, 0.99))
    return (
        f"{citizens:3} citizens  {len(taken) / seconds:6.0f} turns/s"
        f"  {cpu / len(taken) * 1000:.3f} ms CPU a turn"
        f"  p50 {p50:.2f}  p95 {p95:.2f}  p99 {p99:.2f} ms"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=3000)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--profile", action="store_true", help="show where the time of the last run went")
    arguments = parser.parse_args()
    model = await ensure(Project.at(ROOT), arguments.models, progress=print, now=datetime.now(UTC))
    names = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["actions"]
    began = time.perf_counter()
    understanding = await Understanding.load(model.path, actions=[Answer(name) for name in names])
    print(f"{model.name}: imported and loaded in {time.perf_counter() - began:.1f} s, ", end="")
    print(f"{psutil.Process().memory_info().rss / 2**20:.0f} MB")
    await measure(understanding, 1, 200)
    for citizens in CITIZENS:
        print(await measure(understanding, citizens, arguments.turns))
    if arguments.profile:
        profile = cProfile.Profile()
        profile.enable()
        await measure(understanding, 1, arguments.turns)
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    asyncio.run(main())
