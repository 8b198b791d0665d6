"""Numbers of the ID card (居民身份证), residence permit (港澳台居民居住证) and foreigners' card. Pure.

GB 11643-1999: six digits of place, eight of birth, three of order (odd for men), a check by ISO 7064 MOD
11-2. Of the place only the province is looked at: people keep the number they were given, whatever became
of their county or province since (510202 is Chongqing from when it belonged to Sichuan). 810000, 820000 and
830000 are the residence permits of people from Hong Kong, Macau and Taiwan. The foreigners' permanent
residence card of 2023 starts with 9, then the issuing province and three digits of nationality.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

Reason = Literal["empty", "old", "length", "characters", "place", "birth", "future", "too_old", "checksum"]
Kind = Literal["citizen", "residence_permit", "permanent_residence"]

LENGTH = 18
_OLD_LENGTH = 15
# Older than anybody ever was: a slip in the year.
MAX_AGE_YEARS = 130

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    str(code)
    for code in (
        *range(11, 16),
        21,
        22,
        23,
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
    )
)
_PERMITS = frozenset({"810000", "820000", "830000"})
# What people write between the groups, or a chat client puts there unseen.
_FILLING = re.compile(r"[\s\-_.·\u200b\u2060\ufeff]+")
_CROSSES = str.maketrans({"x": "X", "×": "X", "Х": "X", "х": "X"})  # Cyrillic too


class IdNumberWrong(ValueError):  # noqa: N818 - reads as the verdict it is
    """No valid ID number; `reason` says what is wrong with it. The number itself is not repeated."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"not a valid ID number: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid number, 18 characters with a capital X."""

    number: str
    kind: Kind
    born: date
    male: bool

    def __repr__(self) -> str:
        return f"IdNumber({self.kind})"  # never the number: it would end up in a log


def parse(written: str, *, today: date) -> IdNumber:
    """The ID number that somebody wrote or said; `today` is the local date. Raises IdNumberWrong."""
    number = normalised(written)
    _check_shape(number)
    kind = _kind(number)
    born = _birth(number, today)
    if check_character(number[:17]) != number[17]:
        raise IdNumberWrong("checksum")
    return IdNumber(number, kind, born, male=int(number[16]) % 2 == 1)


def normalised(written: str) -> str:
    """The characters alone: full width made plain, what stands between dropped, X in capitals."""
    return _FILLING.sub("", unicodedata.normalize("NFKC", written)).translate(_CROSSES)


def check_character(first: str) -> str:
    """The check (校验码) of the first 17 digits, by ISO 7064 MOD 11-2."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True))
    return _CHECKS[total % 11]


def _check_shape(number: str) -> None:
    if not number:
        raise IdNumberWrong("empty")
    if re.fullmatch(rf"[0-9]{{{_OLD_LENGTH}}}", number):
        raise IdNumberWrong("old")  # the first generation's, void since 2013
    if len(number) != LENGTH:
        raise IdNumberWrong("length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise IdNumberWrong("characters")


def _kind(number: str) -> Kind:
    if number[:6] in _PERMITS:
        return "residence_permit"
    if number[0] == "9" and number[1:3] in _PROVINCES:
        return "permanent_residence"
    if number[:2] in _PROVINCES:
        return "citizen"
    raise IdNumberWrong("place")


def _birth(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdNumberWrong("birth") from None
    if born > today:
        raise IdNumberWrong("future")
    if today.year - born.year > MAX_AGE_YEARS:
        raise IdNumberWrong("too_old")
    return born
