from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from hall.db import Sessions
from hall.queue import service as desk
from hall.queue.models import QueueCall, QueueTicket
from hall.queue.service import QueueTerms
from tests.hall.queue.desk import CLERK, at, opened
from tests.hall.queue.racing import replayed

ROOT = Path(__file__).parents[3]


async def test_killed_at_random_points_no_ticket_is_lost_or_called_twice(hall: Sessions, db_url: str) -> None:
    window = await opened(hall)
    chance = Random(1)
    victim = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "ignore", "-m", "tests.hall.queue.victim", db_url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert victim.stdin is not None
    assert victim.stdout is not None
    moment = at("09:30")
    done: dict[str, list[int]] = {"take": [], "call": []}
    killed = 0
    for count in range(36):
        moment += timedelta(seconds=10)
        order = {
            "what": "take" if count % 2 == 0 else "call",
            "name": f"o{count}",
            "window": window.id,
            "key": f"{count}",
            "moment": moment.isoformat(),
            "after": chance.uniform(0, 2.5),
        }
        victim.stdin.write(json.dumps(order).encode() + b"\n")
        await victim.stdin.drain()
        answer = (await victim.stdout.readline()).decode().split()
        assert answer, "the victim itself died"
        if answer[0] == "done":
            done[str(order["what"])].append(int(answer[1]))
        else:
            killed += 1
    victim.stdin.close()
    await victim.wait()
    assert killed > 5
    assert len(done["take"]) + len(done["call"]) > 5
    # The line is called to its end; then everything that was written must be by the rule.
    async with hall.begin() as session:
        while moment := moment + timedelta(seconds=10):
            ticket = await desk.call_next(
                session, window_id=window.id, by=CLERK, finish=True, terms=QueueTerms(moment)
            )
            if ticket is None:
                break
    async with hall() as session:
        tickets = set(await session.scalars(select(QueueTicket.id)))
        serials = await session.scalar(select(func.max(QueueTicket.serial)))
        calls = (await session.scalars(select(QueueCall.ticket_id))).all()
    assert set(done["take"]) <= tickets
    assert serials == len(tickets)
    assert {number for number in done["call"] if number} <= set(calls)
    assert await replayed(hall) == []
