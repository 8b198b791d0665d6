"""One form of writing for the grammar, without moving a character: offsets stay those of the text."""

from __future__ import annotations

_TRADITIONAL = (
    "點点鐘钟鍾钟後后週周禮礼號号個个時时間间節节國国慶庆勞劳動动陽阳農农曆历歷历臘腊這这開开業业從从來来過过內内兩两"
    "聖圣誕诞遲迟於于為为閏闰雙双親亲會会當当趕赶單单樓楼廳厅門门櫃柜檯台線线見见議议問问題题說说萬万塊块錢钱員员"
    "億亿長长鐵铁現现還还約约訂订預预幾几麼么們们黃黄淩凌頭头儘尽號号歲岁舊旧陰阴裡里裏里離离辦办請请"
)
_LOOKALIKE = {
    "\u3000": " ", "\u00a0": " ", "\t": " ", "\n": ";", "\r": " ",
    "〜": "~", "∼": "~", "—": "-", "–": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "─": "-",
    "∶": ":", "·": ".", "•": ".", "︰": ":", "﹕": ":", "【": "(", "】": ")",
    "〔": "(", "〕": ")", "[": "(", "]": ")", "○": "〇", "◯": "〇", "Ｏ": "o", "貳": "二", "叁": "三",
}  # fmt: skip


def _table() -> dict[int, str]:
    table = {0xFEE0 + code: chr(code).lower() for code in range(0x21, 0x7F)}
    table |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    table |= {
        ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True) if old != new
    }
    return table | {ord(old): new for old, new in _LOOKALIKE.items()}


_FOLDED = _table()


def fold(text: str) -> str:
    """The text in half width, simplified characters (as far as times need) and lower case; same length."""
    return text.translate(_FOLDED)
