"""Finding equal values without storing them: a keyed digest (HMAC-SHA-256) of each.

Who has the database alone cannot try all ID numbers against the digests: the key stands outside of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from hall.sealing import Seal


class BlindIndex:
    """Digests of values. `secrets`: the current secret first, then those it replaced."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("a blind index needs a secret")
        # A key of its own: the secret itself also seals.
        self._keys = [
            hmac.digest(secret.encode(), b"banshi blind index", "sha256") for secret in dict.fromkeys(secrets)
        ]

    def mark(self, value: str) -> str:
        """The digest under the current key."""
        return _digest(self._keys[0], value)

    def marks(self, value: str) -> tuple[str, ...]:
        """The digests under every key at hand, the current one first: rows may not be renewed yet."""
        return tuple(_digest(key, value) for key in self._keys)


def _digest(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Vault:
    """What the desk needs to keep personal data: the seal and the blind index, both of the same secrets."""

    seal: Seal
    blind: BlindIndex

    @classmethod
    def of(cls, secrets: Sequence[str]) -> Vault:
        """A vault of these secrets: the current one first, then those it replaced."""
        return cls(Seal(secrets), BlindIndex(secrets))
