"""Words of departments and topics: 公积金 in a question speaks for the items of 公积金中心."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.search.entries import Entry
from nlu.search.terms import FIELD, WordFinder, bare, named

_PLACE = re.compile(r"^[^省市区县州]{1,7}(?:省|自治区|市|区|县|州)(?=.{2})")
_OFFICE = re.compile(r"(?:管理|监督管理|保障)?(?:局|厅|委员会|委|中心|分局|办公室|处|大队|支队)$")


class Fields:
    """Which words stand for which department or topic, and which entries belong to them."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.words: list[frozenset[str]] = [_words_of(entry) for entry in entries]
        known = sorted(set().union(*self.words)) if self.words else []
        self._finder = WordFinder((word, named(FIELD, word)) for word in known)

    def find(self, text: str) -> set[int]:
        """The field terms that a bare text names."""
        return self._finder.find(text)

    def keys_of(self, place: int) -> list[int]:
        """The field terms of the entry at a place."""
        return sorted(named(FIELD, word) for word in self.words[place])


def _words_of(entry: Entry) -> frozenset[str]:
    words: set[str] = set()
    for label in (*re.split(r"[()（）]", entry.department), *entry.topics):
        text = bare(label)
        short = _OFFICE.sub("", _PLACE.sub("", text))
        words |= {word for word in (text, _PLACE.sub("", text), short) if len(word) >= 2}
    return frozenset(words)
