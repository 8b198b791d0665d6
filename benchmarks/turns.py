"""Turns a second through the encrypted callback, beside a floor and a peer, on the same machine in one run.

- product: the server, one process and two, SQLite and a private Redis
- floor: the same channel, which only verifies, decrypts and echoes
- peer: Rasa's own server (REST channel, action server) with the same model, messages and actions

    .venv/bin/python -m benchmarks.turns [--turns 2000] [--skip-peer]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from tests.desk import ACCOUNT
from tests.servers import ROOT, answers, free_port, servers
from tests.wechat_push import message_xml, read_reply, safe_request

# What a citizen in a hurry asks: guide questions, follow-ups without an item, small talk, the hall.
MESSAGES = (
    "身份证到期了怎么换",
    "要带什么材料",
    "多少钱",
    "在哪里办",
    "你好",
    "护照怎么办",
    "要多久",
    "周末开门吗",
    "结婚登记要带什么",
    "谢谢",
)
CITIZENS = (1, 8, 32)


@dataclass(frozen=True)
class Figures:
    """One run: turns a second, milliseconds a turn."""

    name: str
    citizens: int
    turns: int
    per_second: float
    p50: float
    p95: float
    p99: float


Send = Callable[[str, str], Any]


def ready_pushes(citizens: int, turns: int) -> list[list[tuple[dict[str, str], bytes]]]:
    """Pushes made before the clock runs, so that making them costs the measurement nothing."""
    now = int(time.time())
    run = secrets.token_hex(4)
    return [
        [_push(f"oBench{run}{citizen:06d}", turn, now) for turn in range(turns // citizens)]
        for citizen in range(citizens)
    ]


def _push(openid: str, turn: int, now: int) -> tuple[dict[str, str], bytes]:
    text = MESSAGES[turn % len(MESSAGES)]
    fields = {"MsgType": "text", "Content": text, "MsgId": str(10**15 + turn)}
    query, body = safe_request(ACCOUNT, message_xml(ACCOUNT, openid, fields, created=now))
    return query, body.encode()


async def measure_callback(name: str, ports: Sequence[int], citizens: int, turns: int) -> Figures:
    """Citizens write one message after the other, each on a connection of its own."""
    scripts = ready_pushes(citizens, turns)
    times: list[float] = []
    answered = 0

    async def citizen(number: int, session: aiohttp.ClientSession) -> None:
        nonlocal answered
        url = f"http://127.0.0.1:{ports[number % len(ports)]}/wechat"
        for index, (query, body) in enumerate(scripts[number]):
            began = time.perf_counter()
            async with session.post(url, params=query, data=body) as response:
                text = await response.text()
            times.append(time.perf_counter() - began)
            assert response.status == 200, (response.status, text)
            if index % 50 == 0:
                assert read_reply(ACCOUNT, text), "no answer"
            answered += text != "success"

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(citizen(number, session) for number in range(citizens)))
        took = time.perf_counter() - began
    assert answered == len(times), f"{len(times) - answered} turns without a passive answer"
    return _figures(name, citizens, times, took)


async def measure_rest(name: str, port: int, citizens: int, turns: int) -> Figures:
    """The same conversations over Rasa's REST channel."""
    times: list[float] = []
    run = secrets.token_hex(4)

    async def citizen(number: int, session: aiohttp.ClientSession) -> None:
        for turn in range(turns // citizens):
            payload = {"sender": f"{run}-{number}", "message": MESSAGES[turn % len(MESSAGES)]}
            began = time.perf_counter()
            url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
            async with session.post(url, json=payload) as response:
                answer = await response.json()
            times.append(time.perf_counter() - began)
            assert response.status == 200
            assert answer, "no answer"

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(citizen(number, session) for number in range(citizens)))
        took = time.perf_counter() - began
    return _figures(name, citizens, times, took)


def _figures(name: str, citizens: int, times: list[float], took: float) -> Figures:
    cuts = statistics.quantiles(times, n=100)
    ms = [round(1000 * cuts[at], 1) for at in (49, 94, 98)]
    return Figures(name, citizens, len(times), round(len(times) / took, 1), *ms)


