from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from simulator.app import create_app
from simulator.settings import SimulatorSettings
from simulator.standalone import Simulator
from tests.simulator.bots import Bot, says
from tests.simulator.conftest import SECRET, Caller

Control = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_citizen_follows_and_talks_through_the_control_api(
    wechat: Simulator, control: Control, bot: Bot
) -> None:
    openid = (await control("citizens", name="周文静"))["openid"]
    await control("act", openid=openid, act="follow", scene="hall-1")
    await control("act", openid=openid, act="say", text="身份证")
    answers = await wechat.wait_for(openid, "passive", count=2)
    assert {a.text for a in answers} == {"您说:subscribe", "您说:身份证"}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("act", {"openid": "oNobody", "act": "say", "text": "一"}),
        ("act", {"act": "say"}),
        ("act", {"openid": "o", "act": "fly"}),
        ("faults/add", {"kind": "poem"}),
        ("faults/add", {"times": "many"}),
        ("age", {"seconds": -1}),
        ("age", {}),
        ("settings", {"mode": "secret"}),
        ("templates", {"id": "", "kind": "once", "title": "x", "fields": {}}),
    ],
)
async def test_a_request_without_sense_is_told_in_one_line(
    control: Control, name: str, body: dict[str, Any]
) -> None:
    assert (await control(name, expect=400, **body))["error"]


async def test_state_shows_what_the_page_needs(wechat: Simulator, api: Caller, control: Control) -> None:
    openid = wechat.citizen("周文静")
    await wechat.acts.say(openid, "一")
    await control("faults/add", endpoint="media/get", kind="code", code=-1, times=None)
    async with api.session.get(f"{wechat.url}/control/state") as response:
        state = await response.json()
    assert [c["name"] for c in state["citizens"]][-1] == "周文静"
    assert [m["via"] for m in state["messages"][openid]] == ["citizen", "passive"]
    assert state["panel"]["faults"][0]["code"] == -1
    assert state["panel"]["tokens"][0]["kind"] == "stable_token"
    assert api.token not in json.dumps(state)
    assert SECRET not in json.dumps(state)
    assert state["log"][-1]["detail"]["attempts"][0]["status"] == 200
    wechat.platform.citizen(state["citizens"][0]["openid"])
    async with api.session.get(f"{wechat.url}/control/state") as response:
        names = [c["name"] for c in (await response.json())["citizens"]]
    assert names == ["林晓梅", "陈建国", "周文静"]


async def test_settings_faults_and_templates_change_while_it_runs(
    wechat: Simulator, control: Control, bot: Bot
) -> None:
    bot.answer = says(b"success")
    openid = wechat.citizen()
    await control("settings", mode="plain", data_format="json", callback_url="http://evil.example/")
    await wechat.acts.say(openid, "一")
    assert bot.pushes[0].body.startswith(b'{"ToUserName"')
    await control("settings", mode="safe", data_format="xml")
    assert (await control("verify"))["ok"] is True
    fault = await control("faults/add", endpoint="token", kind="slow", seconds=1)
    await control("faults/remove", id=fault["id"])
    assert len(wechat.platform.faults) == 0
    await control("templates", id="t1", kind="once", title="补正通知", fields={"thing1": "事项"})
    assert wechat.platform.templates["t1"].fields == (("thing1", "事项"),)
    await control("agents", account="kf2001@anlan", online=False)
    assert not any(agent.online for agent in wechat.platform.agents)
    await control("log/clear")
    assert wechat.platform.log.newest() == []


async def test_dead_tokens_can_be_ordered_like_any_fault(api: Caller, control: Control) -> None:
    assert (await control("faults/add", kind="dead_token"))["killed"] == 1
    assert (await api.get("cgi-bin/getcallbackip"))["errcode"] == 40001


