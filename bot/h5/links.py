"""Addresses on a page: of items, of forms elsewhere, of telephones. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

# Area code and number, 400 numbers, mobiles, and the short ones (110, 12345); never a part of 9:00-17:00.
_PHONE: Final = re.compile(
    r"(?<![\d:.–-])(?:0\d{2,3}-?\d{7,8}|[48]00-?\d{3,4}-?\d{3,4}|1[3-9]\d{9}|[2-9]\d{6,7}|1\d{2,4})(?![\d:.–]|-\d)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: a telephone number with its `href`, or the words between (`href` is "")."""

    text: str
    href: str = ""


def segment(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def item_href(code: str, chosen: Mapping[str, str] | None = None, anchor: str = "") -> str:
    """The address of an item's page under what was chosen."""
    query = f"?{urlencode(chosen)}" if chosen else ""
    return f"/h5/items/{segment(code)}{query}{f'#{segment(anchor)}' if anchor else ''}"


def outside(address: str) -> str:
    """The address if a citizen can safely be sent there: https with a host; else ""."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme == "https" and parts.hostname else ""


def phones(text: str) -> tuple[Piece, ...]:
    """The text with its telephone numbers as links to call."""
    pieces = []
    end = 0
    for found in _PHONE.finditer(text):
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()]))
        pieces.append(Piece(found.group(), f"tel:{found.group()}"))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)
