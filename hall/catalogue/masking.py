"""Taking personal data out of a citizen's words before they are kept. Pure.

Masks more rather than less: a run of digits long enough for a phone, an ID or a card is gone whole,
also when it is broken by spaces or dashes or written with Chinese numerals.
"""

from __future__ import annotations

import re
import unicodedata

# Bounded: an unbounded run in front of @ costs the square of a long text.
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_DIGITS = re.compile(r"(?<![A-Za-z0-9])\+?\d(?:[ \-_.·]{0,2}\d){5,}[ \-]?[Xx]?(?![A-Za-z])|\d{6,}[Xx]?")
_NUMERALS = re.compile(r"[零〇一二三四五六七八九幺两]{7,}")
_CODES = re.compile(r"(?<![A-Za-z0-9])[0-9A-Z]{18}(?![A-Za-z0-9])")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{7,8}(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}"
)

# 我叫张三, 姓名:李四; with up to four characters, some of which may be the next word's.
_NAME = re.compile(
    r"(?P<lead>(?:我|他|她|妈|爸|名)叫|(?:姓名|名字)(?:是|叫|:))\s*"
    r"(?!什么|啥|怎|了|不|号|过|车)[\u3400-\u9fff][\u3400-\u9fff·]{1,3}"
)

_MASKS = (
    (_EMAIL, "〔邮箱〕"),
    (_PLATE, "〔车牌〕"),
    (_CODES, "〔号码〕"),
    (_PASSPORT, "〔号码〕"),
    (_DIGITS, "〔号码〕"),
    (_NUMERALS, "〔号码〕"),
)


def masked(text: str) -> str:
    """The text with what is personal replaced by its kind.

    ID numbers, phones, cards, codes, plates, e-mail addresses, and names where words say that it is one.
    """
    words = unicodedata.normalize("NFKC", text)
    for pattern, mask in _MASKS:
        words = pattern.sub(mask, words)
    return _NAME.sub(r"\g<lead>〔姓名〕", words)
