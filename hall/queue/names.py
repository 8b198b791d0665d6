"""What the windows of a counter group are called, by the group's own name. Pure."""

from __future__ import annotations

import re
import unicodedata

from hall.appointments.slots import counters_in

_RANGE = re.compile(r"(?P<before>.*?)(?P<first>\d+)\s*[–—~至-]\s*(?P<last>\d+)(?P<after>\s*号.*)")


def window_names(group_name: str) -> tuple[str, ...]:
    """The windows that a group's name speaks of: A 区 5–8 号窗口 gives A 区 5 号窗口 and three more.

    A name without a range is one window of that name. What staff type when they open a window may differ.
    """
    words = unicodedata.normalize("NFKC", group_name).strip()
    found = _RANGE.fullmatch(words)
    if found is None or counters_in(words) != int(found["last"]) - int(found["first"]) + 1:
        return (words,)
    numbers = range(int(found["first"]), int(found["last"]) + 1)
    return tuple(f"{found['before']}{number}{found['after']}" for number in numbers)
