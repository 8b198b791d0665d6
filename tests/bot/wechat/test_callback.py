from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientConnectionError, web
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from bot.wechat.callback import MAX_BODY, Callback, EchoReceiver, Receiver, routes
from bot.wechat.crypto import Crypto
from bot.wechat.push import Incoming
from bot.wechat.replies import Passive, Silence, TextReply
from tests.bot.wechat import vectors
from tests.bot.wechat.platform_side import (
    ACCOUNT,
    NOW,
    OPENID,
    Platform,
    encrypt,
    reply_fields,
    signature,
    text_fields,
    xml,
)

TOKEN, APPID = "simulatortoken", "wxba5fad812f8e6fb9"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut"
STRANGE_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

Query = dict[str, str]


class Recorder:
    """Answers every push with what it is told to, and remembers what came."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.answer: Callable[[Incoming], Passive | None] = lambda incoming: TextReply("答:" + incoming.text)

    async def receive(self, incoming: Incoming, *, deadline: float) -> Passive | None:
        left = deadline - asyncio.get_running_loop().time()
        assert 4 < left <= 4.5
        self.received.append(incoming)
        return self.answer(incoming)


class Server:
    """A callback on a real port, with WeChat's side of the account."""

    def __init__(self, client: TestClient[Any, Any], recorder: Recorder, platform: Platform) -> None:
        self.client, self.recorder, self.platform = client, recorder, platform

    async def post(self, query: Query, body: bytes, **options: Any) -> tuple[int, str]:
        async with self.client.post("/wechat", params=query, data=body, **options) as response:
            return response.status, await response.text()

    async def get(self, query: Query) -> tuple[int, str]:
        async with self.client.get("/wechat", params=query) as response:
            return response.status, await response.text()

    async def is_well(self) -> None:
        """The next good message is answered."""
        before = len(self.recorder.received)
        if self.platform.key:
            status, body = await self.post(*self.platform.safe(xml(text_fields("下一条"))))
            body = self.platform.read(body)
        else:
            status, body = await self.post(*self.platform.plain(xml(text_fields("下一条"))))
        assert status == 200
        assert reply_fields(body)["Content"] == "答:下一条"
        assert len(self.recorder.received) == before + 1


def wall_clock() -> datetime:
    return datetime.fromtimestamp(NOW, UTC)


@pytest.fixture
def serve(aiohttp_client: Any) -> Any:
    async def start(*keys: str, receiver: Receiver | None = None, clock: Any = wall_clock) -> Server:
        recorder = Recorder()
        crypto = Crypto(token=TOKEN, appid=APPID, aes_keys=keys)
        app = web.Application()
        app.add_routes(routes(Callback(crypto, receiver or recorder, clock)))
        client = await aiohttp_client(app)
        return Server(client, recorder, Platform(token=TOKEN, appid=APPID, key=keys[0] if keys else ""))

    return start


@pytest.fixture
async def safe(serve: Any) -> Server:
    server: Server = await serve(KEY, OLD_KEY)
    return server


@pytest.fixture
async def plain(serve: Any) -> Server:
    server: Server = await serve()
    return server


# --- GET


async def test_echo_with_a_valid_signature_is_given_back(safe: Server, plain: Server) -> None:
    for server in (safe, plain):
        query, _ = server.platform.plain("")
        assert await server.get({**query, "echostr": "4375120948345356249"}) == (200, "4375120948345356249")


async def test_official_echo_example(aiohttp_client: Any) -> None:
    crypto = Crypto(token=vectors.TOKEN, appid=vectors.APPID, aes_keys=[vectors.AES_KEY])
    at = datetime.fromtimestamp(int(vectors.GET_TIMESTAMP), UTC)
    app = web.Application()
    app.add_routes(routes(Callback(crypto, EchoReceiver(), lambda: at)))
    client = await aiohttp_client(app)
    query = {
        "signature": vectors.GET_SIGNATURE,
        "timestamp": vectors.GET_TIMESTAMP,
        "nonce": vectors.GET_NONCE,
        "echostr": vectors.GET_ECHO,
    }
    async with client.get("/wechat", params=query) as response:
        assert response.status == 200
        assert await response.text() == vectors.GET_ECHO
        assert response.content_type == "text/plain"


