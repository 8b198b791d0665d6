"""How long a start takes until the first answer, and what the process holds at rest.

.venv/bin/python -m benchmarks.start [--runs 3]
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from benchmarks.turns import prepared
from bot.redis_server import private_redis
from tests.desk import ACCOUNT
from tests.servers import servers
from tests.wechat_push import message_xml, read_reply, safe_request


async def first_answer(data: Path, redis_url: str) -> tuple[float, float]:
    """Seconds from the command to the first answer of a citizen's question; megabytes at rest."""
    began = time.perf_counter()
    async with servers(1, data, redis_url) as (server,), aiohttp.ClientSession() as session:
        openid = f"oStart{secrets.token_hex(8)}"
        fields = {"MsgType": "text", "Content": "身份证到期了怎么换", "MsgId": "1"}
        query, body = safe_request(ACCOUNT, message_xml(ACCOUNT, openid, fields))
        async with session.post(f"{server.url}/wechat", params=query, data=body.encode()) as response:
            assert read_reply(ACCOUNT, await response.text())
        took = time.perf_counter() - began
        await asyncio.sleep(3)
        assert server.process is not None
        return took, psutil.Process(server.process.pid).memory_info().rss / 1e6


async def run(runs: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        await prepared(data)
        async with private_redis() as redis_url:
            found = [await first_answer(data, redis_url) for _ in range(runs)]
    seconds, megabytes = zip(*found, strict=True)
    spread = f"median of {runs}; {min(seconds):.1f}–{max(seconds):.1f}"
    print(f"first answer after {statistics.median(seconds):.1f} s ({spread})")
    print(f"memory at rest {statistics.median(megabytes):.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    asyncio.run(run(parser.parse_args().runs))


if __name__ == "__main__":
    main()
