"""Trains models, and finds out when there is need to."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from nlu.training.models import Model, activate, choose, model_path, record
from nlu.training.project import Project

Progress = Callable[[str], None]

_ROOT = Path(__file__).parent.parent.parent
_SAID_LAST = 2000
"""Characters of what Rasa printed that an error quotes."""


class TrainingError(Exception):
    """The training failed; says what Rasa said."""


async def ensure(project: Project, directory: Path, *, progress: Progress, now: datetime) -> Model:
    """The model to answer with; trains one only if none fits the training data.

    Of several processes that start at once one trains, and the others wait for it. Raises TrainingError.
    """
    model = choose(directory, project.fingerprint())
    if model is not None:
        return model
    async with _alone(directory):
        model = choose(directory, project.fingerprint())
        return model or await _train(project, directory, progress, now)


async def train(project: Project, directory: Path, *, progress: Progress, now: datetime) -> Model:
    """Train a model in a process of its own and activate it. Raises TrainingError.

    `progress` is called with each step, in English, as one line.
    """
    async with _alone(directory):
        return await _train(project, directory, progress, now)


async def _train(project: Project, directory: Path, progress: Progress, now: datetime) -> Model:
    fingerprint = project.fingerprint()
    name = f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{fingerprint[:8]}"
    path = model_path(directory, name)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="banshi-training-") as scratch:
        await _run_worker(project, Path(scratch) / path.name, progress)
        _move(Path(scratch) / path.name, path)
    figures = {
        "seconds": round(time.perf_counter() - began, 1),
        "megabytes": round(path.stat().st_size / 1e6, 2),
    }
    record(Model(name, path, fingerprint, now, figures))
    progress(f"trained {name} in {figures['seconds']} s")
    return activate(directory, name, by="training", now=now)


async def _run_worker(project: Project, out: Path, progress: Progress) -> None:
    data = [argument for path in project.data for argument in ("--data", str(path.absolute()))]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "nlu.training.worker"),
        *("--domain", str(project.domain.absolute()), "--config", str(project.config.absolute())),
        *(*data, "--out", str(out)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=out.parent,  # Rasa writes its caches where it is
        env=_environment(),
    )
    try:
        failure, printed = await asyncio.gather(_follow(process, progress), _drain(process))
        code = await process.wait()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if code or failure:
        raise TrainingError(failure or f"the training ended with {code}: {printed[-_SAID_LAST:]}")


async def _follow(process: asyncio.subprocess.Process, progress: Progress) -> str | None:
    """Pass on each step; the error, if the worker told of one."""
    assert process.stdout is not None  # noqa: S101 - it is piped
    failure = None
    async for line in process.stdout:
        said = json.loads(line)
        if "step" in said:
            progress(said["step"])
        failure = said.get("error", failure)
    return failure


async def _drain(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None  # noqa: S101 - it is piped
    return (await process.stderr.read()).decode("utf-8", "replace").strip()


def _environment() -> dict[str, str]:
    """Rasa's switches: no reports home, no cache (it does not know our components' code), no colours."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "NO_COLOR": "1",
    }


def _move(source: Path, target: Path) -> None:
    """Move over file systems so that the target is there whole or not at all."""
    partial = target.with_name(f".{target.name}.partial")
    partial.write_bytes(source.read_bytes())
    partial.replace(target)


@asynccontextmanager
async def _alone(directory: Path) -> AsyncIterator[None]:
    """Hold the directory's lock: one training at a time on a machine."""
    with _lock_file(directory) as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield


def _lock_file(directory: Path) -> TextIO:
    directory.mkdir(parents=True, exist_ok=True)
    return (directory / ".lock").open("w", encoding="utf-8")