async def test_encrypted_echo_is_decrypted(safe: Server) -> None:
    ciphertext = encrypt("4375120948345356249", KEY, APPID)
    query, _ = safe.platform.plain("")
    query["msg_signature"] = signature(TOKEN, query["timestamp"], query["nonce"], ciphertext)
    assert await safe.get({**query, "echostr": ciphertext}) == (200, "4375120948345356249")


@pytest.mark.parametrize(
    "change",
    [
        {"signature": None},
        {"signature": "0" * 40},
        {"signature": ""},
        {"timestamp": str(NOW - 601)},
        {"timestamp": None},
        {"nonce": None},
        {"nonce": "999"},
        {"echostr": None},
        {"echostr": ""},
        {"echostr": "<script>alert(1)</script>"},
        {"echostr": "x" * 513},
        {"msg_signature": "0" * 40},
    ],
)
async def test_echo_without_proof_is_refused(safe: Server, change: dict[str, str | None]) -> None:
    query, _ = safe.platform.plain("")
    changed = {**query, "echostr": "12345", **change}
    status, body = await safe.get({name: value for name, value in changed.items() if value is not None})
    assert 400 <= status < 500
    assert "12345" not in body
    assert "script" not in body


async def test_stale_echo_is_refused_though_signed(safe: Server) -> None:
    query, _ = Platform(token=TOKEN, appid=APPID, at=NOW - 601).plain("")
    assert (await safe.get({**query, "echostr": "12345"}))[0] == 403


# --- POST, every mode and form


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("outer", ["xml", "json"])
async def test_safe_mode(safe: Server, form: str, outer: str) -> None:
    fields = text_fields("要带什么")
    message = xml(fields) if form == "xml" else json.dumps(fields)
    status, body = await safe.post(*safe.platform.safe(message, as_json=outer == "json"))
    assert status == 200
    assert body.startswith("{") == (outer == "json")
    reply = safe.platform.read(body)
    read = reply_fields(reply) if form == "xml" else json.loads(reply)
    assert read["Content"] == "答:要带什么"
    assert (read["ToUserName"], read["FromUserName"]) == (OPENID, ACCOUNT)


async def test_compat_mode_answers_encrypted(safe: Server) -> None:
    fields = text_fields("要带什么")
    status, body = await safe.post(*safe.platform.safe(xml(fields), twin=fields))
    assert status == 200
    assert reply_fields(safe.platform.read(body))["Content"] == "答:要带什么"


async def test_compat_twin_that_says_otherwise_is_not_believed(safe: Server) -> None:
    twin = text_fields("伪造的", FromUserName="oAnother")
    await safe.post(*safe.platform.safe(xml(text_fields("真的")), twin=twin))
    assert [(one.openid, one.text) for one in safe.recorder.received] == [(OPENID, "真的")]


@pytest.mark.parametrize("form", ["xml", "json"])
async def test_plain_mode(plain: Server, form: str) -> None:
    fields = text_fields("要带什么")
    status, body = await plain.post(
        *plain.platform.plain(xml(fields) if form == "xml" else json.dumps(fields))
    )
    read = reply_fields(body) if form == "xml" else json.loads(body)
    assert (status, read["Content"]) == (200, "答:要带什么")


async def test_official_safe_push_is_received(aiohttp_client: Any) -> None:
    recorder = Recorder()
    crypto = Crypto(token=vectors.TOKEN, appid=vectors.APPID, aes_keys=[vectors.AES_KEY])
    at = datetime.fromtimestamp(int(vectors.SAFE_TIMESTAMP), UTC)
    app = web.Application()
    app.add_routes(routes(Callback(crypto, recorder, lambda: at)))
    client = await aiohttp_client(app)
    query = {
        # The example's `signature` is not that of its token; only msg_signature counts.
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "timestamp": vectors.SAFE_TIMESTAMP,
        "nonce": vectors.SAFE_NONCE,
        "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "encrypt_type": "aes",
        "msg_signature": vectors.SAFE_MSG_SIGNATURE,
    }
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": vectors.SAFE_ENCRYPT})
    async with client.post("/wechat", params=query, data=body) as response:
        assert response.status == 200
    assert recorder.received[0].event == "debug_demo"


