from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from simulator.standalone import Simulator
from tests.simulator.bots import Bot
from tests.simulator.conftest import Caller, Clock


async def test_five_messages_within_48_hours_after_a_message(api: Caller, clock: Clock) -> None:
    openid = api.simulator.citizen()
    assert await api.say(openid) == 45015
    await api.simulator.acts.say(openid, "一")
    assert [await api.say(openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    await api.simulator.acts.say(openid, "二")
    clock.pass_by(hours=47, minutes=59)
    await api.stable()
    assert await api.say(openid) == 0
    clock.pass_by(minutes=1)
    assert await api.say(openid) == 45015
    assert [m.text for m in api.simulator.received(openid, "custom")] == ["您好"] * 6


async def test_three_messages_within_a_minute_after_follow_scan_click_or_choice(
    api: Caller, clock: Clock
) -> None:
    acts = api.simulator.acts
    await api.post("cgi-bin/menu/create", {"button": [{"type": "click", "name": "办事指南", "key": "guide"}]})
    openid = api.simulator.citizen(following=False)
    for action in (
        lambda: acts.follow(openid),
        lambda: acts.scan(openid, "hall"),
        lambda: acts.press(openid, [0]),
        lambda: acts.say(openid, "预约", menu_id="1"),
    ):
        await action()
        assert [await api.say(openid) for _ in range(4)] == [0, 0, 0, 45047]
        clock.pass_by(seconds=60)
        assert await api.say(openid) == 45015


async def test_the_minute_is_used_up_before_the_48_hours(api: Caller, clock: Clock) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    await api.simulator.acts.scan(openid, "hall")
    assert [await api.say(openid) for _ in range(9)] == [0] * 8 + [45047]
    await api.simulator.acts.scan(openid, "hall")
    assert await api.say(openid) == 0


async def test_a_view_menu_opens_no_window(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.post(
        "cgi-bin/menu/create", {"button": [{"type": "view", "name": "网站", "url": "http://127.0.0.1/h5"}]}
    )
    assert (await api.simulator.acts.press(openid, [0])).fields["Event"] == "VIEW"
    assert await api.say(openid) == 45015


async def test_unfollowing_closes_the_window(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    await api.simulator.acts.unfollow(openid)
    assert await api.say(openid) == 45015


async def test_an_unknown_openid_is_told(api: Caller) -> None:
    assert await api.say("oNobody") == 40003


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "字" * 683}}, 45002),
        ({"msgtype": "text"}, 47001),
        ({"msgtype": "text", "text": {"content": 5}}, 47001),
        ({"msgtype": "poem", "poem": {}}, 40008),
        ({"msgtype": ["text"]}, 40008),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
        ({"msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}}, 45008),
        ({"msgtype": "news", "news": {"articles": []}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 47001),
    ],
)
async def test_a_faulty_message_is_refused_and_costs_nothing(
    api: Caller, body: dict[str, Any], code: int
) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    answer = await api.post("cgi-bin/message/custom/send", {"touser": openid, **body})
    assert answer["errcode"] == code
    assert api.simulator.received(openid, "custom") == []
    citizen = api.simulator.platform.citizens.get(openid)
    assert citizen is not None
    assert citizen.window.left(api.simulator.platform.now())["message"][0] == 5


async def test_msgmenu_needs_a_verified_account(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    menu = {"head_content": "请选", "list": [{"id": "1", "content": "预约"}], "tail_content": "谢谢"}
    body = {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}
    assert (await api.post("cgi-bin/message/custom/send", body))["errcode"] == 0
    assert api.simulator.received(openid, "custom")[0].data["choices"] == [{"id": "1", "content": "预约"}]
    api.simulator.platform.configure(verified=False)
    assert (await api.post("cgi-bin/message/custom/send", body))["errcode"] == 40200


async def test_escaped_unicode_reaches_the_citizen_as_escapes(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    raw = b'{"touser":"%s","msgtype":"text","text":{"content":"\\u529e"}}' % openid.encode()
    assert (await api.post("cgi-bin/message/custom/send", raw))["errcode"] == 0
    assert api.simulator.received(openid, "custom")[0].text == "\\u529e"


@pytest.mark.parametrize(("raw", "code"), [(b"", 44002), (b"{", 47001), ("{'办'".encode("gbk"), 47001)])
async def test_a_body_that_is_no_json_is_refused(api: Caller, raw: bytes, code: int) -> None:
    assert (await api.post("cgi-bin/message/custom/send", raw))["errcode"] == code


async def test_typing_lasts_15_seconds_and_ends_with_a_message(api: Caller, clock: Clock) -> None:
    openid = api.simulator.citizen()

    async def typing(command: str = "Typing") -> int:
        body = {"touser": openid, "command": command}
        return int((await api.post("cgi-bin/message/custom/typing", body))["errcode"])

    assert await typing() == 45015
    await api.simulator.acts.say(openid, "一")
    assert await typing("Sleeping") == 45072
    assert await typing() == 0
    assert await typing() == 45081
    assert await typing("CancelTyping") == 0
    assert await typing() == 0
    await api.say(openid)
    assert await typing() == 0
    clock.pass_by(seconds=15)
    assert await typing() == 0
    clock.pass_by(seconds=16)
    assert await typing() == 45080


DATA = {
    "thing1": {"value": "居民身份证到期换领"},
    "time2": {"value": "2026年12月2日 09:30"},
    "thing3": {"value": "一楼 A 区 5–8 号窗口"},
    "character_string4": {"value": "A-0012"},
}
CALLING = {
    "character_string1": {"value": "A012"},
    "thing2": {"value": "A 区 5 号窗口"},
    "number3": {"value": 3},
    "thing4": {"value": "请到等候区"},
}


async def template(api: Caller, openid: str, **change: Any) -> dict[str, Any]:
    body = {"touser": openid, "template_id": "sim-template-appointment", "data": DATA, **change}
    return await api.post("cgi-bin/message/template/send", body)


async def test_a_template_message_reaches_a_follower_and_is_reported(api: Caller, bot: Bot) -> None:
    openid = api.simulator.citizen()
    answer = await template(api, openid, url="http://127.0.0.1/h5/appointments/1")
    card = api.simulator.received(openid, "template")[0]
    assert card.text == "预约成功通知"
    assert card.data["rows"][0] == {"label": "办理事项", "value": "居民身份证到期换领"}
    await asyncio.sleep(0.05)
    assert bot.pushes[0].get("Event") == "TEMPLATESENDJOBFINISH"
    assert bot.pushes[0].get("MsgID") == str(answer["msgid"])


async def test_client_msg_id_guards_against_doubles_for_ten_minutes(api: Caller, clock: Clock) -> None:
    openid = api.simulator.citizen()
    first = await template(api, openid, client_msg_id="a1")
    assert (await template(api, openid, client_msg_id="a1"))["msgid"] == first["msgid"]
    assert len(api.simulator.received(openid, "template")) == 1
    clock.pass_by(minutes=10)
    await template(api, openid, client_msg_id="a1")
    assert len(api.simulator.received(openid, "template")) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"template_id": "none"}, 40037),
        ({"template_id": "sim-subscribe-calling"}, 40037),
        ({"data": {}}, 47003),
        ({"data": None}, 47003),
        ({"data": {**DATA, "thing1": {"value": "一" * 21}}}, 47003),
        ({"data": {**DATA, "character_string4": {"value": "预约号"}}}, 47003),
        ({"touser": "oNobody"}, 40003),
    ],
)
async def test_a_faulty_template_message_is_refused(api: Caller, change: dict[str, Any], code: int) -> None:
    openid = api.simulator.citizen()
    assert (await template(api, openid, **change))["errcode"] == code
    assert api.simulator.received(openid, "template") == []


