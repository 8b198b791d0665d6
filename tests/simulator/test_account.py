from __future__ import annotations

import asyncio
import io
import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from PIL import Image

from simulator.faults import FaultError
from tests.simulator.bots import Bot
from tests.simulator.conftest import SECRET, Caller, Clock


def picture(size: int = 64) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (size, size), "white").save(data, "JPEG")
    return data.getvalue()


def form(data: bytes, name: str = "media") -> aiohttp.FormData:
    fields = aiohttp.FormData()
    fields.add_field(name, io.BytesIO(data), filename="a.jpg", content_type="image/jpeg")
    return fields


async def fetch(api: Caller, media_id: str) -> bytes | int:
    params = {"access_token": api.token, "media_id": media_id}
    async with api.session.get(f"{api.simulator.api_base}/cgi-bin/media/get", params=params) as response:
        assert response.status == 200
        if response.content_type == "application/json":
            return int((await response.json(content_type=None))["errcode"])
        return await response.read()


async def test_a_photo_can_be_fetched_for_three_days(api: Caller, bot: Bot, clock: Clock) -> None:
    openid = api.simulator.citizen()
    photo = picture()
    delivery = await api.simulator.acts.image(openid, photo)
    media_id = delivery.fields["MediaId"]
    assert await fetch(api, media_id) == photo
    async with api.session.get(delivery.fields["PicUrl"]) as response:
        assert await response.read() == photo
    clock.pass_by(days=3)
    await api.stable()
    assert await fetch(api, media_id) == 40007
    assert await fetch(api, "") == 41006


async def test_media_can_be_aged_one_by_one(api: Caller) -> None:
    openid = api.simulator.citizen()
    first = (await api.simulator.acts.image(openid, picture())).fields["MediaId"]
    second = (await api.simulator.acts.image(openid, picture())).fields["MediaId"]
    api.simulator.platform.media.expire(first)
    assert await fetch(api, first) == 40007
    assert isinstance(await fetch(api, second), bytes)


async def test_an_upload_can_be_sent(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    answer = await api.post("cgi-bin/media/upload", form(picture()), type="image")
    assert answer["type"] == "image"
    body = {"touser": openid, "msgtype": "image", "image": {"media_id": answer["media_id"]}}
    assert (await api.post("cgi-bin/message/custom/send", body))["errcode"] == 0
    wrong = {"touser": openid, "msgtype": "voice", "voice": {"media_id": answer["media_id"]}}
    assert (await api.post("cgi-bin/message/custom/send", wrong))["errcode"] == 40007


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", "image", 41005),
        (b"no picture", "image", 40005),
        (b"\xff\xd8\xff" + b"0" * (10 << 20), "image", 40009),
        (b"#!AMR\n" + b"0" * (2 << 20), "voice", 40006),
        (b"\xff\xd8\xff", "poem", 40004),
    ],
    ids=["empty", "no picture", "picture too large", "voice too large", "unknown type"],
)
async def test_a_faulty_upload_is_refused(api: Caller, data: bytes, kind: str, code: int) -> None:
    assert (await api.post("cgi-bin/media/upload", form(data), type=kind))["errcode"] == code


async def test_an_upload_without_the_part_is_refused(api: Caller) -> None:
    answer = await api.post("cgi-bin/media/upload", form(picture(), "file"), type="image")
    assert answer["errcode"] == 41005
    assert (await api.post("cgi-bin/media/upload", {"no": "form"}, type="image"))["errcode"] == 41005


async def test_a_video_is_answered_by_its_address(api: Caller) -> None:
    video = b"\x00\x00\x00\x18ftypmp42" + b"0" * 50
    media_id = (await api.post("cgi-bin/media/upload", form(video), type="video"))["media_id"]
    answer = await api.get("cgi-bin/media/get", media_id=media_id)
    async with api.session.get(answer["video_url"]) as response:
        assert await response.read() == video


def click(name: str, key: str = "k") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([click("办事"), {"name": "服务", "sub_button": [click(f"项{i}") for i in range(5)]}], 0),
        ([], 40016),
        ([click("一")] * 4, 40016),
        ([{"name": "一", "sub_button": [click("二")] * 6}], 40023),
        ([click("六个汉字的名")], 40018),
        ([click("")], 40018),
        ([{"name": "一", "sub_button": [click("字" * 14)]}], 40025),
        ([click("一", "k" * 129)], 40019),
        ([{"name": "一", "sub_button": [click("二", "")]}], 40026),
        ([{"type": "view", "name": "一", "url": "javascript:alert(1)"}], 40055),
        ([{"type": "view", "name": "一", "url": "http://x/" + "y" * 1024}], 40020),
        ([{"type": "dance", "name": "一"}], 40017),
        ([{"name": "一", "sub_button": [{"name": "二", "sub_button": [click("三")]}]}], 40023),
        (["not a button"], 47001),
    ],
)
async def test_menu_limits(api: Caller, buttons: list[Any], code: int) -> None:
    assert (await api.post("cgi-bin/menu/create", {"button": buttons}))["errcode"] == code