async def test_silence_is_success_in_the_clear(safe: Server) -> None:
    safe.recorder.answer = lambda incoming: Silence()
    assert await safe.post(*safe.platform.safe(xml(text_fields()))) == (200, "success")
    safe.recorder.answer = lambda incoming: TextReply("")
    assert await safe.post(*safe.platform.safe(xml(text_fields()))) == (200, "success")


async def test_reply_that_tries_to_break_out_arrives_whole(safe: Server) -> None:
    _, body = await safe.post(*safe.platform.safe(xml(text_fields("]]></Content><Content>假"))))
    assert reply_fields(safe.platform.read(body))["Content"] == "答:]]></Content><Content>假"


async def test_a_text_of_20000_characters_arrives(safe: Server) -> None:
    fields = text_fields("字" * 20_000)
    status, _ = await safe.post(*safe.platform.safe(xml(fields), twin=fields))
    assert status == 200
    assert len(safe.recorder.received[0].text) == 20_000


async def test_echo_receiver_is_the_floor(serve: Any) -> None:
    server = await serve(KEY, receiver=EchoReceiver())
    _, body = await server.post(*server.platform.safe(xml(text_fields("回声"))))
    assert reply_fields(server.platform.read(body))["Content"] == "回声"


# --- keys


async def test_push_with_the_previous_key_is_answered_with_it(safe: Server) -> None:
    safe.platform.key = OLD_KEY
    _, body = await safe.post(*safe.platform.safe(xml(text_fields("旧钥匙"))))
    assert reply_fields(safe.platform.read(body))["Content"] == "答:旧钥匙"
    safe.platform.key = KEY
    await safe.is_well()


# --- refusals: every downgrade, every forgery


