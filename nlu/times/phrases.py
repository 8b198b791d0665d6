"""Finds the phrases of a text that name times."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlu.times import clocks, dates, durations
from nlu.times.durations import Relative
from nlu.times.moments import Moment, moment_at
from nlu.times.numerals import NUMERALS
from nlu.times.placing import Limit

_PREFIXES: dict[str, Limit] = {
    "最晚|最迟|至迟|不晚于|截至|截止到?": "by",
    "最早|不早于": "from",
    "过了|过完|等过了": "after",
}
_PREFIX = re.compile("|".join(f"({words})" for words in _PREFIXES))
_SUFFIXES: dict[str, Limit] = {
    r"之前|以前|前(?![天台往面半几后言]|来(?![得不]及))": "before",
    r"之后|以后|过后|后(?![天台面续门来半悔期])": "after",
    r"开始|起(?![来诉草不床])|往后": "from",
    r"之内|以内|内(?![容部科在网蒙])": "within",
    r"为止|截止": "by",
}
_SUFFIX = re.compile("|".join(f"({words})" for words in _SUFFIXES))
_TO = re.compile(r"\s*(?:,?一直)?(?:到|至|-+|~|直到)\s*")
_AND = re.compile(r"\s*(?:和|与|跟)\s*")
_OVER = re.compile(
    r"(?:的?时候|那天|那会儿)?[^,。?!;、]{0,6}?(?:[来去办交取问打跑排领寄传报签拍到]过(?![来去年期节程户渡后])|发生了)"
)
_BETWEEN = re.compile(r"之间|中间")
_TITLE = re.compile(r"《[^》]*》?")
_START = re.compile(
    f"[{re.escape(''.join(sorted(set(dates.FIRST + clocks.FIRST + durations.FIRST + '最至不截等过'))))}《]"
)
_CONTINUED = frozenset(NUMERALS)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of text that names a time, and what it names."""

    begin: int
    stop: int
    first: Moment | Relative
    last: Moment | None = None
    limit: Limit = ""
    told: bool = False
    """What is said of it is over: 周三来过."""
    unwanted: bool = False
    """It was named to be ruled out: 不要周三."""


def phrases_of(text: str) -> list[Phrase]:
    """The phrases of a folded text that name times, in their order."""
    found: list[Phrase] = []
    position = 0
    while match := _START.search(text, position):
        position = match.start()
        if text[position] == "《":  # a law's or a form's title: 《2026年度…通知》
            title = _TITLE.match(text, position)
            position = title.end() if title else position + 1
            continue
        phrase = None if _continues(text, position, found) else _phrase_at(text, position)
        if phrase is None or _a_while(text, phrase):
            position += 1
            continue
        found.append(phrase)
        position = phrase.stop
    return found


def _continues(text: str, position: int, found: list[Phrase]) -> bool:
    """Is this within a longer number (三|十点, 135|12月), or an ordinal (第三天), or of the word before?"""
    if position == 0 or (found and found[-1].stop == position):
        return False
    before, character = text[position - 1], text[position]
    if before in "第几" or (before == "一" and character == "下"):  # 约一下周三 is no 下周三
        return True
    if character == "下" and before in "到至" and text.startswith("下班", position):
        return True  # 没到下班时间: it ends a time (三点到下班), it is none
    if character.isdecimal() and (before.isascii() and (before.isalnum() or before in ".#")):
        return True
    return character in NUMERALS and before in _CONTINUED


def _a_while(text: str, phrase: Phrase) -> bool:
    """等了一下午, 一整天上午: a part of the day that is a length, not a time."""
    named = phrase.first
    if not isinstance(named, Moment) or named.dates is not None or named.clock is not None:
        return False
    return phrase.begin > 0 and text[phrase.begin - 1] in "一整每"


def _phrase_at(text: str, position: int) -> Phrase | None:
    limit: Limit = ""
    begin = position
    if match := _PREFIX.match(text, position):
        limit, position = list(_PREFIXES.values())[(match.lastindex or 1) - 1], match.end()
        if position >= len(text):
            return None
    try:
        found = moment_at(text, position)
        if found is None:
            return None
        if isinstance(found.meaning, Relative):
            return Phrase(begin, found.stop, found.meaning)
        told = _OVER.match(text, found.stop) is not None
        return _extended(text, Phrase(begin, found.stop, found.meaning, limit=limit, told=told))
    except ValueError:  # a row of numerals that is no number (十十天后)
        return None


def _extended(text: str, phrase: Phrase) -> Phrase:
    """With what follows: another end (到十一点), or a limit (之前)."""
    phrase = _to_another(text, phrase)
    if phrase.last is not None or phrase.limit:
        between = _BETWEEN.match(text, phrase.stop)
        return replace(phrase, stop=between.end()) if between else phrase
    if match := _SUFFIX.match(text, phrase.stop):
        return replace(phrase, limit=list(_SUFFIXES.values())[(match.lastindex or 1) - 1], stop=match.end())
    return phrase


def _to_another(text: str, phrase: Phrase) -> Phrase:
    to = _TO.match(text, phrase.stop)
    joined = to or _AND.match(text, phrase.stop)
    if joined is None or joined.end() >= len(text) or phrase.limit in ("by", "after"):
        return phrase
    other = moment_at(text, joined.end())
    if other is None or isinstance(other.meaning, Relative):
        return phrase
    if to is None and not _BETWEEN.match(text, other.stop):
        return phrase
    return replace(phrase, last=other.meaning, limit="", stop=other.stop)
