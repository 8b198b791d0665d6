"""WeChat's side of the wire, written independently of the product (pycryptodome, own framing)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import struct
import time
from dataclasses import dataclass
from xml.sax.saxutils import escape

from Crypto.Cipher import AES


@dataclass(frozen=True)
class Account:
    appid: str
    token: str
    aes_key: str
    name: str = "gh_3c884a361561"

    @property
    def key(self) -> bytes:
        return base64.b64decode(self.aes_key + "=")


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypt(account: Account, message: bytes, *, key: bytes | None = None) -> str:
    key = key or account.key
    framed = secrets.token_bytes(16) + struct.pack(">I", len(message)) + message + account.appid.encode()
    padding = 32 - len(framed) % 32
    cipher = AES.new(key, AES.MODE_CBC, key[:16])
    return base64.b64encode(cipher.encrypt(framed + bytes([padding]) * padding)).decode()


def decrypt(account: Account, sealed: str, *, key: bytes | None = None) -> str:
    key = key or account.key
    framed = AES.new(key, AES.MODE_CBC, key[:16]).decrypt(base64.b64decode(sealed))
    framed = framed[: -framed[-1]]
    length = struct.unpack(">I", framed[16:20])[0]
    assert framed[20 + length :] == account.appid.encode()
    return framed[20 : 20 + length].decode()


def message_xml(account: Account, openid: str, fields: dict[str, str], *, created: int | None = None) -> str:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        f"<xml><ToUserName>{account.name}</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>{created or int(time.time())}</CreateTime>{inner}</xml>"
    )


def safe_request(
    account: Account, message: str, *, timestamp: int | None = None
) -> tuple[dict[str, str], str]:
    """Query and body of a push in safe mode."""
    stamp, nonce = str(timestamp or int(time.time())), secrets.token_hex(5)
    sealed = encrypt(account, message.encode())
    query = {
        "timestamp": stamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "signature": sign(account.token, stamp, nonce),
        "msg_signature": sign(account.token, stamp, nonce, sealed),
    }
    return query, f"<xml><ToUserName>{account.name}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"


def read_reply(account: Account, body: str) -> str:
    """The text of a passive reply in safe mode; "" for `success`. Checks its signature."""
    if body == "success":
        return ""
    fields = dict(re.findall(r"<(\w+)>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</\1>", body.removeprefix("<xml>")))
    expected = sign(account.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    assert fields["MsgSignature"] == expected
    plain = decrypt(account, fields["Encrypt"])
    content = re.search(r"<Content>(.*?)</Content>", plain, re.S)
    assert content is not None, plain
    return content[1].replace("]]]]><![CDATA[>", "]]>").removeprefix("<![CDATA[").removesuffix("]]>")
