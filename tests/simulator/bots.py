"""A tiny server behind the simulator, to be pushed at. Decrypts with a library the simulator does not use."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from Crypto.Cipher import AES

TOKEN = "simulatortoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wxba5fad812f8e6fb9"
ACCOUNT = "gh_3c884a361561"

Answerer = Callable[["Push"], Awaitable[bytes | str | web.StreamResponse]]


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def open_sealed(sealed: str) -> tuple[bytes, str]:
    key = base64.b64decode(AES_KEY + "=")
    framed = AES.new(key, AES.MODE_CBC, key[:16]).decrypt(base64.b64decode(sealed))
    framed = framed[: -framed[-1]]
    length = struct.unpack(">I", framed[16:20])[0]
    return framed[20 : 20 + length], framed[20 + length :].decode()


def make_sealed(plain: bytes, appid: str = APPID) -> str:
    key = base64.b64decode(AES_KEY + "=")
    framed = b"0123456789abcdef" + struct.pack(">I", len(plain)) + plain + appid.encode()
    pad = 32 - len(framed) % 32
    return base64.b64encode(
        AES.new(key, AES.MODE_CBC, key[:16]).encrypt(framed + bytes([pad]) * pad)
    ).decode()


def envelope(plain: bytes, *, token: str = TOKEN, appid: str = APPID) -> bytes:
    sealed = make_sealed(plain, appid)
    sign = sha1(token, "1700000000", "99", sealed)
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature>{sign}</MsgSignature>"
        f"<TimeStamp>1700000000</TimeStamp><Nonce>99</Nonce></xml>"
    ).encode()


def text_reply(openid: str, content: str, *, account: str = ACCOUNT) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{openid}]]></ToUserName><FromUserName><![CDATA[{account}]]></FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content></xml>"
    ).encode()


@dataclass
class Push:
    query: dict[str, str]
    body: bytes
    plain: bytes

    @property
    def openid(self) -> str:
        return self.query["openid"]

    def get(self, tag: str) -> str:
        if self.plain.startswith(b"{"):
            return str(json.loads(self.plain).get(tag, ""))
        found = re.search(
            rf"<{tag}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{tag}>".encode(), self.plain, re.DOTALL
        )
        return (found.group(1) or found.group(2) or b"").decode() if found else ""


@dataclass
class Bot:
    """Records pushes; `answer` decides what comes back (default: an encrypted echo)."""

    answer: Answerer
    pushes: list[Push] = field(default_factory=list)
    url: str = ""

    async def get(self, request: web.Request) -> web.Response:
        query = request.query
        ok = sha1(TOKEN, query["timestamp"], query["nonce"]) == query["signature"]
        return web.Response(text=query["echostr"]) if ok else web.Response(status=403)

    async def post(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        sealed = re.search(rb"Encrypt(?:>|\": ?\")(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)", body)
        plain = open_sealed(sealed.group(1).decode())[0] if sealed else body
        push = Push(dict(request.query), body, plain)
        self.pushes.append(push)
        answer = await self.answer(push)
        if isinstance(answer, web.StreamResponse):
            return answer
        return web.Response(body=answer.encode() if isinstance(answer, str) else answer)


async def echo(push: Push) -> bytes:
    return envelope(text_reply(push.openid, f"您说:{push.get('Content') or push.get('Event')}"))


@asynccontextmanager
async def running_bot(answer: Answerer = echo) -> AsyncIterator[Bot]:
    bot = Bot(answer)
    app = web.Application()
    app.add_routes([web.get("/wechat", bot.get), web.post("/wechat", bot.post)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/wechat"
    try:
        yield bot
    finally:
        await runner.cleanup()


def says(*answers: bytes | str | float) -> Answerer:
    """Answer in turn; a number sleeps that many seconds before saying nothing. The last one repeats."""
    left: list[Any] = list(answers)

    async def answer(push: Push) -> bytes | str:
        now = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(now, float):
            await asyncio.sleep(now)
            return ""
        return now

    return answer
