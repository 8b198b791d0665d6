"""Normalise what citizens type, once, at the door.

Chinese comes as it comes: full width from a phone's keyboard, traditional characters from Hong Kong, Macau
and Taiwan, zero-width characters from copied pages, "？？？？" from the impatient. Everything behind the
door (intents, times, item search) reads one form only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

LONGEST = 1000
"""Characters kept of one text: WeChat itself carries at most 2048 bytes; more comes only from the hostile."""

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full width ASCII to half width: the common case, without the cost of NFKC."""

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff\ue000-\uf8ff]+"
)
"""Controls, zero-width and direction marks, variation selectors, halves of surrogate pairs, private use."""

_REPEATED = re.compile(r"([!?。,，、;:~…·.])(?:\s*\1)+")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """One form for what was typed: half width, simplified, no invisible characters, single spaces.

    Punctuation that stands twice or more in a row stands once. At most `LONGEST` characters are kept.
    Letters' case is kept (names of people and firms); who compares folds it.
    """
    text = text[: 4 * LONGEST]
    if text.isascii() and text.isalnum():
        return text[:LONGEST]
    text = simplified(same_width(text))
    text = _REPEATED.sub(r"\1", text)
    return _SPACE.sub(" ", text).strip()[:LONGEST].rstrip()


def same_width(text: str) -> str:
    """Half width, characters in their plain form, nothing invisible."""
    text = _INVISIBLE.sub("", text.translate(_WIDTH))
    if not unicodedata.is_normalized("NFKC", text):
        # ① ㎡ ⼾ (a radical from a PDF) and their like; may bring spaces and combining marks along
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return text


def is_traditional(text: str) -> bool:
    """Whether a text holds a character that is traditional beyond doubt."""
    return not _tables().plain.isdisjoint(text)


def simplified(text: str) -> str:
    """Traditional characters to simplified ones, as OpenCC's tables have it.

    Characters that simplified writing knows too (乾 in a name, 於 as a surname) change only beside one that
    is traditional beyond doubt.
    """
    if not is_traditional(text):
        return text
    tables = _tables()
    if not tables.unclear.isdisjoint(text):
        text = tables.phrase.sub(lambda found: tables.phrases[found.group()], text)
    return text.translate(tables.characters)


class _Tables:
    """OpenCC's tables from traditional to simplified, made ready for `str.translate`."""

    def __init__(self) -> None:
        directory = resources.files("opencc") / "dictionary"
        rows = _rows((directory / "TSCharacters.txt").read_text(encoding="utf-8"))
        self.characters = {ord(source): targets[0] for source, targets in rows.items()}
        unclear = {source for source, targets in rows.items() if source in targets}
        changed = {source for source, targets in rows.items() if targets[0] != source}
        self.phrases = {
            source: targets[0]
            for source, targets in _rows((directory / "TSPhrases.txt").read_text(encoding="utf-8")).items()
        }
        self.plain = frozenset(changed - unclear)
        self.unclear = frozenset(unclear)
        self.phrase = re.compile("|".join(sorted(map(re.escape, self.phrases), key=len, reverse=True)))


def _rows(table: str) -> dict[str, list[str]]:
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {source: targets.split() for source, targets in pairs}


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    return _Tables()
