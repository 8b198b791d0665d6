"""Numbered choices: how an answer offers them and how what the citizen sends back is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

MOST_CHOICES = 9

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# 2 / 2. / 选2 / 第二个 / 回复3 / 我选第2项 / 就1吧
_NUMBER = re.compile(
    r"(?:我)?(?:就)?(?:选择?|回复?|要|点)?第?(?P<number>\d{1,2}|[一二两三四五六七八九])"
    r"(?:个|项|条)?(?:吧|的)?[.。、,)]?"  # 3号 is a day, or a window
)
_BARE = re.compile(r"\d{1,2}[.。、,)]?")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way on: what the citizen reads and what the bot takes it to mean (Rasa's `/intent{…}`)."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class ChoiceSet:
    """The choices of one answer; `key` tells them from those of other answers when one is tapped."""

    key: str
    choices: tuple[Choice, ...]

    def menu_id(self, number: int) -> str:
        """The id that WeChat sends back when choice `number` (from 1) is tapped."""
        return f"{self.key}.{number}"

    def to_json(self) -> dict[str, Any]:
        """A JSON object for the conversation's row."""
        return {"key": self.key, "choices": [[choice.title, choice.payload] for choice in self.choices]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(value["key"], tuple(Choice(title, payload) for title, payload in value["choices"]))


@dataclass(frozen=True, slots=True)
class NotOffered:
    """The citizen sent a number that the last choices do not have."""

    number: int
    offered: ChoiceSet


def tapped(menu_id: str, offered: Sequence[ChoiceSet]) -> Choice | None:
    """The choice behind a tap, also in one of the earlier lists."""
    key, _, number = menu_id.rpartition(".")
    for choices in offered:
        if choices.key == key and number.isdecimal() and 1 <= int(number) <= len(choices.choices):
            return choices.choices[int(number) - 1]
    return None


def read(text: str, offered: Sequence[ChoiceSet]) -> Choice | NotOffered | None:
    """What `text` (normalised) picks among the last choices; None where it picks none.

    A bare number that was not offered comes back as NotOffered; a number inside a longer sentence
    (两个人, 3号上午) is left to the understanding.
    """
    if not offered:
        return None
    last = offered[-1]
    wanted = text.strip()
    for choice in last.choices:
        if wanted == choice.title:
            return choice
    match = _NUMBER.fullmatch(wanted)
    if match is None:
        return None
    number = _value(match["number"])
    if 1 <= number <= len(last.choices):
        return last.choices[number - 1]
    return NotOffered(number, last) if _BARE.fullmatch(wanted) else None


def _value(number: str) -> int:
    return _DIGITS[number] if number in _DIGITS else int(number)
