"""What an item costs, in words."""

from __future__ import annotations

import re

from actions.wording.texts import sentence
from hall.catalogue.schema import Fee, Item

_SILENT = "目录里没有写收费"
_IN_LINE = 16
_CLAUSE = re.compile(r"[,;。、]")
# 完税证明 and 清税 pay none.
_TAX = re.compile(r"缴税|契税|个人所得税|购置税|税申报")
_FREE = frozenset({"免费", "不收费", "不收取", "无"})


def in_line(item: Item) -> str:
    """The fees in few words, for the guide's line; "" where the catalogue is silent."""
    if not item.fees_known:
        return ""
    told = [fee for fee in item.fees if not _is_free(fee)]
    if not told:
        return "手续免费,税另算" if is_tax(item) else "不收费"
    standard = told[0].standard
    if len(standard) > _IN_LINE:
        standard = f"{_CLAUSE.split(standard)[0][:_IN_LINE]}…"
    line = f"{told[0].name} {standard}".strip()
    return line if len(told) == 1 else f"{line}等"


def fee_sentence(item: Item) -> str:
    """All fees, and who need not pay them."""
    if not item.fees_known:
        return f"{_SILENT},付钱前先问清楚。"
    if all(_is_free(fee) for fee in item.fees):
        return "不收费。"
    return "\n".join(_line(fee) for fee in item.fees)


def is_charged(item: Item) -> bool:
    """Whether the catalogue names something to be paid."""
    return any(not _is_free(fee) for fee in item.fees)


def is_tax(item: Item) -> bool:
    """Whether a tax is paid with this item, which is no fee."""
    return _TAX.search(item.name) is not None and not is_charged(item)


def _is_free(fee: Fee) -> bool:
    return fee.standard.strip("。 ") in _FREE and not fee.waivable


def _line(fee: Fee) -> str:
    told = sentence(f"{fee.name}:{fee.standard or '标准目录里没有写'}")
    return f"{told}{sentence(f'减免:{fee.waivable}')}" if fee.waivable else told
