"""Cuts a long answer into parts that WeChat shows whole, where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.wechat.characters import printable

MAX_CHARACTERS: Final = 600
MAX_BYTES: Final = 2048
"""What WeChat takes in one text message, in UTF-8."""

# WeChat shows no tag inside a link; looking for none also keeps the search linear.
_LINK = re.compile(r"<a\b[^<>]*>[^<]*</a\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?a\b[^<>]*>", re.IGNORECASE)
# Where to cut, best first: paragraph, line, sentence (with what closes it), clause, word.
_PAUSES = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"(?:[。！？…!?；;]|\.(?=\s))+[”’」』】）)\"']*\s*"),
    re.compile(r"[，、：,:]+\s*|\s+"),
)
# A cut that leaves less than this share of the room used is not worth its better place.
_WORTH: Final = 0.4
_ZERO_WIDTH_JOINER: Final = "\u200d"
_MAX_CLUSTER: Final = 32


def split_text(text: str, limit: int = MAX_CHARACTERS) -> list[str]:
    """Parts of at most `limit` shown characters and 2048 UTF-8 bytes, none empty, none with outer blanks.

    The cut is at the end of a paragraph, else line, sentence, clause or word; never inside a link
    `<a ...>...</a>` nor inside what is read as one character. A link too long for any part loses its
    tag and is cut as text. Raises ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError("a part holds at least one character")
    rest = printable(text).strip()
    if _fits(rest, limit):
        return [rest] if rest else []
    rest = _without_endless_links(rest, limit)
    parts = []
    while rest:
        cut = _cut(rest, limit)
        part = rest[:cut].strip()
        if part:
            parts.append(part)
        rest = rest[cut:].strip()
    return parts


def _fits(text: str, limit: int) -> bool:
    return shown_length(text) <= limit and (len(text) * 4 <= MAX_BYTES or len(text.encode()) <= MAX_BYTES)


def shown_length(text: str) -> int:
    """How many characters a reader sees: the address of a link is none of them, but counts in bytes."""
    return len(_TAG.sub("", text)) if "<" in text else len(text)


def _without_endless_links(text: str, limit: int) -> str:
    def keep_or_bare(match: re.Match[str]) -> str:
        link = match.group()
        return link if _fits(link, limit) else _TAG.sub("", link)

    return _LINK.sub(keep_or_bare, text)


def _cut(text: str, limit: int) -> int:
    """Where the first part of `text` ends: a position from 1 to as far as fits."""
    room = _room(text, limit)
    if room == len(text):
        return room
    links = list(_spans(text, room))
    for pause in _PAUSES:
        ends = [end for end in _ends(pause, text, room) if not _inside(end, links)]
        if ends and ends[-1] >= room * _WORTH:
            return ends[-1]
    return _hard_cut(text, room, links)


def _room(text: str, limit: int) -> int:
    """How many characters from the start fit into one part."""
    head = text[: _shown_room(text, limit)]
    encoded = head.encode()
    if len(encoded) <= MAX_BYTES:
        return len(head)
    # A character cut in the middle is dropped by `ignore`.
    return len(encoded[:MAX_BYTES].decode(errors="ignore"))


def _shown_room(text: str, limit: int) -> int:
    """How many characters from the start show at most `limit`."""
    shown = position = 0
    for tag in _TAG.finditer(text):
        if shown + tag.start() - position > limit:
            break
        shown += tag.start() - position
        position = tag.end()
    return min(len(text), position + limit - shown)


def _spans(text: str, room: int) -> Iterator[tuple[int, int]]:
    for match in _LINK.finditer(text):
        if match.start() >= room:
            return
        yield match.span()


def _ends(pause: re.Pattern[str], text: str, room: int) -> list[int]:
    # The pause itself must fit, its trailing blanks need not: they are dropped at the cut.
    matches = pause.finditer(text, 0, min(len(text), room + _MAX_CLUSTER))
    ends = (match.start() + len(match.group().rstrip()) for match in matches)
    return [end for end in ends if 0 < end <= room]


def _inside(position: int, links: list[tuple[int, int]]) -> bool:
    return any(start < position < end for start, end in links)


def _hard_cut(text: str, room: int, links: list[tuple[int, int]]) -> int:
    for start, end in links:
        if start < room < end:
            # A part may not end inside this link; one that starts with it fits as a whole.
            return start if start > 0 else end
    cut = room
    # A longer cluster than any real one (a flood of combining marks) is cut all the same.
    while cut > max(1, room - _MAX_CLUSTER) and _joined(text, cut):
        cut -= 1
    return room if _joined(text, cut) else cut


def _joined(text: str, position: int) -> bool:
    """Whether the characters on both sides of `position` are read as one."""
    before, after = text[position - 1], text[position]
    if before == _ZERO_WIDTH_JOINER or _extends(after):
        return True
    if _is_flag_letter(before) and _is_flag_letter(after):
        run = position
        while run > 0 and _is_flag_letter(text[run - 1]):
            run -= 1
        return (position - run) % 2 == 1
    return False


def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character == _ZERO_WIDTH_JOINER
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags of regional flags
    )


def _is_flag_letter(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF
