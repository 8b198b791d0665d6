"""The common questions (常见问题) of an item, and which of them a citizen asks. Pure."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from hall.catalogue.schema import Item

# How alike a question and a common question are, of 100, to be the same.
SAME_QUESTION = 72.0

_PUNCTUATION = re.compile(r"[\s,。、?!,.;:;:]+")


def common_question(item: Item, text: str) -> int | None:
    """The place among the item's common questions of the one that `text` asks; None without."""
    asked = _PUNCTUATION.sub("", text)
    best, place = SAME_QUESTION, None
    for number, entry in enumerate(item.faq):
        likeness = fuzz.ratio(asked, _PUNCTUATION.sub("", entry.q))
        if likeness > best:
            best, place = likeness, number
    return place
