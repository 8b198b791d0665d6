"""What a question asks about its item: materials, fee, place … found by the words people use.

The classifier gives one intent for a message; people put several questions into one
(要带啥,多少钱,周末上班吗).
Pure: text in, mentions out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from actions.lexicon import FRAMES, PATTERNS, WHOLE

Aspect = Literal[
    "whole",
    "materials",
    "conditions",
    "process",
    "time_limit",
    "fee",
    "place",
    "hours",
    "online",
    "proxy",
    "result",
    "booking",
    "amount",
    "validity",
]
ASPECTS: frozenset[Aspect] = frozenset(get_args(Aspect))

# What the few lines of the whole guide already tell.
IN_WHOLE: frozenset[Aspect] = frozenset({"whole", "materials", "time_limit", "fee", "place", "hours"})

OF_INTENT: dict[str, Aspect] = {
    "ask_guide": "whole",
    "ask_materials": "materials",
    "ask_conditions": "conditions",
    "ask_process": "process",
    "ask_time_limit": "time_limit",
    "ask_fee": "fee",
    "ask_place": "place",
    "ask_hours": "hours",
    "ask_online": "online",
    "ask_proxy": "proxy",
    "ask_result": "result",
}

# A title as long as that names an item by itself (ETC, 换证).
SHORTEST_SUBJECT = 2

_COMPILED = tuple((cast(Aspect, aspect), re.compile("|".join(words))) for aspect, words in PATTERNS)
_WHOLE = re.compile(WHOLE)
_FRAMES = re.compile(FRAMES)
_QUESTION_WORD = re.compile("多少|多久|多长|几|什么|啥|哪|吗|么|怎|谁|不|没|能|可以|要")
# What the classifier takes for an aspect that the words tell more exactly: 能领多少钱 is no fee.
_MISTAKEN: dict[Aspect, set[Aspect]] = defaultdict(set, {"fee": {"amount"}, "time_limit": {"validity"}})
_NOISE = re.compile(r"[^\w\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One aspect that a text names, with the words that name it."""

    aspect: Aspect
    start: int
    words: str

    @property
    def end(self) -> int:
        """The position after the words."""
        return self.start + len(self.words)


def mentions(text: str) -> list[Mention]:
    """The aspects that `text` (normalised) names, in the order they stand."""
    hidden = text
    found: list[Mention] = []
    for aspect, pattern in _COMPILED:
        for match in pattern.finditer(hidden):
            if words := match.group():
                found.append(Mention(aspect, match.start(), words))
                hidden = _blanked(hidden, found[-1])
    found.sort(key=lambda mention: mention.start)
    return found


def bare(text: str, found: Iterable[Mention]) -> str:
    """`text` without the words for aspects: what is left to search an item with."""
    for mention in found:
        text = _blanked(text, mention)
    return text.replace("\x00", " ").strip()


def subject(text: str, found: Iterable[Mention]) -> str:
    """What is left of `text` without aspects, courtesy, pronouns and days: empty where no item is named."""
    left = _WHOLE.sub(" ", bare(text, found))
    return _NOISE.sub("", _FRAMES.sub("", left))


def names_something(text: str, found: Iterable[Mention]) -> bool:
    """Whether there is enough in `text` to name an item, beyond asking about the one spoken of."""
    left = subject(text, found)
    return len(left) >= SHORTEST_SUBJECT and not left.isdigit()


def asks_whole(text: str) -> bool:
    """Whether `text` asks how something is done as a whole (怎么办, 如何申请 …)."""
    return _WHOLE.search(text) is not None


def meant(
    text: str, found: Iterable[Mention], *, intent: str, sure: bool, names: Sequence[str] = ()
) -> list[Aspect]:
    """The aspects to answer, first asked first.

    `sure` says that the classifier is sure of `intent`; `names` are the name and the aliases of the item: a
    word that belongs to one and is no question word asks nothing (网上 in 网上开店).
    """
    asking = [mention for mention in found if _asks(mention) or not _within(mention, names)]
    answers = list(dict.fromkeys(mention.aspect for mention in asking))
    own = OF_INTENT.get(intent)
    if not answers:
        return [own or "whole"]
    if own == "whole":
        return _with_whole(answers) if asks_whole(text) else answers
    if own is not None and own not in answers and sure and not _MISTAKEN[own] & set(answers):
        answers.append(own)
    return answers


def _asks(mention: Mention) -> bool:
    return _QUESTION_WORD.search(mention.words) is not None


def _within(mention: Mention, names: Sequence[str]) -> bool:
    return any(mention.words in name for name in names)


def _with_whole(answers: list[Aspect]) -> list[Aspect]:
    return ["whole", *(aspect for aspect in answers if aspect not in IN_WHOLE)]


def _blanked(text: str, mention: Mention) -> str:
    return f"{text[: mention.start]}{chr(0) * len(mention.words)}{text[mention.end :]}"
