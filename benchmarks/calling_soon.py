"""From the click at the counter to the citizen's phone: 快到您了 and 请到窗口, through the running product.

    python -m benchmarks.calling_soon [--clicks 100]

The whole product with its simulator on one port: a clerk logged in over HTTP presses 办结并呼叫下一位; the
change, its notices, their delivery to the simulated platform and the platform's own live stream to the phone
are all inside the measured time. One process, SQLite, one Redis.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from tests.at_counter import Clerk, hire, somebody_scans
from tests.browser.houses import whole_product
from tests.desk import HandClock

ROOT = Path(__file__).parent.parent
GROUP = "A2"
IN_LINE = 16
PATIENCE = 3.0
# A visit takes so long on the product's clock, so that who comes is not nearly up at once.
VISIT = timedelta(minutes=1)


class Phones:
    """What reaches the simulated phones, with the time it did."""

    def __init__(self) -> None:
        self.got: list[tuple[float, str, str]] = []
        self._more = asyncio.Event()

    async def watch(self, http: aiohttp.ClientSession, base: str) -> None:
        async for happening in _stream(http, f"{base}/simulator/live"):
            if happening.get("type") == "message" and happening["message"]["via"] != "citizen":
                message = happening["message"]
                self.got.append((time.perf_counter(), message["openid"], message["text"]))
                self._more.set()

    async def first(self, words: str, since: float) -> float | None:
        """When the first message with these words came after a moment; None where none does in time."""
        deadline = time.perf_counter() + PATIENCE
        while time.perf_counter() < deadline:
            for at, _, text in self.got:
                if at > since and words in text:
                    return at
            self._more.clear()
            try:
                async with asyncio.timeout(1):
                    await self._more.wait()
            except TimeoutError:
                continue
        return None


async def _stream(http: aiohttp.ClientSession, url: str) -> AsyncIterator[dict[str, Any]]:
    async with http.get(url, timeout=aiohttp.ClientTimeout(total=None)) as response:
        async for line in response.content:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


async def measure(clicks: int) -> None:
    clock, phones = HandClock(), Phones()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with (
            whole_product(directory, ROOT / "models", clock) as base,
            aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
        ):
            await hire(f"sqlite:///{directory / 'banshi.db'}", "wang.min", clock)
            watching = asyncio.create_task(phones.watch(http, base))
            clerk = Clerk(http, base)
            await clerk.log_in("wang.min")
            await clerk.open("A2 6 号窗口", GROUP)
            for _ in range(IN_LINE):
                await somebody_scans(http, base, f"queue:main:{GROUP}")
            await asyncio.sleep(2)
            await clerk.press("call")
            soon, called, answered = [], [], []
            for _ in range(clicks):
                clock.forward(VISIT)
                await somebody_scans(http, base, f"queue:main:{GROUP}")
                await asyncio.sleep(0.3)
                began = time.perf_counter()
                await clerk.press("finish_and_call")
                answered.append(time.perf_counter() - began)
                for found, words in ((soon, "快到您了"), (called, "轮到您了")):
                    at = await phones.first(words, began)
                    if at is not None:
                        found.append(at - began)
            watching.cancel()
    for title, found in (
        ("快到您了 on the phone", soon),
        ("called, on the phone", called),
        ("the click itself", answered),
    ):
        cuts = quantiles(found, n=100) if len(found) > 1 else [0.0] * 99
        p50, p95, longest = (1000 * value for value in (cuts[49], cuts[94], max(found, default=0.0)))
        print(
            f"{title:22} {len(found):4} of {clicks}: ms p50 {p50:.0f}, p95 {p95:.0f}, longest {longest:.0f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clicks", type=int, default=100)
    asyncio.run(measure(parser.parse_args().clicks))
