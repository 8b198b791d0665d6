"""Making texts fit a phone: cutting at the end of a sentence, quoting a citizen, joining names."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A citizen's words that are said back are short and carry no markup.
MOST_QUOTED = 16

_ENDS = re.compile(r"[。;；!?\n]")
_MARKUP = str.maketrans(
    {"<": "〈", ">": "〉", "{": "(", "}": ")", "[": "(", "]": ")", "`": "'", "\\": "", "&": "和"}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def quoted(text: str) -> str:
    """A short excerpt of a citizen's words in quotation marks, with nothing in it that a reader could run."""
    words = " ".join(_CONTROL.sub(" ", text).translate(_MARKUP).split())
    short = words if len(words) <= MOST_QUOTED else f"{words[:MOST_QUOTED]}…"
    return f"“{short}”"


def shortened(text: str, most: int) -> tuple[str, bool]:
    """`text` in at most `most` characters, cut at the last end of a sentence; and whether it was cut."""
    text = text.strip()
    if len(text) <= most:
        return text, False
    ends = [found.end() for found in _ENDS.finditer(text, 0, most)]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]].rstrip(), True
    return text[: most - 1].rstrip() + "…", True


def listed(names: Sequence[str], *, most: int, unit: str = "样") -> str:
    """Names with 、 between them; beyond `most` the rest is counted."""
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等 {len(names)} {unit}"


def sentence(text: str) -> str:
    """`text` with a full stop, where it ends without one."""
    text = text.strip()
    return text if not text or text[-1] in "。!?…;;:：）)”" else f"{text}。"