async def test_a_menu_is_kept_shown_and_deleted(api: Caller) -> None:
    assert (await api.get("cgi-bin/menu/get"))["errcode"] == 46003
    await api.post("cgi-bin/menu/create", {"button": [click("办事", "guide")]})
    assert (await api.get("cgi-bin/menu/get"))["menu"]["button"] == [click("办事", "guide")]
    openid = api.simulator.citizen()
    pressed = await api.simulator.acts.press(openid, [0])
    assert (pressed.fields["Event"], pressed.fields["EventKey"]) == ("CLICK", "guide")
    assert (await api.get("cgi-bin/menu/delete"))["errcode"] == 0
    assert (await api.get("cgi-bin/menu/get"))["errcode"] == 46003


async def test_photo_and_scan_buttons_push_their_event_first(api: Caller, bot: Bot) -> None:
    buttons = [
        {"type": "pic_photo_or_album", "name": "拍材料", "key": "photo"},
        {"type": "scancode_waitmsg", "name": "扫码", "key": "scan"},
    ]
    await api.post("cgi-bin/menu/create", {"button": buttons})
    openid = api.simulator.citizen()
    await api.simulator.acts.image(openid, picture(), button=[0])
    await api.simulator.acts.press(openid, [1], scanned="SN-1")
    assert [p.get("Event") or p.get("MsgType") for p in bot.pushes] == [
        "pic_photo_or_album",
        "image",
        "scancode_waitmsg",
    ]
    assert bot.pushes[2].get("ScanResult") == "SN-1"


async def test_qr_codes_carry_their_scene_and_end(api: Caller, clock: Clock) -> None:
    async def create(**body: Any) -> dict[str, Any]:
        return await api.post("cgi-bin/qrcode/create", body)

    made = await create(
        action_name="QR_STR_SCENE", action_info={"scene": {"scene_str": "hall-1"}}, expire_seconds=60
    )
    assert made["expire_seconds"] == 60
    url = f"{api.simulator.api_base}/cgi-bin/showqrcode"
    async with api.session.get(url, params={"ticket": made["ticket"]}) as response:
        assert (await response.read()).startswith(b"\x89PNG")
    assert [c.scene for c in api.simulator.platform.scenes.alive(clock())] == ["hall-1"]
    clock.pass_by(seconds=60)
    assert api.simulator.platform.scenes.alive(clock()) == []
    lasting = await create(action_name="QR_LIMIT_SCENE", action_info={"scene": {"scene_id": 7}})
    assert "expire_seconds" not in lasting
    assert (await create(action_name="QR_STR_SCENE", action_info={"scene": {"scene_str": "x" * 65}}))[
        "errcode"
    ] == 40053
    assert (await create(action_name="NO", action_info={}))["errcode"] == 40053
    assert (
        await create(
            action_name="QR_STR_SCENE", action_info={"scene": {"scene_str": "x"}}, expire_seconds=2_592_001
        )
    )["errcode"] == 40035


async def test_addresses_agents_and_users(api: Caller) -> None:
    assert "127.0.0.1" in (await api.get("cgi-bin/getcallbackip"))["ip_list"]
    online = (await api.get("cgi-bin/customservice/getonlinekflist"))["kf_online_list"]
    assert [a["kf_account"] for a in online] == ["kf2001@anlan"]
    openid = api.simulator.citizen()
    assert (await api.get("cgi-bin/user/info", openid=openid))["subscribe"] == 1
    stranger = api.simulator.citizen(following=False)
    assert (await api.get("cgi-bin/user/info", openid=stranger))["subscribe"] == 0


