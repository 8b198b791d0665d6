"""WeChat's side of the encryption, written from its document on pycryptodome: a second implementation."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from Crypto.Cipher import AES
from defusedxml import ElementTree

NOW = 1_764_550_000  # 2025-12-01 00:46:40 UTC
OPENID = "oia2TjuEGTNoeX76QEjQNrcURxG8"
ACCOUNT = "gh_7f083739789a"


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypt(message: str, key: str, appid: str, *, random: bytes | None = None) -> str:
    secret = base64.b64decode(key + "=")
    body = message.encode()
    full = (random or secrets.token_bytes(16)) + len(body).to_bytes(4, "big") + body + appid.encode()
    padding = 32 - len(full) % 32
    full += bytes([padding]) * padding
    return base64.b64encode(AES.new(secret, AES.MODE_CBC, secret[:16]).encrypt(full)).decode()


def decrypt(ciphertext: str, key: str) -> tuple[str, str]:
    """Message and appid."""
    secret = base64.b64decode(key + "=")
    full = AES.new(secret, AES.MODE_CBC, secret[:16]).decrypt(base64.b64decode(ciphertext))
    full = full[: -full[-1]]
    length = int.from_bytes(full[16:20], "big")
    return full[20 : 20 + length].decode(), full[20 + length :].decode()


def xml(fields: Mapping[str, Any]) -> str:
    def element(name: str, value: Any) -> str:
        if isinstance(value, list):
            return "".join(element(name, one) for one in value)
        if isinstance(value, Mapping):
            inner = "".join(element(child, content) for child, content in value.items())
        elif isinstance(value, int):
            inner = str(value)
        else:
            inner = "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
        return f"<{name}>{inner}</{name}>"

    return element("xml", fields)


def text_fields(content: str = "身份证快到期了咋换啊", **more: Any) -> dict[str, Any]:
    return {
        "ToUserName": ACCOUNT,
        "FromUserName": OPENID,
        "CreateTime": NOW,
        "MsgType": "text",
        "Content": content,
        "MsgId": 23456789012345678,
        **more,
    }


class Platform:
    """Makes pushes as WeChat would for an account, and reads what comes back."""

    def __init__(self, *, token: str, appid: str, key: str = "", at: int = NOW) -> None:
        self.token, self.appid, self.key, self.at = token, appid, key, at
        self.nonce = "1514711492"

    def plain(self, message: str) -> tuple[dict[str, str], bytes]:
        """Query and body in plain mode."""
        stamp = {"timestamp": str(self.at), "nonce": self.nonce, "openid": OPENID}
        stamp["signature"] = signature(self.token, stamp["timestamp"], self.nonce)
        return stamp, message.encode()

    def safe(self, message: str, *, twin: Mapping[str, Any] | None = None, as_json: bool = False):
        """Query and body in safe mode; with `twin`, the plain fields compat mode adds."""
        query, _ = self.plain(message)
        ciphertext = encrypt(message, self.key, self.appid)
        query["encrypt_type"] = "aes"
        query["msg_signature"] = signature(self.token, query["timestamp"], self.nonce, ciphertext)
        fields = {"ToUserName": ACCOUNT, **(twin or {}), "Encrypt": ciphertext}
        return query, (json.dumps(fields) if as_json else xml(fields)).encode()

    def read(self, body: str) -> str:
        """The reply inside an encrypted answer, its signature checked."""
        if body.startswith("{"):
            fields = json.loads(body)
        else:
            fields = {child.tag: child.text for child in ElementTree.fromstring(body)}
        expected = signature(self.token, str(fields["TimeStamp"]), fields["Nonce"], fields["Encrypt"])
        assert fields["MsgSignature"] == expected
        assert fields["Nonce"] == self.nonce
        message, appid = decrypt(fields["Encrypt"], self.key)
        assert appid == self.appid
        return message


def reply_fields(xml_reply: str) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ElementTree.fromstring(xml_reply)}
