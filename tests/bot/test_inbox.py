from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from bot.delivery import Delivery, Way
from bot.inbox import Inbox
from bot.locks import LEASE_MS, Leases
from bot.taken import Taken
from bot.wechat.push import Incoming
from bot.wechat.replies import Passive, Silence, TextReply
from bot.wording import TOO_FAST


def push(identity: str = "p1", openid: str = "oa", kind: str = "text") -> Incoming:
    return Incoming(
        identity=identity,
        openid=openid,
        account="gh",
        created=datetime(2026, 12, 1, tzinfo=UTC),
        kind=kind,  # type: ignore[arg-type]
        text="你好",
    )


class SlowTurns:
    """Answers when told to, and keeps who was in the room at the same time."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.taken: list[str] = []
        self.inside: dict[str, int] = {}
        self.crowded = False
        self.ways: list[Way] = []
        self.fail: BaseException | None = None

    async def take(self, incoming: Incoming, delivery: Delivery, revision: int | None = None) -> Taken:
        self.inside[incoming.openid] = self.inside.get(incoming.openid, 0) + 1
        self.crowded |= self.inside[incoming.openid] > 1
        self.taken.append(incoming.identity)
        try:
            await self.go.wait()
            await asyncio.sleep(0)
            if self.fail:
                raise self.fail
            self.ways.append(delivery.settle())
            return Taken(f"答{len(self.taken)}" if self.ways[-1] is Way.PASSIVE else "", len(self.taken))
        finally:
            self.inside[incoming.openid] -= 1


@pytest.fixture
def turns() -> SlowTurns:
    return SlowTurns()


Replica = Callable[..., Inbox]


@pytest.fixture
def replica(redis: Redis, turns: SlowTurns) -> Replica:
    def make(*, late_by_retry: bool = False, messages_per_minute: int = 1000) -> Inbox:
        return Inbox(
            Leases(redis), turns, late_by_retry=late_by_retry, messages_per_minute=messages_per_minute
        )

    return make


async def receive(inbox: Inbox, incoming: Incoming, seconds: float = 5) -> Passive | None:
    return await inbox.receive(incoming, deadline=asyncio.get_running_loop().time() + seconds)


async def test_the_same_push_three_times_at_once_is_one_turn_and_one_answer(
    replica: Replica, turns: SlowTurns
) -> None:
    inbox = replica()
    turns.go.clear()
    waiting = [asyncio.create_task(receive(inbox, push())) for _ in range(3)]
    await asyncio.sleep(0.05)
    turns.go.set()
    assert await asyncio.gather(*waiting) == [TextReply("答1")] * 3
    assert turns.taken == ["p1"]


async def test_a_push_that_lands_on_two_replicas_is_one_turn(replica: Replica, turns: SlowTurns) -> None:
    replicas = [replica(), replica()]
    turns.go.clear()
    waiting = [asyncio.create_task(receive(inbox, push())) for inbox in replicas]
    await asyncio.sleep(0.05)
    turns.go.set()
    assert await asyncio.gather(*waiting) == [TextReply("答1")] * 2
    assert turns.taken == ["p1"]


async def test_a_push_that_comes_again_later_gets_the_same_answer(replica: Replica, turns: SlowTurns) -> None:
    assert await receive(replica(), push()) == TextReply("答1")
    assert await receive(replica(), push()) == TextReply("答1")
    assert turns.taken == ["p1"]


async def test_two_pushes_of_one_citizen_are_taken_one_after_the_other_in_order(
    replica: Replica, turns: SlowTurns
) -> None:
    inbox = replica()
    await asyncio.gather(*(receive(inbox, push(f"p{n}")) for n in range(10)))
    assert turns.taken == [f"p{n}" for n in range(10)]
    assert not turns.crowded


async def test_pushes_of_one_citizen_on_two_replicas_never_run_at_the_same_time(
    replica: Replica, turns: SlowTurns
) -> None:
    replicas = [replica(), replica()]
    await asyncio.gather(*(receive(replicas[n % 2], push(f"p{n}")) for n in range(20)))
    assert len(turns.taken) == 20
    assert not turns.crowded


async def test_two_citizens_do_not_wait_for_each_other(replica: Replica, turns: SlowTurns) -> None:
    inbox = replica()
    turns.go.clear()
    waiting = [asyncio.create_task(receive(inbox, push(f"p{n}", openid=f"o{n}"))) for n in range(5)]
    await asyncio.sleep(0.1)
    assert len(turns.taken) == 5
    turns.go.set()
    await asyncio.gather(*waiting)


async def test_a_late_answer_is_left_to_customer_service(replica: Replica, turns: SlowTurns) -> None:
    inbox = replica()
    turns.go.clear()
    assert await receive(inbox, push(), seconds=0.05) == Silence()
    turns.go.set()
    await inbox.drain()
    assert turns.ways == [Way.LATER]


async def test_without_that_right_the_late_answer_is_fetched_by_the_repetition(
    replica: Replica, turns: SlowTurns
) -> None:
    inbox = replica(late_by_retry=True)
    turns.go.clear()
    assert await receive(inbox, push(), seconds=0.05) is None
    repeated = asyncio.create_task(receive(replica(late_by_retry=True), push()))
    await asyncio.sleep(0.05)
    turns.go.set()
    assert await repeated == TextReply("答1")
    assert turns.taken == ["p1"]
    assert turns.ways == [Way.PASSIVE]


async def test_the_push_of_a_process_that_died_is_taken_by_the_repetition(
    redis: Redis, replica: Replica, turns: SlowTurns
) -> None:
    dead = await Leases(redis).claim("oa", "p1")
    assert not dead.running
    inbox = replica()
    repeated = asyncio.create_task(receive(inbox, push(), seconds=LEASE_MS / 1000 + 2))
    assert await repeated == TextReply("答1")


async def test_a_turn_that_raises_frees_its_push_and_says_so(replica: Replica, turns: SlowTurns) -> None:
    inbox = replica()
    turns.fail = RuntimeError("boom")
    first = await receive(inbox, push())
    assert isinstance(first, TextReply)
    assert "编号" in first.text
    turns.fail = None
    assert await receive(inbox, push()) == TextReply("答2")


async def test_who_writes_too_fast_is_told_once(replica: Replica, turns: SlowTurns) -> None:
    inbox = replica(messages_per_minute=3)
    answers = [await receive(inbox, push(f"p{n}")) for n in range(6)]
    assert answers[3:] == [TextReply(TOO_FAST), Silence(), Silence()]
    assert await receive(inbox, push("other", openid="ob")) == TextReply("答4")


async def test_events_are_taken_however_many(replica: Replica, turns: SlowTurns) -> None:
    inbox = replica(messages_per_minute=1)
    for n in range(4):
        await receive(inbox, push(f"e{n}", kind="event"))
    assert len(turns.taken) == 4
