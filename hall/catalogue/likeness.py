"""Items that are easily taken for one another by what they are called. Pure.

rapidfuzz compares all pairs of a catalogue of thousands in a fraction of a second.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from hall.catalogue.schema import Item

# How alike (of 100) two ways of saying must be to be taken for one another.
_TOO_ALIKE = 92.0
# What tells siblings of one matter apart, however alike the rest of their names is.
_ACTIONS = re.compile(
    r"首次|新办|变更|注销|补证|补办|补领|补换|换证|换领|换发|延续|延期|备案|撤销|转移|转出|转入|恢复|暂停|终止|"
    r"增加|减少|初次|临时|取消|提前|查询|打印|设立|登记|更正|异议|预告|抵押|损坏|遗失|丢失|到期|内地|香港|澳门|台湾"
)
_NUMBERS = re.compile(r"\d+|[一二三四五六七八九十]+|[A-Za-z]+")
_NOT_SAID = re.compile(r"[\s,,。.、!!??;;::“”\"'()()《》〈〉\-—_]+")
_BLOCK = 500

# What is said, without punctuation -> the items that are called so, each with the words as written.
_Sayings = Mapping[str, Sequence[tuple[str, str]]]


def _said(text: str) -> str:
    return _NOT_SAID.sub("", text).lower()


def too_alike(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """The code of an item and, in Chinese, which other item it is easily taken for and by what words."""
    names = {item.code: item.name for item in items}
    sayings: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in items:
        sayings[_said(item.name)].append((item.code, item.name))
        for alias in dict.fromkeys(item.aliases):
            sayings[_said(alias)].append((item.code, alias))
    for owners in sayings.values():
        yield from _shared(owners, names)
    yield from _near(sayings, names)


def _shared(owners: Sequence[tuple[str, str]], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """One way of saying that several items claim."""
    by_code: dict[str, str] = {}
    for code, words in owners:
        by_code.setdefault(code, words)
    if len(by_code) < 2:
        return
    (first, words), *others = by_code.items()
    for code, said in others:
        both_names = words == names[first] and said == names[code]
        what = "名称相同" if both_names else f"都叫“{said}”"
        yield code, f"与 {first}({names[first]}){what}"


def _near(sayings: _Sayings, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Ways of saying that differ by a character or two, of different items, once for each pair of items."""
    ordered = sorted((said for said in sayings if len(said) >= 4), key=len)
    told: set[tuple[str, str]] = set()
    for first, second in _pairs(ordered):
        if _tells_apart(first, second):
            continue
        for code, words in sayings[first]:
            for other, others_words in sayings[second]:
                pair = (min(code, other), max(code, other))
                if code == other or pair in told:
                    continue
                told.add(pair)
                message = f"“{others_words}”与 {code}({names[code]})的“{words}”太像"
                yield other, message


def _pairs(ordered: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts, sorted by length, above the likeness; block by block, so that memory stays flat."""
    for start in range(0, len(ordered), _BLOCK):
        block = ordered[start : start + _BLOCK]
        # Sorted by length: nothing longer than this can be as alike.
        longest = int(len(block[-1]) * (200 - _TOO_ALIKE) / _TOO_ALIKE) + 1
        rest = [said for said in ordered[start:] if len(said) <= longest]
        scores = process.cdist(block, rest, scorer=fuzz.ratio, score_cutoff=_TOO_ALIKE)
        for row, column in zip(*scores.nonzero(), strict=True):
            if column > row:
                yield block[row], rest[column]


def _tells_apart(first: str, second: str) -> bool:
    """Whether the words that differ are such as tell siblings apart: an action, a number, a letter."""
    return set(_ACTIONS.findall(first)) != set(_ACTIONS.findall(second)) or _NUMBERS.findall(
        first
    ) != _NUMBERS.findall(second)
