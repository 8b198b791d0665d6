from __future__ import annotations

import asyncio

from bot.background import repeating


async def test_an_error_does_not_end_the_work_and_leaving_does() -> None:
    done = asyncio.Event()
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise RuntimeError("boom")
        done.set()

    async with repeating("test", work, every=0.001):
        async with asyncio.timeout(5):
            await done.wait()
    seen = times
    await asyncio.sleep(0.02)
    assert times == seen