@contextlib.contextmanager
def running(command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
            child.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@contextlib.asynccontextmanager
async def product(processes: int, data: Path, redis_url: str) -> AsyncIterator[tuple[list[int], list[int]]]:
    """Server processes that share database and Redis; their ports and process numbers."""
    async with servers(processes, data, redis_url, BANSHI_WECHAT_LATE_ANSWERS="retry") as started:
        yield (
            [server.port for server in started],
            [server.process.pid for server in started if server.process is not None],
        )


@contextlib.asynccontextmanager
async def floor() -> AsyncIterator[int]:
    port = free_port()
    with running([sys.executable, "-m", "benchmarks.floor", str(port)]):
        await answers(f"http://127.0.0.1:{port}/wechat", status=400)
        yield port


@contextlib.asynccontextmanager
async def peer(model: Path, data: Path) -> AsyncIterator[int]:
    """`rasa run` with the REST channel and `rasa run actions`, as Rasa's documentation has it."""
    port, actions_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        endpoints = Path(directory) / "endpoints.yml"
        endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n")
        credentials = Path(directory) / "credentials.yml"
        credentials.write_text("rest:\n")
        environment = {"BANSHI_DATA_DIR": str(data), "RASA_TELEMETRY_ENABLED": "false", "SANIC_WORKERS": "1"}
        python = [sys.executable, "-W", "ignore", "-m"]
        act = [*python, "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]
        stack.enter_context(running(act, **environment))
        talk = [*python, "rasa", "run", "--model", str(model), "--port", str(port)]
        talk += ["--interface", "127.0.0.1", "--endpoints", str(endpoints), "--credentials", str(credentials)]
        stack.enter_context(running(talk, **environment))
        await answers(f"http://127.0.0.1:{port}/")
        await answers(f"http://127.0.0.1:{actions_port}/health")
        yield port


async def prepared(data: Path) -> Path:
    """A database with the demo centre, and the active model; its path."""
    from bot.preparing import prepare
    from bot.settings import Settings
    from nlu.training.models import active

    settings = Settings(_env_file=None, data_dir=data, simulator=False)
    await prepare(settings, echo=print)
    model = active(settings.model_dir)
    assert model is not None
    return model.path


async def run(turns: int, peer_turns: int, skip_peer: bool) -> dict[str, Any]:
    from bot.redis_server import private_redis

    found: list[Figures] = []
    memory: dict[str, float] = {}

    def note(figures: Figures) -> None:
        print(
            f"{figures.name:24} {figures.citizens:3} citizens {figures.per_second:8.1f} turns/s  "
            f"p50 {figures.p50:7.1f}  p95 {figures.p95:7.1f}  p99 {figures.p99:7.1f} ms",
            flush=True,
        )
        found.append(figures)

    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        model = await prepared(data)
        async with floor() as port:
            await measure_callback("warm-up", [port], 8, 400)
            for citizens in CITIZENS:
                note(await measure_callback("floor, 1 process", [port], citizens, turns))
        async with private_redis() as redis_url:
            for processes in (1, 2):
                async with product(processes, data, redis_url) as (ports, numbers):
                    memory[f"at rest, {processes} process(es), MB each"] = _megabytes(numbers[0])
                    await measure_callback("warm-up", ports, 8, 400)
                    for citizens in CITIZENS:
                        name = f"product, {processes} process{'es' * (processes - 1)}"
                        note(await measure_callback(name, ports, citizens, turns))
                    memory[f"after the load, {processes} process(es), MB each"] = _megabytes(numbers[0])
        if not skip_peer:
            async with peer(model, data) as port:
                await measure_rest("warm-up", port, 8, 80)
                for citizens in CITIZENS:
                    note(await measure_rest("peer: Rasa's server", port, citizens, peer_turns))
    for name, megabytes in memory.items():
        print(f"memory {name}: {megabytes:.0f}")
    return {"figures": [asdict(figures) for figures in found], "memory_mb": memory}


def _megabytes(process: int) -> float:
    return round(psutil.Process(process).memory_info().rss / 1e6, 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=4000)
    parser.add_argument("--peer-turns", type=int, default=640)
    parser.add_argument("--skip-peer", action="store_true")
    arguments = parser.parse_args()
    result = asyncio.run(run(arguments.turns, arguments.peer_turns, arguments.skip_peer))
    results = ROOT / "results"
    results.mkdir(exist_ok=True)
    (results / "turns.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