def forged(platform: Platform) -> dict[str, tuple[Query, bytes]]:
    """Pushes that must not be taken when an AES key is configured."""
    message = xml(text_fields("伪造"))
    plain_query, plain_body = platform.plain(message)
    query, body = platform.safe(message, twin=text_fields("伪造"))
    ciphertext = encrypt(message, platform.key, platform.appid)
    strange = Platform(token=platform.token, appid=platform.appid, key=STRANGE_KEY)
    other_account = Platform(token=platform.token, appid="wxother", key=platform.key)
    other_token = Platform(token="guessed", appid=platform.appid, key=platform.key)
    old = Platform(token=platform.token, appid=platform.appid, key=platform.key, at=NOW - 601)
    ahead = Platform(token=platform.token, appid=platform.appid, key=platform.key, at=NOW + 601)
    unsigned = {name: value for name, value in query.items() if name != "msg_signature"}
    return {
        "plain, signed": (plain_query, plain_body),
        "plain, says raw": ({**plain_query, "encrypt_type": "raw"}, plain_body),
        "plain, unsigned": ({}, plain_body),
        "plain, says aes": ({**plain_query, "encrypt_type": "aes"}, plain_body),
        "plain with the signature as msg_signature": (
            {**plain_query, "msg_signature": plain_query["signature"]},
            plain_body,
        ),
        "compat twin without msg_signature": (unsigned, body),
        "compat twin that says raw": ({**unsigned, "encrypt_type": "raw"}, body),
        "compat twin, Encrypt emptied": (query, xml({**text_fields(), "Encrypt": ""}).encode()),
        "msg_signature of another body": (query, xml({"Encrypt": ciphertext}).encode()),
        "msg_signature is the plain one": ({**query, "msg_signature": query["signature"]}, body),
        "two Encrypts": (query, body.replace(b"</xml>", b"<Encrypt>x</Encrypt></xml>")),
        "nested Encrypt": (query, xml({"Encrypt": {"a": "b"}}).encode()),
        "wrong key": strange.safe(message),
        "another account's": other_account.safe(message),
        "another token": other_token.safe(message),
        "replayed too late": old.safe(message),
        "from the future": ahead.safe(message),
        "no nonce": ({**query, "nonce": ""}, body),
        "empty": (query, b""),
        "not XML": (query, b"\x00\xff" * 50),
        "entities": (
            query,
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>',
        ),
        "truncated": (query, body[: len(body) // 2]),
        "oversized": (query, b"<xml>" + b"x" * MAX_BODY + b"</xml>"),
    }


@pytest.mark.parametrize("name", list(forged(Platform(token=TOKEN, appid=APPID, key=KEY))))
async def test_forged_push_is_refused_and_the_next_good_one_answered(safe: Server, name: str) -> None:
    query, body = forged(safe.platform)[name]
    status, answer = await safe.post(query, body)
    assert 400 <= status < 500
    assert "伪造" not in answer
    assert safe.recorder.received == []
    await safe.is_well()


async def test_encrypted_push_in_plain_mode_is_refused(plain: Server) -> None:
    stranger = Platform(token=TOKEN, appid=APPID, key=KEY)
    assert (await plain.post(*stranger.safe(xml(text_fields()))))[0] == 403
    await plain.is_well()


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"signature": ""}, {"timestamp": str(NOW + 1)}])
async def test_unsigned_push_in_plain_mode_is_refused(plain: Server, change: Query) -> None:
    query, body = plain.platform.plain(xml(text_fields()))
    assert (await plain.post({**query, **change}, body))[0] == 403
    assert plain.recorder.received == []
    await plain.is_well()


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hello",
        "<xml></xml>",
        xml(text_fields(FromUserName="o" * 1024)),
        xml(text_fields(CreateTime="soon")),
        "{" * 3000,
        '<!DOCTYPE x [<!ENTITY e "x">]>' + xml(text_fields("&e;")),
    ],
)
async def test_authentic_push_without_sense_is_settled(safe: Server, plain: Server, message: str) -> None:
    assert await safe.post(*safe.platform.safe(message)) == (200, "success")
    assert await plain.post(*plain.platform.plain(message)) == (200, "success")
    for server in (safe, plain):
        assert server.recorder.received == []
        await server.is_well()


async def test_body_that_never_ends_is_refused_before_it_is_read(safe: Server) -> None:
    query, _ = safe.platform.safe(xml(text_fields()))

    async def endless() -> Any:
        for _ in range(10_000):
            yield b"x" * 16_384

    try:
        async with safe.client.post("/wechat", params=query, data=endless()) as response:
            assert response.status == 413
    except ClientConnectionError:
        pass  # the server closed while we were still sending: as good
    await safe.is_well()


async def test_body_that_unpacks_beyond_the_cap_is_refused(safe: Server) -> None:
    query, _ = safe.platform.safe(xml(text_fields()))
    bomb = gzip.compress(b"\x00" * 20_000_000)
    assert (await safe.post(query, bomb, headers={"Content-Encoding": "gzip"}))[0] == 413
    await safe.is_well()


async def test_body_that_is_not_packed_as_it_says_is_refused(safe: Server) -> None:
    head = b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\n"
    assert (await raw(safe, head + b"not gzip")).startswith(b"HTTP/1.1 400")
    await safe.is_well()


async def test_other_methods_are_refused(safe: Server) -> None:
    for method in ("PUT", "DELETE", "HEAD", "PATCH"):
        async with safe.client.request(method, "/wechat") as response:
            assert response.status == 405


