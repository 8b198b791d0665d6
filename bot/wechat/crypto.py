"""Signature and encryption of pushes and passive replies, after WeChat's 消息加解密说明.

wechatpy does the digest, the cipher and the padding; what it leaves open is closed here: comparison in
constant time, exact lengths and padding, the appid, the freshness of the timestamp, a key's rotation.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from wechatpy.utils import WeChatSigner

MAX_CLOCK_SKEW: Final = timedelta(minutes=10)
_RANDOM_BYTES: Final = 16
_LENGTH_BYTES: Final = 4
_BLOCK: Final = 32
_SIGNATURE = re.compile("[0-9a-f]{40}")
_TIMESTAMP = re.compile("[0-9]{10}")
_NONCE = re.compile("[0-9A-Za-z_-]{1,64}")


class PushRefusedError(Exception):
    """A push or echo that is not taken; `reason` is a snake_case word for the log, `status` the answer."""

    status = 403

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadSignatureError(PushRefusedError):
    """The signature is missing, malformed or not made with our token."""


class StaleTimestampError(PushRefusedError):
    """The signature's timestamp is too far from our wall clock: a replay, or a clock that is wrong."""


class UndecryptableError(PushRefusedError):
    """No configured key opens the message, or it was made for another appid."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a request's address says of its signing: timestamp (Unix seconds), nonce and signature."""

    timestamp: str
    nonce: str
    signature: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted reply with its signature, ready for an envelope."""

    encrypt: str
    signature: str
    timestamp: int
    nonce: str


def sign(token: str, *parts: str) -> str:
    """SHA-1, in hex, of the sorted and joined token and parts."""
    signer = WeChatSigner()
    signer.add_data(token, *parts)
    return str(signer.signature)


class AESKey:
    """One EncodingAESKey (43 characters); the cipher is prepared once and used for every message.

    Raises ValueError when the key is not 43 characters of base64.
    """

    __slots__ = ("_cipher",)

    def __init__(self, encoding_aes_key: str) -> None:
        if len(encoding_aes_key) != 43:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._cipher = WeChatCipher(base64.b64decode(encoding_aes_key + "=", validate=True))

    def encrypt(self, message: bytes, appid: bytes, random: bytes | None = None) -> str:
        """Message and appid as base64 ciphertext; `random` (16 bytes) is for tests only."""
        prefix = random if random is not None else secrets.token_hex(_RANDOM_BYTES // 2).encode()
        framed = prefix + len(message).to_bytes(_LENGTH_BYTES, "big") + message + appid
        return base64.b64encode(self._cipher.encrypt(PKCS7Encoder.encode(framed))).decode()

    def decrypt(self, encrypt: str, appid: bytes) -> bytes:
        """The message inside base64 ciphertext. Raises UndecryptableError on any deviation in form."""
        try:
            ciphertext = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise UndecryptableError("not_base64") from None
        if not ciphertext or len(ciphertext) % _BLOCK:
            raise UndecryptableError("ciphertext_length")
        plain: bytes = self._cipher.decrypt(ciphertext)
        padding = plain[-1]
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise UndecryptableError("padding")
        start = _RANDOM_BYTES + _LENGTH_BYTES
        length = int.from_bytes(plain[_RANDOM_BYTES:start], "big")
        message, owner = plain[start : start + length], plain[start + length : -padding]
        if len(message) != length or not hmac.compare_digest(owner, appid):
            raise UndecryptableError("appid_or_length")
        return message


class Crypto:
    """Checks and opens what WeChat sends, seals what we answer.

    `aes_keys` are EncodingAESKeys, the current one first, then the previous one for as long as WeChat may
    still use it; none of them means the account is in plain mode.
    """

    def __init__(self, *, token: str, appid: str, aes_keys: Sequence[str] = ()) -> None:
        self._token = token
        self._appid = appid.encode()
        self._keys = tuple(AESKey(key) for key in aes_keys if key)

    @property
    def encrypted(self) -> bool:
        """Whether only encrypted pushes are taken (safe and compat mode)."""
        return bool(self._keys)

    def verify(self, stamp: Stamp, *signed: str, now: datetime) -> None:
        """Check the signature over token, timestamp, nonce and `signed`, then the timestamp's freshness.

        `now` is the real wall clock. Raises BadSignatureError or StaleTimestampError.
        """
        if not (_TIMESTAMP.fullmatch(stamp.timestamp) and _NONCE.fullmatch(stamp.nonce)):
            raise BadSignatureError("malformed_stamp")
        if not _SIGNATURE.fullmatch(stamp.signature):
            raise BadSignatureError("malformed_signature")
        expected = sign(self._token, stamp.timestamp, stamp.nonce, *signed)
        if not hmac.compare_digest(expected, stamp.signature):
            raise BadSignatureError("wrong_signature")
        if abs(now.timestamp() - int(stamp.timestamp)) > MAX_CLOCK_SKEW.total_seconds():
            raise StaleTimestampError("stale_timestamp")

    def open(self, stamp: Stamp, encrypt: str, *, now: datetime) -> tuple[bytes, AESKey]:
        """Verify `msg_signature` and decrypt; returns the message and the key that opened it.

        Raises BadSignatureError, StaleTimestampError or UndecryptableError.
        """
        self.verify(stamp, encrypt, now=now)
        refusal = UndecryptableError("no_key")
        for key in self._keys:
            try:
                return key.decrypt(encrypt, self._appid), key
            except UndecryptableError as error:
                refusal = error
        raise refusal

    def seal(
        self, message: bytes, key: AESKey, *, nonce: str, now: datetime, random: bytes | None = None
    ) -> Sealed:
        """Encrypt and sign a reply with the key its push came with, and with the push's nonce."""
        timestamp = int(now.timestamp())
        encrypt = key.encrypt(message, self._appid, random)
        return Sealed(encrypt, sign(self._token, str(timestamp), nonce, encrypt), timestamp, nonce)