FOREIGN: list[dict[str, str]] = [
    {},
    {"Origin": "https://evil.example", "X-Simulator": "1"},
    {"Sec-Fetch-Site": "cross-site", "X-Simulator": "1"},
    {"Host": "evil.example", "X-Simulator": "1"},
    {"Origin": "null", "X-Simulator": "1"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_site_cannot_drive_the_simulator(
    wechat: Simulator, api: Caller, headers: dict[str, str]
) -> None:
    before = len(wechat.platform.citizens.everyone())
    for path in ("control/citizens", "control/image"):
        async with api.session.post(
            f"{wechat.url}/{path}", data=b'{"name":"x"}', headers=headers
        ) as response:
            assert response.status == 403
            assert "Access-Control-Allow-Origin" not in response.headers
    assert len(wechat.platform.citizens.everyone()) == before


@pytest.mark.parametrize("path", ["", "control/state", "live", "static/main.js"])
async def test_a_rebound_name_sees_nothing(wechat: Simulator, api: Caller, path: str) -> None:
    async with api.session.get(f"{wechat.url}/{path}", headers={"Host": "evil.example"}) as response:
        assert response.status == 403


async def test_the_page_is_strict_about_what_it_loads(wechat: Simulator, api: Caller) -> None:
    async with api.session.get(wechat.url) as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert str(response.url).endswith("/simulator/")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


async def test_an_oversized_request_is_refused(wechat: Simulator, api: Caller) -> None:
    async with api.session.post(
        f"{wechat.url}/control/act", data=b" " * 300_000, headers={"X-Simulator": "1"}
    ) as response:
        assert response.status == 413
    form = aiohttp.FormData()
    form.add_field("media", b"text, no picture", filename="a.jpg")
    openid = wechat.citizen()
    async with api.session.post(
        f"{wechat.url}/control/image", params={"openid": openid}, data=form, headers={"X-Simulator": "1"}
    ) as response:
        assert response.status == 400
        assert "格式" in (await response.json())["error"]


async def test_the_stream_tells_what_happens_and_ends_with_the_simulator(bot: Bot) -> None:
    async with aiohttp.ClientSession() as session:
        async with Simulator(bot.url) as wechat:
            openid = wechat.citizen()
            stream = await session.get(f"{wechat.url}/live")
            await stream.content.readuntil(b"\n\n")
            await wechat.acts.say(openid, "一")
            seen = []
            while not seen or seen[-1].get("message", {}).get("via") != "passive":
                line = await stream.content.readline()
                if line.startswith(b"data: "):
                    seen.append(json.loads(line[6:]))
            assert {"message", "citizen", "log"} <= {event["type"] for event in seen}
        await asyncio.wait_for(stream.content.readuntil(b"never"), 5)
        assert stream.content.at_eof()


async def test_a_listener_too_far_behind_is_told_to_start_over(wechat: Simulator) -> None:
    with wechat.platform.live.listen() as queue:
        for _ in range(600):
            wechat.platform.live.publish("panel")
        assert (queue.get_nowait() or {})["type"] == "resync"


async def test_chats_citizens_and_log_are_bounded(wechat: Simulator) -> None:
    openid = wechat.citizen()
    citizen = wechat.platform.citizens.get(openid)
    assert citizen is not None
    for number in range(450):
        wechat.platform.post(citizen, "note", "note", str(number))
        wechat.platform.log.add("call", "x", at=wechat.platform.now(), ok=True, body=b"x" * 100_000)
    assert len(citizen.messages) == 400
    log = wechat.platform.log.newest()
    assert len(log) == 300
    assert len(log[0]["detail"]["body"]) < 17_000
    for _ in range(1100):
        wechat.platform.citizens.add("市民")
    assert len(wechat.platform.citizens.everyone()) == 1000


@pytest.mark.parametrize(
    "wrong", [{"mode": "open"}, {"aes_key": "short"}, {"deliveries": 0}, {"answer_seconds": 0}]
)
def test_an_impossible_account_is_refused(wrong: dict[str, Any]) -> None:
    settings = {
        "callback_url": "http://127.0.0.1/wechat",
        "appid": "wx1",
        "secret": "s",
        "token": "t",
        "aes_key": "a" * 43,
        **wrong,
    }
    with pytest.raises(ValueError):
        create_app(SimulatorSettings(**settings))
