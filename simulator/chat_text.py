"""What WeChat makes of a message's text: only `<a>` is a link, everything else stays as it was typed."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

_ANCHOR = re.compile(r"<a\b([^<>]*)>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BARE = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]'"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text, a link to a page, or a choice that sends `content` with `menu_id` when tapped."""

    kind: Literal["text", "link", "choice"]
    text: str
    href: str = ""
    content: str = ""
    menu_id: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give what the page needs of the segment."""
        return {key: value for key, value in asdict(self).items() if value}


def segments(text: str) -> list[Segment]:
    """Cut a text into what is shown; an `<a>` with an address that is none of WeChat's stays text."""
    found: list[Segment] = []
    at = 0
    for match in _ANCHOR.finditer(text):
        segment = _anchor(match.group(1), match.group(2))
        if segment is None:
            continue
        found.extend(_bare_links(text[at : match.start()]))
        found.append(segment)
        at = match.end()
    found.extend(_bare_links(text[at:]))
    return found


def _anchor(attributes: str, label: str) -> Segment | None:
    href_match = _HREF.search(attributes)
    if not href_match or not label.strip():
        return None
    href = html.unescape(href_match.group(1) or href_match.group(2) or "").strip()
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme.lower() in ("http", "https") and parts.netloc:
        return Segment("link", label, href=href)
    if parts.scheme.lower() == "weixin" and parts.netloc == "bizmsgmenu":
        query = parse_qs(parts.query)
        content = query.get("msgmenucontent", [label])[0]
        return Segment("choice", label, content=content, menu_id=query.get("msgmenuid", [""])[0])
    return None


def _bare_links(text: str) -> list[Segment]:
    found: list[Segment] = []
    at = 0
    for match in _BARE.finditer(text):
        address = match.group(0).rstrip(_TRAILING)
        if match.start() > at:
            found.append(Segment("text", text[at : match.start()]))
        found.append(Segment("link", address, href=address))
        at = match.start() + len(address)
    if at < len(text):
        found.append(Segment("text", text[at:]))
    return found
