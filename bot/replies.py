"""From what the actions said to what goes out: one text with numbered ways on, in parts that WeChat takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.choices import MOST_CHOICES, Choice, ChoiceSet
from bot.wechat.split import split_text

# Choices stand in one line while that line is short enough to be read at a glance.
_LINE_CHARACTERS = 44
_IN_LINE = "回复 "
_ABOVE_LINES = "回复数字选一项:"
_TAP = "回复数字或点一下:"
# Characters that would end the link or its attribute; their full-width twins read the same.
_LINK_BREAKERS = str.maketrans({"<": "＜", ">": "＞", '"': "＂", "&": "＆", "\n": " "})


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing an action said, with the ways on that it offers."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer ready to go out."""

    parts: tuple[str, ...]
    choices: ChoiceSet | None


def render(utterances: Sequence[Utterance], *, key: str, tappable: bool) -> Rendered:
    """Join utterances into one answer. Choices of all of them are numbered through, doubles dropped.

    `key` names this answer's choices; `tappable` writes them as links that send the choice when tapped.
    """
    text = "\n\n".join(said.text.strip() for said in utterances if said.text.strip())
    offered = _distinct(choice for said in utterances for choice in said.choices)
    if not offered:
        return Rendered(tuple(split_text(text)) if text else (), None)
    choices = ChoiceSet(key, offered)
    lines = tap_lines(choices) if tappable else number_lines(choices)
    return Rendered(tuple(split_text(f"{text}\n\n{lines}" if text else lines)), choices)


def number_lines(choices: ChoiceSet) -> str:
    """The choices as text: in one line where they are short, else one a line."""
    numbered = [f"{number} {choice.title}" for number, choice in enumerate(choices.choices, 1)]
    line = _IN_LINE + " ".join(numbered)
    if len(line) <= _LINE_CHARACTERS:
        return line
    return "\n".join([_ABOVE_LINES, *numbered])


def tap_lines(choices: ChoiceSet) -> str:
    """The choices as links (WeChat's own scheme for menu messages, which also works in plain text)."""
    lines = [_TAP]
    for number, choice in enumerate(choices.choices, 1):
        title = choice.title.translate(_LINK_BREAKERS)
        link = f"weixin://bizmsgmenu?msgmenucontent={title}&msgmenuid={choices.menu_id(number)}"
        lines.append(f'<a href="{link}">{number} {title}</a>')
    return "\n".join(lines)


def _distinct(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    seen: dict[str, Choice] = {}
    for choice in choices:
        seen.setdefault(choice.payload, choice)
    return tuple(seen.values())[:MOST_CHOICES]
