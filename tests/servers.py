"""The product as processes of their own, which share a database and a Redis: what a test can also kill."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import aiohttp

from bot.settings import SIMULATOR_AES_KEY, SIMULATOR_APPID, SIMULATOR_SECRET, SIMULATOR_TOKEN

ROOT = Path(__file__).parent.parent
START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def answers(url: str, *, status: int = 200) -> None:
    """Wait until `url` answers so."""
    deadline = time.monotonic() + START_SECONDS
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url) as response:
                    if response.status == status:
                        return
            await asyncio.sleep(0.1)
    raise TimeoutError(url)


def _spawn(environment: dict[str, str], log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "server.py", "serve"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=log,
    )


@dataclass
class Server:
    """One server process; `start` and `kill` as often as a test likes."""

    data: Path
    redis_url: str
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        environment = {
            "BANSHI_PORT": str(self.port),
            "BANSHI_DATA_DIR": str(self.data),
            "BANSHI_REDIS_URL": self.redis_url,
            "BANSHI_SIMULATOR": "false",
            "BANSHI_WECHAT_APPID": SIMULATOR_APPID,
            "BANSHI_WECHAT_SECRET": SIMULATOR_SECRET,
            "BANSHI_WECHAT_TOKEN": SIMULATOR_TOKEN,
            "BANSHI_WECHAT_AES_KEY": SIMULATOR_AES_KEY,
            "BANSHI_MESSAGES_PER_MINUTE": "1000000",
            "BANSHI_LOG_LEVEL": "error",
            **self.settings,
        }
        with (self.data / f"server-{self.port}.log").open("ab") as log:
            self.process = _spawn(environment, log)
        await answers(f"{self.url}/readyz")

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for who does not listen."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextlib.asynccontextmanager
async def servers(count: int, data: Path, redis_url: str, **settings: str) -> AsyncIterator[list[Server]]:
    """Started servers, stopped in the end."""
    started = [Server(data, redis_url, dict(settings)) for _ in range(count)]
    try:
        await asyncio.gather(*(server.start() for server in started))
        yield started
    finally:
        for server in started:
            server.stop()
