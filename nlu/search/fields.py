"""Words of departments and topics: 公积金 in a question speaks for the items of 公积金中心."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

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
    labels = (*re.split(r"[()（）]", entry.department), *entry.topics)
    return frozenset().union(*map(_words_of_label, labels))


@lru_cache(maxsize=4096)
def _words_of_label(label: str) -> frozenset[str]:
    """A label as it stands, without its place, and without place and kind of office: 公积金 of
    某市公积金管理中心."""
    text = bare(label)
    without_place = _PLACE.sub("", text)
    words = (text, without_place, _OFFICE.sub("", without_place))
    return frozenset(word for word in words if len(word) >= 2)
