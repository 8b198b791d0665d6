"""Lets the search learn in a process of its own: it takes seconds of a core, and the loop has none to give.

    python -m bot.learning DIRECTORY DIGEST < rows.json

The process ends when it has learned, whatever became of the one that started it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parent.parent
_DIGEST = "entries.sha256"

Rows = Sequence[Mapping[str, Any]]


class LearningError(Exception):
    """The process that learns ended without a result."""


async def learned_apart(directory: Path, rows: Rows, digest: str) -> None:
    """Learn from `rows` into `directory`, in another process. Raises LearningError."""
    process = await asyncio.to_thread(_start, directory, rows, digest)
    try:
        code = await asyncio.to_thread(process.wait)
    except asyncio.CancelledError:
        process.kill()
        process.wait()
        raise
    if code:
        raise LearningError(f"learning ended with {code}")


def learned_from(directory: Path) -> str:
    """The digest of what was learned from; "" where nothing was."""
    try:
        return (directory / _DIGEST).read_text(encoding="ascii")
    except OSError:
        return ""


def learn_into(directory: Path, rows: Rows, digest: str) -> None:
    """Learn from `rows` and keep the result in `directory`, whole or not at all."""
    from nlu.search import Index

    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    Index.build(rows).learned.save(fresh)
    (fresh / _DIGEST).write_text(digest, encoding="ascii")
    old = fresh.with_suffix(".old")
    with contextlib.suppress(FileNotFoundError):
        directory.rename(old)
    fresh.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def _start(directory: Path, rows: Rows, digest: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-m", "bot.learning", str(directory.absolute()), digest]
    with tempfile.TemporaryFile() as written:
        written.write(json.dumps(rows, ensure_ascii=False).encode())
        written.seek(0)
        return subprocess.Popen(command, stdin=written, cwd=_ROOT)  # noqa: S603 - our own command


if __name__ == "__main__":
    learn_into(Path(sys.argv[1]), json.load(sys.stdin), sys.argv[2])
