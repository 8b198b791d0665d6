from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from simulator.delivery import Delivery
from simulator.pushing import TROUBLE, ActError
from simulator.standalone import Simulator
from tests.simulator.bots import (
    ACCOUNT,
    APPID,
    TOKEN,
    Answerer,
    Bot,
    Push,
    envelope,
    open_sealed,
    running_bot,
    says,
    sha1,
    text_reply,
)

WHO = "oCitizen"
TRANSFER = envelope(text_reply(WHO, "x").replace(b"[text]", b"[transfer_customer_service]"))


@asynccontextmanager
async def pair(answer: Answerer, **settings: Any) -> AsyncIterator[tuple[Simulator, Bot]]:
    settings = {"answer_seconds": 0.15, **settings}
    async with running_bot(answer) as bot, Simulator(bot.url, **settings) as wechat:
        wechat.citizen(openid=WHO)
        yield wechat, bot


async def test_safe_push_is_signed_and_holds_nothing_readable(wechat: Simulator, bot: Bot) -> None:
    openid = wechat.citizen()
    delivery = await wechat.acts.say(openid, "身份证到期了")
    push = bot.pushes[0]
    query = push.query
    assert query["signature"] == sha1(TOKEN, query["timestamp"], query["nonce"])
    sealed = push.body.split(b"<Encrypt><![CDATA[")[1].split(b"]]>")[0].decode()
    assert query["msg_signature"] == sha1(TOKEN, query["timestamp"], query["nonce"], sealed)
    assert (query["encrypt_type"], query["openid"]) == ("aes", openid)
    assert openid.encode() not in push.body
    assert open_sealed(sealed) == (push.plain, APPID)
    assert (push.get("Content"), push.get("ToUserName"), push.get("MsgType")) == (
        "身份证到期了",
        ACCOUNT,
        "text",
    )
    assert int(push.get("MsgId")) > 2**53
    assert (delivery.outcome, delivery.text) == ("reply", "您说:身份证到期了")
    assert [m.text for m in wechat.received(openid, "passive")] == ["您说:身份证到期了"]


async def plain_echo(push: Push) -> bytes:
    return text_reply(push.openid, push.get("Content"))


@pytest.mark.parametrize("data_format", ["xml", "json"])
async def test_plain_push_is_readable_and_signed(data_format: str) -> None:
    async with pair(plain_echo, mode="plain", data_format=data_format, aes_key="") as (wechat, bot):
        assert (await wechat.acts.say(WHO, "办事&<b>")).text == "办事&<b>"
        assert "msg_signature" not in bot.pushes[0].query


async def test_compat_push_carries_both_and_takes_either_answer() -> None:
    async with pair(plain_echo, mode="compat") as (wechat, bot):
        assert (await wechat.acts.say(WHO, "一")).text == "一"
        assert b"<Encrypt>" in bot.pushes[0].body
        assert "一".encode() in bot.pushes[0].body

    async def encrypted(push: Push) -> bytes:
        return envelope(text_reply(push.openid, "二"))

    async with pair(encrypted, mode="compat") as (wechat, _):
        assert (await wechat.acts.say(WHO, "一")).text == "二"


async def test_json_push_in_safe_mode_is_answered_in_json() -> None:
    async def answer(push: Push) -> bytes:
        return envelope(
            f'{{"ToUserName":"{push.openid}","FromUserName":"{ACCOUNT}","CreateTime":1,'
            f'"MsgType":"text","Content":"好"}}'.encode()
        )

    async with pair(answer, data_format="json") as (wechat, bot):
        assert (await wechat.acts.say(WHO, "一")).text == "好"
        assert bot.pushes[0].plain.startswith(b'{"ToUserName"')


@pytest.mark.parametrize("body", [b"success", b"", b"  \n"])
async def test_silence_ends_a_push_without_a_word_to_the_citizen(body: bytes) -> None:
    async with pair(says(body)) as (wechat, bot):
        delivery = await wechat.acts.say(WHO, "一")
        assert (delivery.outcome, len(bot.pushes)) == ("silence", 1)
        assert wechat.received(WHO, "passive", "note") == []