async def authorize(api: Caller, **change: str) -> tuple[int, str]:
    query = {
        "appid": "wxba5fad812f8e6fb9",
        "redirect_uri": "http://127.0.0.1:8080/h5/me?a=1",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
        **change,
    }
    url = f"{api.simulator.url}/connect/oauth2/authorize"
    async with api.session.get(url, params=query, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", await response.text())


async def exchange(api: Caller, code: str) -> dict[str, Any]:
    query = {"appid": "wxba5fad812f8e6fb9", "secret": SECRET, "grant_type": "authorization_code"}
    url = f"{api.simulator.api_base}/sns/oauth2/access_token"
    async with api.session.get(url, params={**query, "code": code}) as response:
        answer: dict[str, Any] = await response.json(content_type=None)
        return answer


async def code_for(api: Caller, who: str) -> str:
    status, target = await authorize(api, **{"as": who})
    assert status == 302
    assert target.startswith("http://127.0.0.1:8080/h5/me?a=1&code=")
    assert target.endswith("&state=abc123")
    return target.split("code=")[1].split("&")[0]


async def test_an_oauth_code_works_once_within_five_minutes(api: Caller, clock: Clock) -> None:
    openid = api.simulator.citizen()
    code = await code_for(api, openid)
    assert (await exchange(api, code))["openid"] == openid
    assert (await exchange(api, code))["errcode"] == 40163
    late = await code_for(api, openid)
    clock.pass_by(minutes=5)
    assert (await exchange(api, late))["errcode"] == 42003
    assert (await exchange(api, "made-up"))["errcode"] == 40029


async def test_a_page_preview_is_marked_as_no_person(api: Caller) -> None:
    answer = await exchange(api, await code_for(api, "snapshot"))
    assert answer["is_snapshotuser"] == 1


async def test_authorisation_asks_who_it_is_and_knows_the_phone(api: Caller) -> None:
    openid = api.simulator.citizen("周文静")
    status, page = await authorize(api)
    assert (status, "周文静" in page) == (200, True)
    url = f"{api.simulator.url}/connect/oauth2/authorize"
    query = {
        "appid": "wxba5fad812f8e6fb9",
        "redirect_uri": "http://127.0.0.1:8080/h5/me",
        "response_type": "code",
    }
    cookies = {"Cookie": f"simulator_citizen={openid}"}
    for scope, expected in (("snsapi_base", 302), ("snsapi_userinfo", 200)):
        async with api.session.get(
            url, params={**query, "scope": scope}, headers=cookies, allow_redirects=False
        ) as response:
            assert response.status == expected


@pytest.mark.parametrize(
    "change",
    [
        {"appid": "wx1"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"scope": "all"},
        {"state": "a b"},
        {"state": "a" * 129},
        {"response_type": "token"},
    ],
)
async def test_a_wrong_authorisation_request_shows_an_error(api: Caller, change: dict[str, str]) -> None:
    status, page = await authorize(api, **change)
    assert status == 400
    assert "<html" in page


async def test_a_fault_fails_once_then_lets_go(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    api.simulator.platform.faults.add("message/custom/send", code=-1)
    assert (await api.get("cgi-bin/getcallbackip")).get("errcode", 0) == 0
    assert [await api.say(openid), await api.say(openid)] == [-1, 0]


async def test_a_fault_for_good_stays_until_lifted(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    fault = api.simulator.platform.faults.add("*", code=45011, times=None)
    assert [await api.say(openid) for _ in range(3)] == [45011] * 3
    api.simulator.platform.faults.remove(fault.id)
    assert await api.say(openid) == 0


async def test_a_lost_answer_is_processed_a_dropped_call_is_not(api: Caller) -> None:
    openid = api.simulator.citizen()
    await api.simulator.acts.say(openid, "一")
    for kind, come in (("lost", 1), ("down", 1)):
        api.simulator.platform.faults.add("message/custom/send", kind)  # type: ignore[arg-type]
        with pytest.raises(aiohttp.ClientError):
            await api.say(openid)
        assert len(api.simulator.received(openid, "custom")) == come


async def test_a_slow_endpoint_answers_late(api: Caller) -> None:
    api.simulator.platform.faults.add("getcallbackip", "slow", seconds=0.2)
    began = time.monotonic()
    assert "ip_list" in await api.get("cgi-bin/getcallbackip")
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(
    "wrong", [{"kind": "poem"}, {"times": 0}, {"seconds": 999.0}, {"code": 0}, {"seconds": -1.0}]
)
async def test_a_fault_without_sense_is_refused(api: Caller, wrong: dict[str, Any]) -> None:
    with pytest.raises(FaultError):
        api.simulator.platform.faults.add(**wrong)


async def test_the_simulator_closes_with_a_slow_call_under_way(api: Caller) -> None:
    api.simulator.platform.faults.add("getcallbackip", "slow", seconds=0.3)
    call = asyncio.create_task(api.get("cgi-bin/getcallbackip"))
    await asyncio.sleep(0.05)
    api.simulator.platform.age(timedelta(hours=1))
    await call
