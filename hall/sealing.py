"""Encryption at rest for what is personal: AES-256-GCM under a key that stands outside the database.

A sealed value carries the number of its key, so that a new key can be introduced while values
sealed under the previous one stay readable until they are next written.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# What a developer's machine seals under; the settings refuse it in production.
DEVELOPMENT_SECRET = "banshi-development-secret-not-for-production"  # noqa: S105

_NONCE_BYTES = 12
_FINGERPRINT_BYTES = 4


class SealBrokenError(Exception):
    """A sealed value was changed, belongs to another row, or its key is not at hand."""


class Seal:
    """Seals and opens values. `secrets`: the current secret first, then those it replaced."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("a seal needs a secret")
        self._ciphers: dict[bytes, AESGCM] = {}
        for secret in secrets:
            self._ciphers.setdefault(_derive(secret, b"fingerprint", _FINGERPRINT_BYTES), _cipher(secret))
        self._current = next(iter(self._ciphers))

    @property
    def fingerprints(self) -> tuple[bytes, ...]:
        """What sealed values begin with, by key: those of the current one first."""
        return tuple(self._ciphers)

    def seal(self, plain: bytes, *, owner: str) -> bytes:
        """Seal `plain` for the row that `owner` names; it opens for that owner only."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self._current]
        return self._current + nonce + cipher.encrypt(nonce, plain, owner.encode())

    def open(self, sealed: bytes, *, owner: str) -> bytes:
        """Open what `seal` made; raises SealBrokenError."""
        fingerprint, rest = sealed[:_FINGERPRINT_BYTES], sealed[_FINGERPRINT_BYTES:]
        cipher = self._ciphers.get(fingerprint)
        if cipher is None:
            raise SealBrokenError("sealed under a key that is not at hand")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError):
            raise SealBrokenError("the sealed value does not open") from None


def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derive(secret, b"data", 32))


def _derive(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=b"banshi", info=purpose).derive(secret.encode())