def whole(content: str, **wrong: str) -> bytes:
    return envelope(text_reply(wrong.pop("to", WHO), content, account=wrong.pop("sender", ACCOUNT)), **wrong)


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><broken",
        b"hello",
        text_reply(WHO, "not encrypted in safe mode"),
        whole(""),
        whole("   "),
        whole("字" * 683),
        whole("x", token="another"),
        whole("x", appid="wxanother"),
        whole("x", to="oSomebodyElse"),
        whole("x", sender="gh_another"),
        envelope(b"<xml><MsgType>poem</MsgType></xml>"),
        whole("x").replace(b"MsgSignature", b"Signature"),
    ],
)
async def test_a_malformed_answer_shows_the_citizen_that_service_failed(body: bytes) -> None:
    async with pair(says(body)) as (wechat, bot):
        delivery = await wechat.acts.say(WHO, "一")
        assert (delivery.outcome, len(bot.pushes)) == ("trouble", 1)
        assert delivery.reason
        assert [m.text for m in wechat.received(WHO, "note")] == [TROUBLE]


async def test_a_text_of_2048_bytes_passes() -> None:
    async with pair(says(whole("字" * 682 + "ab"))) as (wechat, _):
        assert (await wechat.acts.say(WHO, "一")).outcome == "reply"


async def test_a_push_not_answered_in_time_is_repeated_with_the_same_identity() -> None:
    async with pair(says(1.0, whole("晚了一点"))) as (wechat, bot):
        delivery = await wechat.acts.say(WHO, "一")
        assert (delivery.text, len(delivery.attempts)) == ("晚了一点", 2)
        assert {p.get("MsgId") for p in bot.pushes} == {str(delivery.fields["MsgId"])}
        assert bot.pushes[0].query["nonce"] != bot.pushes[1].query["nonce"]


async def test_three_deliveries_in_all_then_the_citizen_is_told() -> None:
    async with pair(says(1.0)) as (wechat, bot):
        began = asyncio.get_running_loop().time()
        delivery = await wechat.acts.say(WHO, "一")
        took = asyncio.get_running_loop().time() - began
        assert (delivery.outcome, len(bot.pushes)) == ("trouble", 3)
        assert 0.4 <= took < 0.9
        assert [m.text for m in wechat.received(WHO, "note")] == [TROUBLE]
        assert wechat.received(WHO, "citizen")[0].status == "failed"


async def test_a_server_error_and_a_closed_port_are_repeated_too() -> None:
    async def broken(push: Push) -> web.Response:
        return web.Response(status=500)

    async with pair(broken, answer_seconds=0.05) as (wechat, bot):
        assert (await wechat.acts.say(WHO, "一")).reason == "HTTP 500"
        assert len(bot.pushes) == 3
        wechat.connect("http://127.0.0.1:9/wechat")
        delivery = await wechat.acts.say(WHO, "一")
        assert (delivery.outcome, len(delivery.attempts)) == ("trouble", 3)


async def test_an_event_the_citizen_did_not_ask_for_fails_quietly() -> None:
    async with pair(says(b"<xml><broken")) as (wechat, _):
        await wechat.acts.report_location(WHO, 30.2, 120.1, 30)
        await wechat.acts.unfollow(WHO)
        assert TROUBLE not in [m.text for m in wechat.received(WHO, "note")]


async def test_address_check_accepts_only_a_true_echo(wechat: Simulator) -> None:
    assert (await wechat.platform.courier.verify_url())[0] is True
    wechat.platform.configure(token="another")
    assert (await wechat.platform.courier.verify_url())[0] is False


def fields_of(delivery: Delivery, *keys: str) -> list[Any]:
    return [delivery.fields.get(key) for key in keys]


async def test_following_with_and_without_a_scene(wechat: Simulator) -> None:
    openid = wechat.citizen(following=False)
    with pytest.raises(ActError):
        wechat.acts.say(openid, "没有关注")
    assert fields_of(await wechat.acts.follow(openid), "Event", "EventKey") == ["subscribe", ""]
    with pytest.raises(ActError):
        wechat.acts.follow(openid)
    scan = await wechat.acts.scan(openid, "hall-1", "ticket")
    assert fields_of(scan, "Event", "EventKey", "Ticket") == ["SCAN", "hall-1", "ticket"]
    assert fields_of(await wechat.acts.unfollow(openid), "Event") == ["unsubscribe"]
    new = await wechat.acts.scan(openid, "hall-1", "ticket")
    assert fields_of(new, "Event", "EventKey", "Ticket") == ["subscribe", "qrscene_hall-1", "ticket"]


