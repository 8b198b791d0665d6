"""Phone numbers as people write them, read by Google's numbering plans. Pure."""

from __future__ import annotations

import unicodedata
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

Reason = Literal["empty", "unreadable", "impossible", "not_assigned"]
_HOME = "CN"
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class PhoneWrong(ValueError):  # noqa: N818 - reads as the verdict it is
    """No phone number that could be called; `reason` says why. The number itself is not repeated."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"not a phone number: {reason}")
        self.reason = reason


def parse(written: str) -> str:
    """The number in E.164 (+8613800138000); without a country, of the mainland. Raises PhoneWrong."""
    words = unicodedata.normalize("NFKC", written).strip()
    if not words:
        raise PhoneWrong("empty")
    try:
        number = phonenumbers.parse(words, _HOME)
    except NumberParseException:
        raise PhoneWrong("unreadable") from None
    if not phonenumbers.is_possible_number(number):
        raise PhoneWrong("impossible")
    if not phonenumbers.is_valid_number(number):
        raise PhoneWrong("not_assigned")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def receives_messages(phone: str) -> bool:
    """Whether an E.164 number is (or may be) a mobile, which can be sent an SMS."""
    return phonenumbers.number_type(phonenumbers.parse(phone)) in _MOBILE
