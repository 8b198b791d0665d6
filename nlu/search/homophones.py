"""A second chance for characters typed by their sound: 身分正 for 身份证.

Voice input and pinyin keyboards err in the character, seldom in the sound. A character that makes no pair the
catalogue knows, neither with the one before nor with the one behind, is exchanged where an item that the rest
of the question is near to holds a pair of the same sound. What the catalogue knows is never touched.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from nlu.search.first_stage import Vocabulary
from nlu.search.ragged import Numbers
from nlu.search.terms import PAIR, halves, pair_of

_READINGS = 2
"""Readings of a character that count: the third and later ones are rare."""
_SAME = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
"""What southern speech, and so southern typing, does not tell apart."""

_SMALL_WORDS = frozenset(
    "的了我你他她是在有不这那就也很太咋啥吗呢吧没去来要想能会可以都还啊呀个一么怎哪什谁给把被跟和到从上下里外大小多少几好"
)
"""Small words stand beside anything: that the catalogue does not know them there says nothing."""


class Homophones:
    """Mends texts towards the pairs of characters that items are called by."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._first = int(np.searchsorted(vocabulary.kinds, PAIR))
        keys = vocabulary.keys[vocabulary.kinds == PAIR]
        self._halves = halves(keys)
        self._known = frozenset(keys.tolist())
        self._sounds = tuple(_sounds_of(half) for half in self._halves)

    def loose(self, text: str) -> list[bool]:
        """For each character whether the catalogue knows it with neither neighbour."""
        codes = [ord(character) for character in text]
        known = [False, *(pair_of(*pair) in self._known for pair in pairwise(codes)), False]
        return [
            not (known[place] or known[place + 1]) and text[place] not in _SMALL_WORDS and code in _readings()
            for place, code in enumerate(codes)
        ]

    def mend(self, text: str, near: Numbers) -> str:
        """The text with characters exchanged that only their sound explains; most often the text itself.

        `near` are terms of the items that the text is near to, the nearest item's first; only their pairs
        count.
        """
        near = near[(near >= self._first) & (near < self._first + len(self._halves[0]))] - self._first
        near = near[np.sort(np.unique(near, return_index=True)[1])]
        pairs = self._halves[0][near], self._halves[1][near]
        heard = self._sounds[0][:, near], self._sounds[1][:, near]
        codes = [ord(character) for character in text]
        loose = self.loose(text)
        for place in range(len(codes)):
            if not loose[place]:
                continue
            starts = [start for start in (place - 1, place) if start >= 0 and start + 1 < len(codes)]
            found = [(_like(codes[at : at + 2], loose[at : at + 2], pairs, heard), at) for at in starts]
            best = min(((*like, at) for like, at in found if like), default=None)
            if best is not None:
                _, chosen, start = best
                codes[start], codes[start + 1] = int(pairs[0][chosen]), int(pairs[1][chosen])
                loose[start] = loose[start + 1] = False
        return "".join(map(chr, codes))


def _like(
    pair: Sequence[int],
    loose: Sequence[bool],
    near: tuple[Numbers, Numbers],
    heard: tuple[Numbers, Numbers],
) -> tuple[int, int] | None:
    """The first pair of the same sound that leaves what is not loose: its changes and place."""
    changes = np.zeros(len(near[0]), np.int64)
    fits = np.ones(len(near[0]), bool)
    for side in (0, 1):
        same = near[side] == pair[side]
        changes += ~same
        if not loose[side]:
            fits &= same
        else:
            for reading in _readings().get(pair[side], ()):
                same = same | (heard[side] == reading).any(axis=0)
            fits &= same
    places = np.flatnonzero(fits)
    if not len(places):
        return None
    at = places[np.argmin(changes[places])]
    return int(changes[at]), int(at)


def _sounds_of(characters: Numbers) -> Numbers:
    """A row for each reading: the number of each character's sound, -1 where it has none."""
    each, back = np.unique(characters, return_inverse=True)
    found = [_readings().get(character, ()) for character in each.tolist()]
    padded = [(*of, *([-1] * _READINGS))[:_READINGS] for of in found]
    return np.array(padded, np.int64).reshape(-1, _READINGS).T[:, back]


@lru_cache(maxsize=1)
def _readings() -> dict[int, tuple[int, ...]]:
    """Chinese characters' sounds as numbers, without tones."""
    from pypinyin.constants import PINYIN_DICT  # a third of a second, and only where a search is built

    numbers: dict[str, int] = {}
    readings: dict[int, tuple[int, ...]] = {}
    for character, said in PINYIN_DICT.items():
        if 0x4E00 <= character <= 0x9FFF:
            flat = dict.fromkeys(_flat(one) for one in said.split(",")[:_READINGS])
            readings[character] = tuple(numbers.setdefault(sound, len(numbers)) for sound in flat)
    return readings


def _flat(reading: str) -> str:
    """A reading without tone, and without what is not told apart."""
    letters = "".join(
        each for each in unicodedata.normalize("NFD", reading) if each.isascii() or each == "\u0308"
    )
    for written, meant in _SAME:
        letters = letters.replace(written, meant)
    return letters
