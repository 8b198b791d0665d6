"""A process that takes, calls and finishes tickets and is killed at it (SIGKILL), again and again.

    python -m tests.hall.queue.victim DATABASE_URL

Reads a line of JSON per step (what: take or call, name, window, key, moment, after: the part of a step's
usual time after which it is killed) and answers with a line: ``done ID`` if the commit came first, else
``killed``. Each step is a fork of this process, with connections of its own, so that a start costs nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import statistics
import sys
import time
from datetime import datetime
from typing import Any

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import create_engine
from hall.queue import service as desk
from hall.queue.service import QueueTerms
from tests.hall.queue.racing import writes

# Steps that are let be, to learn how long one takes.
_MEASURED = 5


async def _step(url: str, order: dict[str, Any], begun: int, done: int) -> None:
    engine = create_engine(url, pool_size=1)
    async with engine.connect():
        pass
    os.write(begun, b"x")
    terms = QueueTerms(datetime.fromisoformat(order["moment"]))
    async with writes(engine) as session:
        if order["what"] == "take":
            ticket = await desk.join(session, hall="main", group="A", openid=order["name"], terms=terms)
        else:
            found = await desk.call_next(
                session, window_id=order["window"], by="wang", finish=True, key=order["key"], terms=terms
            )
            ticket = found  # type: ignore[assignment]
    os.write(done, f"{ticket.id if ticket is not None else 0}\n".encode())


def _one(url: str, order: dict[str, Any], usual: float | None) -> tuple[str, float]:
    """Take the step in a fork; the answer, and how long it took from the beginning of the transaction."""
    begun_in, begun_out = os.pipe()
    done_in, done_out = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_step(url, order, begun_out, done_out))
        finally:
            os._exit(0)
    os.close(begun_out)
    os.close(done_out)
    os.read(begun_in, 1)
    began = time.perf_counter()
    select.select([done_in], [], [], None if usual is None else usual * order["after"])
    taken = time.perf_counter() - began
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = os.read(done_in, 100).decode().strip()
    os.close(begun_in)
    os.close(done_in)
    return (f"done {said}" if said else "killed"), taken


def main() -> None:
    url = sys.argv[1]
    measured: list[float] = []
    for line in sys.stdin:
        order = json.loads(line)
        learning = len(measured) < _MEASURED
        answer, taken = _one(url, order, None if learning else statistics.median(measured))
        if learning:
            measured.append(taken)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