async def test_voice_with_and_without_recognition(wechat: Simulator) -> None:
    openid = wechat.citizen()
    heard = await wechat.acts.voice(openid, "我要办身份证")
    assert fields_of(heard, "MsgType", "Recognition", "Format") == ["voice", "我要办身份证", "amr"]
    assert wechat.platform.media.get(heard.fields["MediaId"], wechat.platform.now()).kind == "voice"
    assert "Recognition" not in (await wechat.acts.voice(openid, None)).fields
    assert (await wechat.acts.voice(openid, "")).fields["Recognition"] == ""


async def test_place_link_choice_and_subscription_events(wechat: Simulator) -> None:
    openid = wechat.citizen()
    place = await wechat.acts.location(openid, 30.25, 120.16, "政务服务中心")
    assert fields_of(place, "Location_X", "Label") == [30.25, "政务服务中心"]
    link = await wechat.acts.link(openid, "指南", "说明", "https://example.org/")
    assert fields_of(link, "MsgType", "Url") == ["link", "https://example.org/"]
    choice = await wechat.acts.say(openid, "预约", menu_id="101")
    assert fields_of(choice, "MsgType", "bizmsgmenuid") == ["text", "101"]
    popup = await wechat.acts.answer_popup(openid, {"sim-subscribe-calling": True})
    assert popup.fields["Event"] == "subscribe_msg_popup_event"
    assert popup.fields["SubscribeMsgPopupEvent"]["List"][0]["SubscribeStatusString"] == "accept"
    change = await wechat.acts.withdraw(openid, "sim-subscribe-calling")
    assert change.fields["SubscribeMsgChangeEvent"]["List"][0]["SubscribeStatusString"] == "reject"


async def test_a_handover_to_the_service_desk_keeps_messages_from_the_server() -> None:
    async with pair(says(TRANSFER)) as (wechat, bot):
        await wechat.acts.say(WHO, "人工")
        await asyncio.sleep(0.05)
        assert [p.get("Event") for p in bot.pushes] == ["", "kf_create_session"]
        assert (await wechat.acts.say(WHO, "有人吗")).outcome == "desk"
        assert len(bot.pushes) == 2
        wechat.acts.desk_says(WHO, "您好,我是小安")
        bot.answer = says(b"success")
        await wechat.acts.end_desk(WHO)
        assert bot.pushes[-1].get("Event") == "kf_close_session"
        assert (await wechat.acts.say(WHO, "谢谢")).outcome == "silence"


async def test_a_silent_service_desk_lets_go_after_half_an_hour() -> None:
    async with pair(says(TRANSFER, b"success")) as (wechat, _):
        await wechat.acts.say(WHO, "人工")
        wechat.platform.age(timedelta(minutes=31))
        assert (await wechat.acts.say(WHO, "还在吗")).outcome == "silence"


async def test_an_event_cannot_be_handed_to_the_service_desk() -> None:
    async with pair(says(TRANSFER)) as (wechat, _):
        assert (await wechat.acts.scan(WHO, "hall")).outcome == "trouble"
        citizen = wechat.platform.citizens.get(WHO)
        assert citizen is not None
        assert citizen.desk is None


async def test_a_news_reply_shows_one_article() -> None:
    news = envelope(
        f"<xml><ToUserName>{WHO}</ToUserName><FromUserName>{ACCOUNT}</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item><Title>指南</Title>"
        "<Description>说明</Description><PicUrl></PicUrl><Url>https://example.org/</Url></item>"
        "<item><Title>第二条</Title></item></Articles></xml>".encode()
    )
    async with pair(says(news)) as (wechat, _):
        await wechat.acts.say(WHO, "指南")
        shown = wechat.received(WHO, "passive")[0]
        assert (shown.kind, shown.text, shown.data["url"]) == ("news", "指南", "https://example.org/")


async def test_two_citizens_do_not_wait_for_each_other() -> None:
    async def slow_for_one(push: Push) -> bytes | str:
        if push.openid == WHO:
            await asyncio.sleep(0.1)
        return "success"

    async with pair(slow_for_one) as (wechat, bot):
        other = wechat.citizen()
        await asyncio.gather(wechat.acts.say(WHO, "一"), wechat.acts.say(other, "二"))
        assert [p.openid for p in bot.pushes] == [WHO, other]
        assert [m.status for m in wechat.received(other, "citizen")] == ["delivered"]
