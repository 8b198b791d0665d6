"""A table of grammar rules, looked up by the character a phrase begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")


class Found(NamedTuple, Generic[Meaning]):
    """What a rule found, and where it stopped."""

    meaning: Meaning
    stop: int


Build = Callable[[re.Match[str]], "Found[Meaning] | None"]


class Rules(Generic[Meaning]):
    """Rules are tried in the order they were added; the first that can build a meaning wins."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[re.Pattern[str], Build[Meaning]]]] = {}

    def add(self, first: str, pattern: str, build: Build[Meaning]) -> None:
        """A rule for phrases that begin with one of the characters of `first`."""
        compiled = re.compile(pattern)
        for character in first:
            self._by_first.setdefault(character, []).append((compiled, build))

    def first(self) -> str:
        """All characters a phrase may begin with."""
        return "".join(self._by_first)

    def at(self, text: str, position: int) -> Found[Meaning] | None:
        """The phrase that begins at `position`, if one does."""
        if position >= len(text):
            return None
        for pattern, build in self._by_first.get(text[position], ()):
            match = pattern.match(text, position)
            if match is not None and (found := build(match)) is not None:
                return found
        return None
