from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from bot.wechat.client import WeChatClient
from bot.wechat.errors import WeChatError
from bot.wechat.jssdk import signature, signed_for
from tests.bot.wechat.fake_api import FakeApi

KEY = "wechat:wxtest:jsapi_ticket"
GRANTED = {"errcode": 0, "errmsg": "ok", "ticket": "ticket-1", "expires_in": 7200}
# The example in the platform's documentation of the JS-SDK, annex 1.
EXAMPLE_TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
EXAMPLE = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize("after", ["", "#wechat_redirect"])
def test_signature_is_that_of_the_published_example(after: str) -> None:
    url = f"http://mp.weixin.qq.com?params=value{after}"
    assert signature(EXAMPLE_TICKET, "Wm3WZYTPz0wzccnW", 1414587457, url) == EXAMPLE


def test_each_page_is_signed_with_a_nonce_of_its_own() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    one, two = (signed_for("https://a.example/h5/reminders", "t", now) for _ in range(2))
    assert one.nonce != two.nonce
    assert one.timestamp == int(now.timestamp())
    assert one.signature == signature("t", one.nonce, one.timestamp, "https://a.example/h5/reminders")


async def test_ticket_is_asked_for_once_by_all_and_kept_almost_to_its_end(
    api: FakeApi, replicas: list[WeChatClient], redis: Redis
) -> None:
    api.answers["ticket/getticket"] = [GRANTED]
    asked = [client.jsapi_ticket() for client in replicas for _ in range(10)]
    assert set(await asyncio.gather(*asked)) == {"ticket-1"}
    assert api.count("ticket/getticket") == 1
    call = next(call for call in api.calls if call.path == "ticket/getticket")
    assert call.query == {"access_token": "token-1", "type": "jsapi"}
    assert 6890 <= await redis.ttl(KEY) <= 6900


async def test_dead_token_is_replaced_on_the_way_to_the_ticket(api: FakeApi, client: WeChatClient) -> None:
    rejected = {"errcode": 40001, "errmsg": "invalid credential"}
    api.answers["ticket/getticket"] = [rejected, GRANTED]
    assert await client.jsapi_ticket() == "ticket-1"
    assert api.forced() == 1


@pytest.mark.parametrize(
    "answer", [{"errcode": 48001, "errmsg": "api unauthorized"}, {"ticket": "x"}, {"expires_in": 7200}]
)
async def test_no_ticket_is_an_error_and_is_not_kept(
    api: FakeApi, client: WeChatClient, redis: Redis, answer: dict[str, object]
) -> None:
    api.answers["ticket/getticket"] = [answer]
    with pytest.raises(WeChatError):
        await client.jsapi_ticket()
    assert await redis.get(KEY) is None
