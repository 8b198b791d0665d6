"""Characters that XML, JSON and PostgreSQL can all carry; what cannot is dropped at the edge, both ways."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline, lone surrogates, and the two non-characters XML 1.0 forbids.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` without control characters and lone surrogates; every line end becomes a newline."""
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
