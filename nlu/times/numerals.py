"""Chinese and Arabic numerals: regular expressions, bounded by what they count, and their values."""

from __future__ import annotations

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "廿": 20, "卅": 30}

NUMERALS = "0123456789零〇一二两三四五六七八九十百廿卅"
ONES = "[一二三四五六七八九]"
ANY = r"(?:\d{1,5}|[零〇一二两三四五六七八九十百廿卅]{1,6})"
YEAR = rf"(?:[12]\d{{3}}|[一二](?:[零〇]|{ONES}){{3}})"
MONTH = rf"(?:1[0-2]|0?[1-9](?!\d)|十[一二]?|{ONES})"
DAY = (
    r"(?:3[01](?!\d)|[12]\d(?!\d)|0?[1-9](?!\d)|三十一?|卅一?"
    rf"|二十{ONES}?|廿{ONES}?|十{ONES}?|{ONES})"
)
HOUR = (
    r"(?:2[0-4](?!\d)|1\d(?!\d)|0?\d(?!\d)|二十[一二三四]?|廿[一二三四]?"
    rf"|十{ONES}?|[零〇两]|{ONES})"
)
MINUTE = rf"(?:[0-5]\d(?!\d)|[二三四五]?十{ONES}?|[零〇]{ONES})"
"""A minute that needs no 分 after it: two digits, or 十五, or 零五."""
FEW = rf"(?:\d(?!\d)|[零〇]?(?:两|{ONES}))"
WEEKDAY = r"[一二三四五六日天]"


def number(numeral: str) -> int:
    """The value of a numeral: 25, 二十五, 廿五, 二〇二六, 一百二十.

    Raises:
        ValueError: it is none (十十一, 百三).
    """
    if numeral.isdecimal():
        return int(numeral)
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    hundreds, found, rest = numeral.rpartition("百")
    value = 100 * _DIGITS[hundreds] if found and hundreds in _DIGITS else 0
    if found and not value:
        raise ValueError(f"not a numeral: {numeral}")
    return value + _below_hundred(rest.lstrip("零〇"), numeral)


def _below_hundred(rest: str, numeral: str) -> int:
    for sign, ten in _TENS.items():
        before, found, after = rest.partition(sign)
        if not found:
            continue
        if (before and (before not in _DIGITS or sign != "十")) or (after and after not in _DIGITS):
            raise ValueError(f"not a numeral: {numeral}")
        return (_DIGITS[before] * ten if before else ten) + (_DIGITS[after] if after else 0)
    if rest and rest not in _DIGITS:
        raise ValueError(f"not a numeral: {numeral}")
    return _DIGITS[rest] if rest else 0


def weekday(sign: str) -> int:
    """Monday is 0. `sign` is what stands after 周, 星期, 礼拜."""
    return 6 if sign in "日天7" else number(sign) - 1