async def test_a_template_message_to_who_does_not_follow_is_refused(api: Caller) -> None:
    assert (await template(api, api.simulator.citizen(following=False)))["errcode"] == 43004


async def bizsend(api: Caller, openid: str, name: str = "sim-subscribe-calling", data: Any = None) -> int:
    body = {"touser": openid, "template_id": name, "data": data or CALLING}
    return int((await api.post("cgi-bin/message/subscribe/bizsend", body))["errcode"])


async def test_one_consent_is_one_notice(api: Caller, bot: Bot) -> None:
    openid = api.simulator.citizen()
    acts = api.simulator.acts
    assert await bizsend(api, openid) == 43101
    await acts.answer_popup(openid, {"sim-subscribe-calling": False})
    assert await bizsend(api, openid) == 43101
    await acts.answer_popup(openid, {"sim-subscribe-calling": True})
    assert await bizsend(api, openid, data={**CALLING, "number3": {"value": "三"}}) == 47003
    assert await bizsend(api, openid) == 0
    assert await bizsend(api, openid) == 43101
    await asyncio.sleep(0.05)
    assert bot.pushes[-1].get("Event") == "subscribe_msg_sent_event"
    assert [m.text for m in api.simulator.received(openid, "subscribe")] == ["叫号提醒"]


async def test_a_long_term_consent_lasts_until_it_is_withdrawn(api: Caller) -> None:
    openid = api.simulator.citizen()
    data = {
        "thing1": {"value": "居住证"},
        "phrase2": {"value": "已办结"},
        "time3": {"value": "2026-10-12 10:00"},
        "thing4": {"value": "窗口领取"},
    }
    await api.simulator.acts.answer_popup(openid, {"sim-subscribe-result": True})
    assert [await bizsend(api, openid, "sim-subscribe-result", data) for _ in range(3)] == [0, 0, 0]
    await api.simulator.acts.withdraw(openid, "sim-subscribe-result")
    assert await bizsend(api, openid, "sim-subscribe-result", data) == 43101


async def test_daily_quotas_end_with_the_shanghai_day(api: Caller, clock: Clock) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    api.simulator.platform.quotas.limits["message/custom/send"] = 2
    assert [await api.say(openid) for _ in range(3)] == [0, 0, 45009]
    clock.pass_by(hours=13, minutes=59)  # 23:59 in Shanghai
    await api.stable()
    assert await api.say(openid) == 45009
    clock.pass_by(minutes=1)
    assert await api.say(openid) == 0


async def test_ageing_lets_windows_and_tokens_end_while_the_clock_stands(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    api.simulator.platform.age(timedelta(hours=48))
    assert await api.say(openid) == 42001
    await api.stable()
    assert await api.say(openid) == 45015


async def test_waiting_for_a_message_ends_when_it_comes(api: Caller, wechat: Simulator) -> None:
    openid = wechat.citizen()
    await wechat.acts.say(openid, "一")
    waiting = asyncio.create_task(wechat.wait_for(openid, "custom", count=2))
    await api.say(openid)
    await api.say(openid, "第二条")
    assert [m.text for m in await waiting] == ["您好", "第二条"]
    with pytest.raises(TimeoutError):
        await wechat.wait_for(openid, "custom", count=3, seconds=0.02)
