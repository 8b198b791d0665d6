"""Reading single fields of a form or an address: what is wrong is told in words, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from bot.clock import SHANGHAI

LONGEST_REASON: Final = 200
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
# Days that a calendar may name: its neighbours, and the moments in it, can be counted too.
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2199


class Wrong(ValueError):  # noqa: N818 - reads as the verdict it is
    """A field cannot be taken; `words` say why and what to write."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def day_in(written: str, otherwise: date) -> date:
    """The day of an address (2026-12-01), or another where it names none."""
    try:
        return read_day(written)
    except Wrong:
        return otherwise


def read_day(written: str) -> date:
    """A day as a form sends it. Raises Wrong."""
    words, text = "日期要写成 2026-12-01 这样。", written.strip()
    if not _DAY.fullmatch(text):
        raise Wrong(words)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong(words) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Wrong(words)
    return day


def read_moment(written: str) -> datetime:
    """An aware moment as our own forms write it. Raises Wrong."""
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise Wrong("请选一个时间。") from None
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise Wrong("请选一个时间。")
    return moment.astimezone(SHANGHAI)


def read_reason(form: Mapping[str, str], name: str = "reason", *, what: str = "原因") -> str:
    """Why something is done. Raises Wrong."""
    reason = " ".join(form.get(name, "").split())
    if not reason:
        raise Wrong(f"请写明{what}。")
    if len(reason) > LONGEST_REASON:
        raise Wrong(f"{what}太长,最多 {LONGEST_REASON} 个字。")
    return reason


def read_number(written: str, *, most: int, what: str) -> int | None:
    """A whole number from 0 to `most`; None for an empty field. Raises Wrong."""
    text = written.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise Wrong(f"{what}要写 0 到 {most} 的整数,或者留空。")
    return int(text)


def number_in(visited: str) -> int:
    """The number of an address that our routes let through."""
    return int(visited) if visited.isdecimal() and len(visited) < 18 else 0
