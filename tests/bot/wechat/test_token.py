from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from redis.asyncio import Redis

from bot.wechat import token as token_module
from bot.wechat.client import WeChatClient
from bot.wechat.errors import AccountProblem, TokenRejected, Unavailable, WeChatError
from bot.wechat.token import Grant, TokenStore
from tests.bot.wechat.fake_api import FakeApi

KEY = "wechat:wxtest:token"


async def send_at_once(clients: list[WeChatClient], times: int) -> list[BaseException | None]:
    sends = [client.send_text("oA", "您好") for client in clients for _ in range(times)]
    return list(await asyncio.gather(*sends, return_exceptions=True))


async def test_many_callers_on_many_replicas_fetch_once(api: FakeApi, replicas: list[WeChatClient]) -> None:
    outcomes = await send_at_once(replicas, 25)
    assert outcomes == [None] * 100
    assert api.count("stable_token") == 1
    assert api.count("message/custom/send") == 100


async def test_token_request_is_as_the_platform_wants_it(api: FakeApi, client: WeChatClient) -> None:
    await client.tokens.get()
    assert api.calls[0].json == {
        "grant_type": "client_credential",
        "appid": "wxtest",
        "secret": "s3cret-of-the-app",
        "force_refresh": False,
    }
    assert api.calls[0].query == {}


async def test_token_is_kept_until_five_minutes_before_its_end(
    api: FakeApi, client: WeChatClient, redis: Redis
) -> None:
    await client.tokens.get()
    assert 6890 <= await redis.ttl(KEY) <= 6900


@pytest.mark.parametrize(("expires_in", "least", "most"), [(300, 25, 30), (30, 10, 15), (1, 1, 1)])
async def test_token_near_its_end_is_kept_shortly(
    api: FakeApi, client: WeChatClient, redis: Redis, expires_in: int, least: int, most: int
) -> None:
    api.expires_in = expires_in
    await client.tokens.get()
    assert least <= await redis.ttl(KEY) <= most


async def test_rejected_token_is_forced_once_by_all_replicas_together(
    api: FakeApi, replicas: list[WeChatClient]
) -> None:
    await replicas[0].tokens.get()
    api.kill_token()
    outcomes = await send_at_once(replicas, 25)
    assert outcomes == [None] * 100
    assert api.forced() == 1
    assert api.count("stable_token") == 2
    assert api.token == "token-2"


async def test_late_failure_with_an_old_token_finds_the_new_one(api: FakeApi, client: WeChatClient) -> None:
    old = await client.tokens.get()
    api.kill_token()
    await client.send_text("oA", "您好")
    assert await client.tokens.replace(old) == "token-2"
    assert api.forced() == 1


async def test_lasting_rejection_ends_after_one_repetition(api: FakeApi, client: WeChatClient) -> None:
    rejected = {"errcode": 40001, "errmsg": "invalid credential"}
    api.answers["message/custom/send"] = [rejected] * 50
    with pytest.raises(TokenRejected):
        await client.send_text("oA", "您好")
    assert api.count("message/custom/send") == 2
    assert api.forced() == 1
    for _ in range(10):
        with pytest.raises(TokenRejected):
            await client.send_text("oA", "您好")
    # Not 30 s later yet: no other token is forced.
    assert api.forced() == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_each_code_of_a_bad_token_renews_it(api: FakeApi, client: WeChatClient, code: int) -> None:
    api.answers["message/custom/send"] = [{"errcode": code, "errmsg": "x"}]
    await client.send_text("oA", "您好")
    assert api.count("message/custom/send") == 2
    assert api.forced() == 1


async def test_token_that_ran_out_meanwhile_is_fetched_without_force(
    api: FakeApi, client: WeChatClient, redis: Redis
) -> None:
    old = await client.tokens.get()
    await redis.delete(KEY)
    api.token = "token-9"
    assert await client.tokens.replace(old) == "token-9"
    assert api.forced() == 0


async def test_stable_token_that_insists_on_the_rejected_one_is_forced(
    api: FakeApi, client: WeChatClient, redis: Redis
) -> None:
    old = await client.tokens.get()
    await redis.delete(KEY)
    assert await client.tokens.replace(old) == "token-2"
    assert api.forced() == 1


