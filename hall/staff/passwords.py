"""Passwords of staff: what is taken, and argon2id in a thread, a few at a time.

The rule follows GB/T 22239-2019 (8.1.4.1, 身份鉴别): complex enough, and changed when somebody else set it.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hall.staff.errors import PasswordWeak, Weakness

_T = TypeVar("_T")

SHORTEST: Final = 10
LONGEST: Final = 128
# From this length on the kinds of characters no longer matter.
LONG_ENOUGH: Final = 16
_KINDS_NEEDED: Final = 3
_KINDS: Final = (
    re.compile(r"[a-z]"),
    re.compile(r"[A-Z]"),
    re.compile(r"[0-9]"),
    re.compile(r"[^a-zA-Z0-9]"),
)
_COMMON: Final = (
    *("password", "passw0rd", "qwerty", "asdfgh", "zxcvbn", "1qaz", "2wsx", "abc123", "abcd1234"),
    *("123456", "654321", "111111", "000000", "888888", "666666", "iloveyou", "woaini", "admin"),
    *("letmein", "welcome", "zhengwu", "banshi"),
)
# No characters that are taken for one another when they are read out.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
_GENERATED_GROUPS: Final = 4
# Each takes 64 MiB while it is computed.
_AT_ONCE: Final = 2


def check_password(password: str, *, login: str) -> None:
    """Take the new password of an account, or raise PasswordWeak."""
    if len(password) < SHORTEST:
        raise PasswordWeak(Weakness.SHORT)
    if len(password) > LONGEST:
        raise PasswordWeak(Weakness.LONG)
    lower = password.casefold()
    if len(login) > 2 and login.casefold() in lower:
        raise PasswordWeak(Weakness.LIKE_LOGIN)
    if len(set(lower)) < 5 or len(_without_common(lower)) < SHORTEST // 2:
        raise PasswordWeak(Weakness.COMMON)
    kinds = sum(1 for kind in _KINDS if kind.search(password))
    if kinds < _KINDS_NEEDED and len(password) < LONG_ENOUGH:
        raise PasswordWeak(Weakness.PLAIN)


def generate() -> str:
    """A password of about 80 bits that can be read out and typed: four groups with a dash between them."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GENERATED_GROUPS)]
    return "-".join(groups) + f"-{secrets.randbelow(90) + 10}"


def _without_common(lower: str) -> str:
    for word in _COMMON:
        lower = lower.replace(word, "")
    return lower


class Passwords:
    """Hashes and verifies, off the loop. `hasher` is argon2id at RFC 9106's second recommendation."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobody = ""

    async def hash(self, password: str) -> str:
        """The password as it is kept."""
        return await self._in_turn(self._hash, password)

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether the password is the kept one; None (no such account) takes as long and is False."""
        if kept is None:
            self._nobody = self._nobody or await self.hash(secrets.token_urlsafe())
            await self._in_turn(self._verify, self._nobody, password)
            return False
        return await self._in_turn(self._verify, kept, password)

    def outdated(self, kept: str) -> bool:
        """Whether the kept form was made with other parameters than are used today."""
        return self._hasher.check_needs_rehash(kept)

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def _verify(self, kept: str, password: str) -> bool:
        if len(password) > LONGEST:
            return False
        try:
            return self._hasher.verify(kept, _normal(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[..., _T], *arguments: str) -> _T:
        async with self._turns:
            return await asyncio.to_thread(work, *arguments)


def _normal(password: str) -> str:
    # One password, typed on keyboards that compose characters differently.
    return unicodedata.normalize("NFC", password)