async def raw(server: Server, request: bytes) -> bytes:
    assert server.client.port is not None
    reader, writer = await asyncio.open_connection(server.client.host, server.client.port)
    writer.write(request)
    await writer.drain()
    answer = await reader.read(65536)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_bytes_that_are_no_utf8_in_the_address_are_refused(safe: Server) -> None:
    for query in (
        b"echostr=\xff\xfe",
        b"nonce=\xed\xa0\x80&echostr=1",
        b"echostr=%ff%fe",
        b"signature=%ED%A0%80",
    ):
        head = b"GET /wechat?" + query + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await raw(safe, head)).split()[1][:1] == b"4"
        head = (
            b"POST /wechat?"
            + query
            + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
        assert (await raw(safe, head)).split()[1][:1] == b"4"
    await safe.is_well()


async def test_body_that_does_not_come_is_not_waited_for(
    safe: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wechat.callback._BODY_SECONDS", 0.1)
    head = b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<xml>"
    assert (await raw(safe, head)).startswith(b"HTTP/1.1 408")
    await safe.is_well()


async def test_connection_that_breaks_in_the_middle_of_a_body_is_no_error(
    safe: Server, caplog: pytest.LogCaptureFixture
) -> None:
    assert safe.client.port is not None
    _, writer = await asyncio.open_connection(safe.client.host, safe.client.port)
    writer.write(b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<xml>")
    await writer.drain()
    await asyncio.sleep(0.05)
    with caplog.at_level(logging.WARNING):
        writer.transport.abort()
        await asyncio.sleep(0.05)
        await safe.is_well()
    assert caplog.records == []


async def test_refusal_logs_no_word_of_the_push(safe: Server) -> None:
    query, body = safe.platform.plain(xml(text_fields("我叫张三")))
    with capture_logs() as logs:
        await safe.post(query, body)
        await safe.post(*safe.platform.safe(xml(text_fields("我叫张三", FromUserName="bad openid"))))
    assert [entry["event"] for entry in logs] == ["push_refused", "push_not_understood"]
    assert "张三" not in str(logs)
    assert OPENID not in str(logs)
    assert TOKEN not in str(logs)


async def test_random_damage_is_never_a_server_error(safe: Server) -> None:
    query, body = safe.platform.safe(xml(text_fields("损坏")), twin=text_fields("损坏"))
    for position in range(0, len(body), 7):
        damaged = body[:position] + bytes([body[position] ^ 0x15]) + body[position + 1 :]
        status, _ = await safe.post(query, damaged)
        assert status in (200, 400, 403)
    # What is taken at all is the message that was signed, never a damaged one.
    assert {(one.openid, one.text) for one in safe.recorder.received} <= {(OPENID, "损坏")}
    for name in query:
        if name not in ("openid", "signature", "encrypt_type"):
            status, _ = await safe.post({**query, name: query[name][:-1] + "x"}, body)
            assert status == 403
    await safe.is_well()


async def test_the_same_push_three_times_at_once_has_one_identity(safe: Server) -> None:
    query, body = safe.platform.safe(xml(text_fields()))
    await asyncio.gather(*(safe.post(query, body) for _ in range(3)))
    assert len(safe.recorder.received) == 3
    assert len({one.identity for one in safe.recorder.received}) == 1


# --- no answer


async def test_no_answer_leaves_wechat_waiting_so_that_it_asks_again(
    serve: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.wechat.callback._HOLD_SECONDS", 0.3)
    server = await serve(KEY)
    server.recorder.answer = lambda incoming: None
    began = asyncio.get_running_loop().time()
    with caplog.at_level(logging.WARNING), pytest.raises(ClientConnectionError):
        await server.post(*server.platform.safe(xml(text_fields())))
    assert asyncio.get_running_loop().time() - began >= 0.3
    assert caplog.records == []
    server.recorder.answer = lambda incoming: TextReply("答:" + incoming.text)
    await server.is_well()


async def test_receiver_that_breaks_its_promise_is_no_server_error(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wechat.callback._HOLD_SECONDS", 0.1)
    server = await serve(KEY)

    def fail(incoming: Incoming) -> Passive | None:
        raise RuntimeError("a bug")

    server.recorder.answer, good = fail, server.recorder.answer
    with capture_logs() as logs, pytest.raises(ClientConnectionError):
        await server.post(*server.platform.safe(xml(text_fields())))
    assert [entry["event"] for entry in logs] == ["receiver_failed"]
    server.recorder.answer = good
    await server.is_well()