async def test_forced_refreshes_stop_at_twenty_a_day(
    api: FakeApi, client: WeChatClient, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        await client.tokens.replace(await client.tokens.get())
        await redis.delete(KEY + ":forced")
    with pytest.raises(TokenRejected):
        await client.tokens.replace(await client.tokens.get())
    assert api.forced() == 20
    assert 86_000 < await redis.ttl(KEY + ":forced-today") <= 86_400


async def test_forced_refreshes_are_thirty_seconds_apart(client: WeChatClient, redis: Redis) -> None:
    await client.tokens.replace(await client.tokens.get())
    assert 30 <= await redis.ttl(KEY + ":forced") <= 31


async def test_failed_fetch_is_told_to_all_who_wait_and_tried_again_later(
    api: FakeApi, client: WeChatClient
) -> None:
    api.answers["stable_token"] = [slow({"errcode": 40164, "errmsg": "invalid ip 1.2.3.4, not in whitelist"})]
    outcomes = await send_at_once([client], 20)
    assert all(isinstance(outcome, AccountProblem) for outcome in outcomes)
    assert api.count("stable_token") == 1
    await client.send_text("oA", "您好")


def slow(answer: dict[str, object]) -> object:
    async def respond(request: web.Request) -> web.Response:
        await asyncio.sleep(0.05)
        return web.json_response(answer)

    return respond


async def test_wrong_secret_is_a_problem_of_the_account(api: FakeApi, client: WeChatClient) -> None:
    for code in (40001, 40125):
        api.answers["stable_token"] = [{"errcode": code, "errmsg": "invalid appsecret"}]
        with pytest.raises(AccountProblem):
            await client.send_text("oA", "您好")
    assert api.forced() == 0


async def test_caller_that_gives_up_takes_nobody_with_it(api: FakeApi, client: WeChatClient) -> None:
    api.fetch_seconds = 0.2
    first = asyncio.create_task(client.tokens.get())
    await asyncio.sleep(0.05)
    second = asyncio.create_task(client.tokens.get())
    await asyncio.sleep(0.05)
    first.cancel()
    assert await second == "token-1"
    assert api.count("stable_token") == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "", "expires_in": 7200},
        {"access_token": "x" * 513, "expires_in": 7200},
        {"access_token": "x", "expires_in": 0},
        {"access_token": "x", "expires_in": "soon"},
        {"access_token": ["x"], "expires_in": 7200},
        {},
    ],
)
async def test_unusable_grant_is_an_error_and_is_not_kept(
    api: FakeApi, client: WeChatClient, redis: Redis, answer: dict[str, object]
) -> None:
    api.answers["stable_token"] = [answer]
    with pytest.raises(WeChatError):
        await client.tokens.get()
    assert await redis.get(KEY) is None
    assert await client.tokens.get() == "token-1"


async def test_token_of_512_characters_is_kept_whole(api: FakeApi, client: WeChatClient) -> None:
    api.token = "t" * 512
    await client.send_text("oA", "您好")
    assert await client.tokens.get() == "t" * 512


async def test_replica_that_died_with_the_lock_does_not_stop_the_others(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await redis.set(KEY + ":lock", "of a dead process", px=300)
    store = TokenStore(redis, "wxtest", one_grant)
    assert await store.get() == "token"


async def test_waiting_for_the_lock_ends(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_module, "_WAIT_SECONDS", 0.2)
    await redis.set(KEY + ":lock", "of a process that hangs")
    with pytest.raises(Unavailable):
        await TokenStore(redis, "wxtest", one_grant).get()


async def one_grant(force: bool) -> Grant:
    return Grant("token", 7200)


@pytest.fixture
async def gone_redis() -> AsyncIterator[Redis]:
    client = Redis.from_url("unix:///nonexistent/redis.sock")
    yield client
    await client.aclose()


async def test_redis_that_is_away_is_unavailable(gone_redis: Redis) -> None:
    with pytest.raises(Unavailable):
        await TokenStore(gone_redis, "wxtest", one_grant).get()
