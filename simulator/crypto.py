"""Signatures and message encryption of the platform, framed here on bare AES.

Written apart from the library the server uses, so that a mistake on one side shows on the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # PKCS#7 block of the platform: the length of the key, not of an AES block


class CryptoError(Exception):
    """What arrived is not a message of this account."""


def signature(*parts: str) -> str:
    """Give the sha1 over the sorted parts, as hex: the platform's signature of everything."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def encrypt(message: bytes, aes_key: str, appid: str, *, random: bytes | None = None) -> str:
    """Encrypt a message as the platform does, as base64; `random` (16 bytes) is for test vectors."""
    prefix = random or secrets.token_hex(8).encode()
    framed = prefix + struct.pack(">I", len(message)) + message + appid.encode()
    padding = BLOCK - len(framed) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    sealed = encryptor.update(framed + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def decrypt(sealed: str, aes_key: str, appid: str) -> bytes:
    """Decrypt what the server sealed; raise CryptoError if it is not of this key and appid."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise CryptoError("Encrypt is not base64") from None
    if not raw or len(raw) % 16:
        raise CryptoError("Encrypt has a broken length")
    decryptor = _cipher(aes_key).decryptor()
    framed = decryptor.update(raw) + decryptor.finalize()
    framed = _unpad(framed)
    if len(framed) < 20:
        raise CryptoError("Encrypt is too short")
    (length,) = struct.unpack(">I", framed[16:20])
    message, owner = framed[20 : 20 + length], framed[20 + length :]
    if len(message) != length or owner != appid.encode():
        raise CryptoError("Encrypt belongs to another appid")
    return message


def _unpad(framed: bytes) -> bytes:
    padding = framed[-1]
    if not 1 <= padding <= BLOCK or framed[-padding:] != bytes([padding]) * padding:
        raise CryptoError("Encrypt has a wrong padding: another AES key")
    return framed[:-padding]


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
