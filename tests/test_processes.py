"""What only separate processes show: one turn wherever a push lands, nothing lost when one is killed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.clock import running_from
from bot.conversations import Conversations
from bot.preparing import prepare_database
from bot.redis_server import private_redis
from bot.settings import DEVELOPMENT_SECRET
from hall.db import create_engine
from hall.sealing import Seal
from tests.desk import ACCOUNT, desk_settings
from tests.servers import Server, servers
from tests.wechat_push import message_xml, read_reply, safe_request

pytestmark = [
    pytest.mark.model,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("processes"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Server]]:
    data = tmp_path_factory.mktemp("pair")
    await prepare_database(desk_settings(data, model_dir), running_from(None), echo=lambda _: None)
    async with (
        private_redis() as redis_url,
        servers(
            2, data, redis_url, BANSHI_MODEL_DIR=str(model_dir), BANSHI_WECHAT_LATE_ANSWERS="retry"
        ) as started,
    ):
        yield started


async def push(server: Server, openid: str, text: str, message: int, *, created: int) -> str:
    fields = {"MsgType": "text", "Content": text, "MsgId": str(message)}
    query, body = safe_request(ACCOUNT, message_xml(ACCOUNT, openid, fields, created=created))
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/wechat", params=query, data=body.encode()) as response,
    ):
        assert response.status == 200
        return read_reply(ACCOUNT, await response.text())


async def revision(server: Server, openid: str) -> int:
    engine = create_engine(f"sqlite:///{server.data / 'banshi.db'}")
    conversations = Conversations(engine, Seal([DEVELOPMENT_SECRET]))
    try:
        return (await conversations.load(openid)).revision
    finally:
        await conversations.close()
        await engine.dispose()


async def test_the_same_push_on_two_processes_is_one_turn_with_one_answer(pair: list[Server]) -> None:
    now = int(time.time())
    openid = "oTwoProcesses000000000001"
    same = [push(pair[n % 2], openid, "身份证到期了怎么换", 1, created=now) for n in range(6)]
    answers = await asyncio.gather(*same)
    assert "居民身份证到期换领" in answers[0]
    assert len(set(answers)) == 1
    assert await revision(pair[0], openid) == 1


async def test_a_conversation_goes_on_across_processes(pair: list[Server]) -> None:
    now = int(time.time())
    openid = "oTwoProcesses000000000002"
    await push(pair[0], openid, "身份证到期了怎么换", 1, created=now)
    assert "20 元" in await push(pair[1], openid, "多少钱", 2, created=now + 1)
    assert "A 区" in await push(pair[0], openid, "在哪里办", 3, created=now + 2)
    assert await revision(pair[0], openid) == 3


async def test_pushes_of_one_citizen_on_two_processes_are_each_counted_once(pair: list[Server]) -> None:
    now = int(time.time())
    openid = "oTwoProcesses000000000003"
    sent = [push(pair[n % 2], openid, f"身份证第{n}次问", 100 + n, created=now + n) for n in range(12)]
    answers = await asyncio.gather(*sent)
    assert all(answers)
    assert await revision(pair[0], openid) == 12


async def test_a_killed_process_loses_no_message(pair: list[Server]) -> None:
    """WeChat repeats what was not answered; what was committed is answered from the row."""
    victim, other = pair
    now = int(time.time())
    openid = "oTwoProcesses000000000004"
    sent = [asyncio.create_task(push(victim, openid, "多少钱", 200 + n, created=now + n)) for n in range(8)]
    await asyncio.sleep(0.03)
    victim.kill()
    first = await asyncio.gather(*sent, return_exceptions=True)
    assert any(isinstance(answer, Exception) for answer in first)
    await asyncio.sleep(4.5)  # the dead process's claims run out before WeChat repeats
    for n in range(8):
        assert await push(other, openid, "多少钱", 200 + n, created=now + n)
    assert await revision(other, openid) == 8
    await victim.start()
    assert "回复" in await push(victim, openid, "身份证到期了怎么换", 300, created=now + 60)
