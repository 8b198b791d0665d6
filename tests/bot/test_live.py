from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.live import Live
from bot.redis_server import private_redis

SOON = 3.0


@pytest.fixture
async def two(redis_url: str) -> AsyncIterator[tuple[Live, Live]]:
    """Two processes at one Redis. Their heartbeat is too slow to be taken for a change."""
    clients = [Redis.from_url(redis_url) for _ in range(2)]
    one, other = (Live(client, heartbeat=60) for client in clients)
    async with one.running(), other.running():
        await both_hear(clients[0])
        yield one, other
    for client in clients:
        await client.aclose()


async def both_hear(redis: Redis) -> None:
    async with asyncio.timeout(SOON):
        while len(await redis.client_list(_type="pubsub")) < 2:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)


async def heard(changes: AsyncIterator[None], within: float = SOON) -> bool:
    try:
        async with asyncio.timeout(within):
            await anext(changes)
    except TimeoutError:
        return False
    return True


async def test_a_change_is_heard_here_and_in_the_other_process(two: tuple[Live, Live]) -> None:
    one, other = two
    async with one.listening("queue:main") as here, other.listening("queue:main") as there:
        assert await heard(here)
        assert await heard(there)
        await one.publish("queue:main")
        assert await heard(here)
        assert await heard(there)


async def test_what_others_watch_wakes_nobody(two: tuple[Live, Live]) -> None:
    one, other = two
    async with other.listening("queue:branch") as there:
        assert await heard(there)
        one.announce({"queue:main"})
        assert not await heard(there, 0.3)


async def test_one_may_watch_several_topics_and_a_burst_is_one_change(two: tuple[Live, Live]) -> None:
    one, other = two
    async with other.listening("queue:main", "notices") as there:
        assert await heard(there)
        for _ in range(50):
            one.announce({"notices"})
        for _ in range(20):
            await one.publish("queue:main")
        await asyncio.sleep(0.2)
        assert await heard(there)
        assert not await heard(there, 0.2)


async def test_without_a_message_a_listener_wakes_by_itself(redis: Redis) -> None:
    live = Live(redis, heartbeat=0.05)
    async with live.running(), live.listening("queue:main") as changes:
        for _ in range(3):
            assert await heard(changes)


async def test_when_redis_drops_changes_are_heard_again_by_themselves(
    two: tuple[Live, Live], redis: Redis
) -> None:
    one, other = two
    async with other.listening("queue:main") as there:
        assert await heard(there)
        for client in await redis.client_list(_type="pubsub"):
            await redis.client_kill_filter(_id=client["id"])
        # The new connection looks by itself: what was published in between is not missed.
        assert await heard(there)
        await both_hear(redis)
        await one.publish("queue:main")
        assert await heard(there)


async def test_without_redis_this_process_still_hears_itself() -> None:
    async with private_redis() as url:
        client = Redis.from_url(url)
        live = Live(client, heartbeat=60)
    async with live.running(), live.listening("queue:main") as changes:
        assert await heard(changes)
        await live.publish("queue:main")
        assert await heard(changes)
    await client.aclose()


async def test_stopping_ends_every_listener(redis: Redis) -> None:
    live = Live(redis, heartbeat=60)

    async def watch() -> int:
        async with live.listening("queue:main") as changes:
            return len([None async for _ in changes])

    async with live.running():
        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.05)
    assert await asyncio.wait_for(watching, SOON) >= 1


async def test_it_stops_at_whatever_moment_it_is_stopped(redis: Redis) -> None:
    for moment in range(30):
        async with asyncio.timeout(SOON):
            async with Live(redis).running():
                for _ in range(moment):
                    await asyncio.sleep(0)
