"""How long an item takes, in words: 20 个工作日, 当场办完."""

from __future__ import annotations

from hall.catalogue.schema import Item
from hall.wording.amounts import counted

_SILENT = "目录里没有写多久办好"


def limit(item: Item) -> str:
    """The limit in few words, for the guide's line; "" where the catalogue is silent."""
    if _on_the_spot(item):
        return "当场办完"
    if item.promised_limit is not None:
        return counted(item.promised_limit, item.promised_limit_unit)
    if item.legal_limit is not None:
        return f"最长 {counted(item.legal_limit, item.legal_limit_unit)}"
    return ""


def limit_sentence(item: Item) -> str:
    """The limit with what its words mean."""
    if _on_the_spot(item):
        return _noted("当场办完(即办件:材料齐就当场办)", item.promised_limit_note)
    if item.promised_limit is None and item.legal_limit is None:
        return f"{_SILENT}。"
    if item.promised_limit is None:
        return _noted(
            f"最长 {_explained(item.legal_limit, item.legal_limit_unit)}(法定时限)", item.legal_limit_note
        )
    told = f"{_explained(item.promised_limit, item.promised_limit_unit)}办好(从受理那天算)"
    return _noted(told + _legal(item), item.promised_limit_note)


def _on_the_spot(item: Item) -> bool:
    return item.promised_limit == 0 or (item.kind == "即办件" and (item.promised_limit or 1) <= 1)


def _explained(number: int | None, unit: str) -> str:
    told = counted(number or 0, unit)
    return f"{told}(周末和节假日不算)" if unit == "工作日" else told


def _legal(item: Item) -> str:
    same = (item.legal_limit, item.legal_limit_unit) == (item.promised_limit, item.promised_limit_unit)
    if item.legal_limit is None or same:
        return ""
    return f",法定最长 {counted(item.legal_limit, item.legal_limit_unit)}"


def _noted(told: str, note: str) -> str:
    return f"{told};{note.rstrip('。')}。" if note else f"{told}。"
