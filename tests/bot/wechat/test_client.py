from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from redis.asyncio import Redis

from bot.wechat import client as client_module
from bot.wechat import errors, media
from bot.wechat.answers import OnlineAgent
from bot.wechat.client import WeChatClient
from bot.wechat.errors import WeChatError, error_for
from tests.bot.wechat.fake_api import FakeApi, cut, never

SEND = "message/custom/send"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short time-outs and pauses."""
    timeout = aiohttp.ClientTimeout(total=0.6, connect=0.2, sock_read=0.3)
    for module, name in (
        (client_module, "TIMEOUT"),
        (client_module, "MEDIA_TIMEOUT"),
        (media, "MEDIA_TIMEOUT"),
    ):
        monkeypatch.setattr(module, name, timeout)
    monkeypatch.setattr(client_module, "_BUSY_SECONDS", 0.01)


def sent(api: FakeApi, path: str = SEND) -> list[Any]:
    return [call.json for call in api.calls if call.path == path]


# --- what is sent


async def test_text_goes_out_as_raw_utf8(api: FakeApi, client: WeChatClient) -> None:
    await client.send_text("oA", '您好 "甲" 😀')
    call = api.calls[-1]
    assert call.query == {"access_token": "token-1"}
    assert "您好".encode() in call.body
    assert "😀".encode() in call.body
    assert b"\\u" not in call.body
    assert call.json == {"touser": "oA", "msgtype": "text", "text": {"content": '您好 "甲" 😀'}}


async def test_lone_surrogate_does_not_stop_a_message(api: FakeApi, client: WeChatClient) -> None:
    await client.send_text("oA", "甲\ud800乙")
    assert sent(api)[0]["text"]["content"] == "甲?乙"


async def test_msgmenu(api: FakeApi, client: WeChatClient) -> None:
    await client.send_msgmenu("oA", "满意吗", [("1", "满意"), ("2", "不满意")], "谢谢")
    assert sent(api)[0]["msgmenu"] == {
        "head_content": "满意吗",
        "list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}],
        "tail_content": "谢谢",
    }


async def test_typing(api: FakeApi, client: WeChatClient) -> None:
    await client.typing("oA")
    await client.typing("oA", on=False)
    commands = [one["command"] for one in sent(api, "message/custom/typing")]
    assert commands == ["Typing", "CancelTyping"]


async def test_template_and_subscription_notices(api: FakeApi, client: WeChatClient) -> None:
    api.answers["message/template/send"] = [{"errcode": 0, "msgid": 200228332}]
    number = await client.send_template("oA", "T1", {"thing1": "身份证"}, url="https://h", client_msg_id="n1")
    assert number == "200228332"
    assert sent(api, "message/template/send")[0] == {
        "touser": "oA",
        "template_id": "T1",
        "url": "https://h",
        "client_msg_id": "n1",
        "data": {"thing1": {"value": "身份证"}},
    }
    await client.send_subscribe("oA", "S1", {"thing1": "身份证"})
    assert sent(api, "message/subscribe/bizsend")[0]["template_id"] == "S1"


async def test_menu_qr_agents_and_addresses(api: FakeApi, client: WeChatClient) -> None:
    api.answers["menu/get"] = [{"errcode": 46003, "errmsg": "menu no exist"}, {"menu": {"button": []}}]
    assert await client.get_menu() is None
    assert await client.get_menu() == {"button": []}
    api.answers["customservice/getonlinekflist"] = [
        {"kf_online_list": [{"kf_account": "li@anlan", "status": 1, "kf_id": "1", "accepted_case": 2}]}
    ]
    assert await client.online_kf() == [OnlineAgent("li@anlan", 2)]
    api.answers["getcallbackip"] = [{"ip_list": ["101.226.62.77", "101.226.62.0/24"]}]
    assert await client.callback_ips() == ["101.226.62.77", "101.226.62.0/24"]
    api.answers["qrcode/create"] = [{"ticket": "T", "url": "http://weixin.qq.com/q/x"}] * 2
    assert (await client.create_qr("hall:main")).ticket == "T"
    await client.create_qr("hall:main", None)
    assert [one["action_name"] for one in sent(api, "qrcode/create")] == [
        "QR_STR_SCENE",
        "QR_LIMIT_STR_SCENE",
    ]
    for scene in ("", "x" * 65):
        with pytest.raises(errors.BadMessage):
            await client.create_qr(scene)


async def test_answer_without_what_it_must_carry_is_a_wechat_error(
    api: FakeApi, client: WeChatClient
) -> None:
    with pytest.raises(WeChatError):
        await client.create_qr("x")
    with pytest.raises(WeChatError):
        await client.upload_temp_media("image", b"x", filename="a.jpg", content_type="image/jpeg")


async def test_oauth_code_is_exchanged_once(api: FakeApi, client: WeChatClient, quick: None) -> None:
    path = "sns/oauth2/access_token"
    api.answers[path] = [
        {"openid": "oA", "access_token": "user-token"},
        {"openid": "oV", "is_snapshotuser": 1},
        {"errcode": 40163, "errmsg": "code been used"},
        never,
    ]
    user = await client.oauth_user("c1")
    assert (user.openid, user.snapshot) == ("oA", False)
    assert (await client.oauth_user("c2")).snapshot
    with pytest.raises(errors.BadMessage):
        await client.oauth_user("c1")
    with pytest.raises(errors.OutcomeUnknown) as caught:
        await client.oauth_user("c3")
    assert "s3cret" not in str(caught.value)
    assert api.count(path) == 4
    assert api.count("stable_token") == 0


# --- errors by what they ask for


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, errors.Busy),
        (40003, errors.Unreachable),
        (43004, errors.Unreachable),
        (43019, errors.Unreachable),
        (50005, errors.Unreachable),
        (45009, errors.QuotaExhausted),
        (45011, errors.TooFast),
        (45015, errors.WindowClosed),
        (45047, errors.WindowClosed),
        (43101, errors.NotAllowedByCitizen),
        (47003, errors.BadMessage),
        (40037, errors.BadMessage),
        (45002, errors.BadMessage),
        (45008, errors.BadMessage),
        (40200, errors.BadMessage),
        (48001, errors.AccountProblem),
        (48004, errors.AccountProblem),
        (50002, errors.AccountProblem),
        (40164, errors.AccountProblem),
        (40007, errors.BadMedia),
        (99999, WeChatError),
    ],
)
async def test_error_code_says_what_to_do(
    api: FakeApi, client: WeChatClient, quick: None, code: int, kind: type[WeChatError]
) -> None:
    api.answers[SEND] = [{"errcode": code, "errmsg": "because"}] * 9
    with pytest.raises(WeChatError) as caught:
        await client.send_text("oA", "您好")
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.message) == (code, "because")
    assert api.count(SEND) == (3 if code == -1 else 1)


def test_token_codes_are_token_errors() -> None:
    for code in (40001, 40014, 42001):
        assert isinstance(error_for(code, ""), errors.TokenRejected)


def test_message_of_an_error_is_bounded() -> None:
    assert len(str(error_for(40003, "x" * 100_000))) < 400


async def test_busy_platform_is_asked_again(api: FakeApi, client: WeChatClient, quick: None) -> None:
    api.answers[SEND] = [{"errcode": -1, "errmsg": "system busy"}] * 2
    await client.send_text("oA", "您好")
    assert api.count(SEND) == 3


# --- what became of the request


async def test_send_without_answer_is_unknown_and_not_repeated(
    api: FakeApi, client: WeChatClient, quick: None
) -> None:
    for silence in (never, cut, gateway(502), gateway(200)):
        api.answers[SEND] = [silence]
        before = api.count(SEND)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await client.send_text("oA", "您好")
        assert api.count(SEND) == before + 1
        assert "token-1" not in str(caught.value)
        assert caught.value.__cause__ is None


async def test_question_without_answer_is_unavailable(
    api: FakeApi, client: WeChatClient, quick: None
) -> None:
    for silence in (never, cut, gateway(502)):
        # aiohttp itself repeats a GET once when a connection that was kept open breaks.
        api.answers["menu/get"] = [silence, silence]
        with pytest.raises(errors.Unavailable):
            await client.get_menu()


async def test_gateway_that_refuses_did_nothing(api: FakeApi, client: WeChatClient) -> None:
    api.answers[SEND] = [gateway(404)]
    with pytest.raises(WeChatError) as caught:
        await client.send_text("oA", "您好")
    assert type(caught.value) is WeChatError


async def test_redirect_is_not_followed_with_the_token(api: FakeApi, client: WeChatClient) -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{api.base}/cgi-bin/stolen"})

    api.answers[SEND] = [elsewhere]
    with pytest.raises(errors.OutcomeUnknown):
        await client.send_text("oA", "您好")
    assert api.count("stolen") == 0


async def test_endless_answer_is_cut(api: FakeApi, client: WeChatClient) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    api.answers[SEND] = [endless]
    with pytest.raises(errors.OutcomeUnknown):
        await client.send_text("oA", "您好")


async def test_no_connection_is_unavailable(
    session: aiohttp.ClientSession, redis: Redis, quick: None
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
        await redis.set("wechat:wxtest:token", "t")
        client = WeChatClient(session, redis, base=base, appid="wxtest", secret="s")
        with pytest.raises(errors.Unavailable):
            await client.send_text("oA", "您好")


async def test_connection_that_does_not_come_about_in_time_is_unavailable(redis: Redis, quick: None) -> None:
    # A pool with its only connection taken: waiting for it is part of connecting.
    await redis.set("wechat:wxtest:token", "t")
    fake = FakeApi()
    fake.answers["slow"] = [never]
    runner = web.AppRunner(fake.app(), shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        taken = asyncio.create_task(session.get(base + "/slow"))
        await asyncio.sleep(0.05)
        client = WeChatClient(session, redis, base=base, appid="wxtest", secret="s")
        with pytest.raises(errors.Unavailable) as caught:
            await client.send_text("oA", "您好")
        assert "access_token" not in str(caught.value)
        taken.cancel()
    assert fake.count(SEND) == 0
    await runner.cleanup()


async def test_unknown_host_is_unavailable(session: aiohttp.ClientSession, redis: Redis, quick: None) -> None:
    await redis.set("wechat:wxtest:token", "t")
    client = WeChatClient(session, redis, base="http://nowhere.invalid", appid="wxtest", secret="s")
    with pytest.raises(errors.Unavailable):
        await client.send_text("oA", "您好")


def gateway(status: int) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>nginx</html>", content_type="text/html")

    return answer


# --- media


def content(body: bytes, content_type: str = "image/jpeg", *, chunked: bool = False) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {"Content-Disposition": 'attachment; filename="m1.jpg"', "Content-Type": content_type}
        if not chunked:
            return web.Response(body=body, headers=headers)
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        for start in range(0, len(body), 10_000):
            await response.write(body[start : start + 10_000])
        await response.write_eof()
        return response

    return answer


async def test_photo_is_streamed(api: FakeApi, client: WeChatClient) -> None:
    api.answers["media/get"] = [content(b"\xff\xd8" * 100_000, chunked=True)]
    async with client.download_media("m1", max_bytes=1_000_000) as media:
        assert (media.content_type, media.filename) == ("image/jpeg", "m1.jpg")
        pieces = [piece async for piece in media.pieces()]
    assert b"".join(pieces) == b"\xff\xd8" * 100_000
    assert len(pieces) > 1
    assert api.calls[-1].query == {"access_token": "token-1", "media_id": "m1"}


async def test_photo_may_be_as_large_as_allowed(api: FakeApi, client: WeChatClient) -> None:
    api.answers["media/get"] = [content(b"x" * 1000, chunked=True), content(b"x" * 1000)]
    for _ in range(2):
        async with client.download_media("m1", max_bytes=1000) as media:
            assert await media.read() == b"x" * 1000


@pytest.mark.parametrize("chunked", [True, False])
async def test_photo_that_is_too_large_is_not_read(api: FakeApi, client: WeChatClient, chunked: bool) -> None:
    api.answers["media/get"] = [content(b"x" * 300_000, chunked=chunked)]
    with pytest.raises(errors.BadMedia):
        async with client.download_media("m1", max_bytes=100_000) as media:
            await media.read()


async def test_error_in_the_place_of_media_is_an_error(api: FakeApi, client: WeChatClient) -> None:
    api.answers["media/get"] = [content(b'{"errcode":40007,"errmsg":"invalid media_id"}', "text/plain")]
    with pytest.raises(errors.BadMedia) as caught:
        async with client.download_media("m1", max_bytes=1000):
            pytest.fail("no media came")
    assert caught.value.code == 40007


async def test_video_is_followed_to_its_address(api: FakeApi, client: WeChatClient) -> None:
    api.answers["media/get"] = [{"video_url": f"{api.base}/videos/v1.mp4"}]
    api.answers["videos/v1.mp4"] = [content(b"moov", "video/mp4")]
    async with client.download_media("v1", max_bytes=1000) as media:
        assert media.content_type == "video/mp4"
        assert await media.read() == b"moov"
    assert api.calls[-1].query == {}


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/y", 7, None])
async def test_video_at_a_strange_address_is_not_followed(
    api: FakeApi, client: WeChatClient, address: object
) -> None:
    api.answers["media/get"] = [{"video_url": address}]
    with pytest.raises(WeChatError):
        async with client.download_media("v1", max_bytes=1000):
            pytest.fail("no media came")


async def test_video_address_that_leads_on_is_not_followed(api: FakeApi, client: WeChatClient) -> None:
    api.answers["media/get"] = [{"video_url": f"{api.base}/videos/v1"}]
    api.answers["videos/v1"] = [{"video_url": f"{api.base}/videos/v2"}]
    with pytest.raises(WeChatError):
        async with client.download_media("v1", max_bytes=1000):
            pytest.fail("no media came")
    assert api.count("videos/v2") == 0


async def test_rejected_token_is_replaced_for_a_download_too(api: FakeApi, client: WeChatClient) -> None:
    await client.tokens.get()
    api.kill_token()
    # The fake answers 40001 to the first and is told what the second gets.
    api.answers["media/get"] = [{"errcode": 40001, "errmsg": "x"}, content(b"photo")]
    async with client.download_media("m1", max_bytes=1000) as media:
        assert await media.read() == b"photo"
    assert api.calls[-1].query["access_token"] == "token-2"


async def test_download_that_breaks_off_is_unavailable(
    api: FakeApi, client: WeChatClient, quick: None
) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * 500)
        assert request.transport is not None
        request.transport.abort()
        return response

    for trouble in (half, never, cut):
        api.answers["media/get"] = [trouble, trouble]
        with pytest.raises(errors.Unavailable):
            async with client.download_media("m1", max_bytes=10_000) as media:
                await media.read()


async def test_upload_is_whole_on_the_repetition_too(api: FakeApi, client: WeChatClient) -> None:
    bodies = []

    async def stored(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.json_response({"type": "image", "media_id": "M"})

    api.answers["media/upload"] = [{"errcode": 42001, "errmsg": "expired"}, stored]
    photo = b"\xff\xd8" * 5000
    media_id = await client.upload_temp_media("image", photo, filename="a.jpg", content_type="image/jpeg")
    assert media_id == "M"
    uploads = [call for call in api.calls if call.path == "media/upload"]
    assert [photo in call.body for call in uploads] == [True, True]
    assert uploads[1].query == {"access_token": "token-2", "type": "image"}
    assert b'name="media"; filename="a.jpg"' in bodies[0]
