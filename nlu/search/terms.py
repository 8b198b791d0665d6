"""What a text is made of for the search: characters, pairs of characters, groups of synonyms.

A term is a 64-bit number that means the same on every machine and in every catalogue, so that what was
learned for a term holds after the catalogue changed: its kind in the upper bits, below it the character,
both characters of a pair, or the checksum of a group's name. Sorted by number, characters and groups come
before pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from nlu.search.synonyms import GROUPS, PROTECTED
from nlu.text import LONGEST, normalise, same_width, simplified

Keys = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]

CHARACTER, GROUP, PAIR, FIELD = range(4)
"""Kinds of terms. A field is a word of an item's department or topic (`fields.py`)."""

KINDS = 4
_KIND_SHIFT = 42
_PAIR_SHIFT = 21

_NOT_WORD = re.compile(r"[\W_]+")
_NOT_WORD_NOR_BREAK = re.compile(r"[^\w\n]+|_+")


def bare(text: str) -> str:
    """Letters, digits and Chinese only, lower case, in the form of `nlu.text.normalise`."""
    return _NOT_WORD.sub("", normalise(text)).lower()


def bare_all(texts: Sequence[str]) -> list[str]:
    """`bare` of many texts, in a fifth of the time."""
    form = same_width("\n".join(text[:LONGEST].replace("\n", " ") for text in texts))
    lines = list(map(simplified, form.split("\n")))
    if len(lines) != len(texts):  # a character's plain form brought a line break along
        return [bare(text) for text in texts]
    return _NOT_WORD_NOR_BREAK.sub("", "\n".join(lines)).lower().split("\n")


def kind_of(keys: Keys) -> Keys:
    """The kinds of terms."""
    return keys >> _KIND_SHIFT


def pair_of(left: int, right: int) -> int:
    """The term of two characters."""
    return (PAIR << _KIND_SHIFT) | (left << _PAIR_SHIFT) | right


def halves(pairs: Keys) -> tuple[Keys, Keys]:
    """The two characters of each pair."""
    half = (1 << _PAIR_SHIFT) - 1
    return (pairs >> _PAIR_SHIFT) & half, pairs & half


def named(kind: int, name: str) -> int:
    """The term of a group or a field."""
    return (kind << _KIND_SHIFT) | crc32(name.encode())


def terms(text: str) -> list[int]:
    """The terms of a bare text, repeated as often as they stand in it; groups once."""
    codes = [ord(character) for character in text]
    pairs = [pair_of(left, right) for left, right in pairwise(codes)]
    return [*codes, *sorted(groups(text)), *pairs]


def terms_of_all(texts: Sequence[str]) -> tuple[Keys, Rows]:
    """The terms of many bare texts at once, with the number of the text that each stands in."""
    keys, rows = letters_of_all(texts)
    found = [(group, number) for number, text in enumerate(texts) for group in groups(text)]
    group_keys, group_rows = np.array(found, np.int64).reshape(-1, 2).T
    return np.concatenate([keys, group_keys]), np.concatenate([rows, group_rows])


def letters_of_all(texts: Sequence[str]) -> tuple[Keys, Rows]:
    """As `terms_of_all`, the characters and pairs alone: several times as fast."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "replace"), dtype="<u4").astype(np.int64)
    edge = codes == ord("\n")
    row = np.cumsum(edge)
    inside = ~edge
    pair = inside[:-1] & inside[1:]
    pairs = (PAIR << _KIND_SHIFT) | (codes[:-1] << _PAIR_SHIFT) | codes[1:]
    return np.concatenate([codes[inside], pairs[pair]]), np.concatenate([row[inside], row[:-1][pair]])


class WordFinder:
    """Finds known words in a text: at each place the longest one.

    Inside a word others may begin (交社保 is 参保, and holds 社保); inside a protected one none does.
    """

    def __init__(self, meanings: Iterable[tuple[str, int | None]]) -> None:
        """Words and what they stand for; None for a word that only keeps shorter ones from counting."""
        self._words: dict[str, tuple[int, ...]] = {}
        lengths: dict[str, set[int]] = {}
        for word, meaning in meanings:
            known = self._words.get(word, ())
            self._words[word] = known if meaning is None else (*known, meaning)
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()}

    def find(self, text: str) -> set[int]:
        """What the words in the text stand for."""
        found: set[int] = set()
        words, lengths, behind = self._words, self._lengths, 0
        for place, letter in enumerate(text):
            if place < behind or letter not in lengths:
                continue
            for length in lengths[letter]:
                meanings = words.get(text[place : place + length])
                if meanings is not None:
                    found.update(meanings)
                    behind = place if meanings else place + length
                    break
        return found


@lru_cache(maxsize=1)
def _synonyms() -> WordFinder:
    meanings: list[tuple[str, int | None]] = [(word, None) for word in PROTECTED]
    meanings += [(word.lower(), named(GROUP, name)) for name, words in GROUPS.items() for word in words]
    return WordFinder(meanings)


def groups(text: str) -> set[int]:
    """The groups of synonyms that a bare text holds a word of."""
    return _synonyms().find(text)
