"""The points at the top of an item's page: how long, how much, how often, by whom. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.h5.links import outside
from hall.catalogue.applicable import Applicable
from hall.catalogue.schema import Fee, Item
from hall.wording.amounts import counted

SILENT = "目录里没有写"
_AUDIENCES = {
    "自然人": "个人",
    "企业法人": "企业",
    "事业法人": "事业单位",
    "社会组织法人": "社会组织",
    "法人": "单位",
}
_KINDS = {"即办件": "材料齐就当场办", "承诺件": "按承诺的时间办完"}
_LONG_VALUE = 16
_FREE = frozenset({"免费", "不收费", "不收取", "无"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the points; a `wide` one takes a line of its own."""

    name: str
    value: str
    note: str = ""
    wide: bool = False
    href: str = ""


def lead(item: Item, found: Applicable) -> str:
    """Whose item it is, for whom, and of which kind, in one line."""
    by = f"{item.department}(由{item.entrusted}受理)" if item.entrusted else item.department
    audience = "、".join(_AUDIENCES.get(name, name) for name in item.audience)
    kind = f"{found.kind}({_KINDS[found.kind]})" if found.kind in _KINDS else found.kind
    return " · ".join(part for part in (by, audience and f"{audience}办", kind) if part)


def facts(item: Item, found: Applicable) -> list[Fact]:
    """The points, the four that decide about the day first."""
    told = [
        Fact("多久办好", limit(found), _limit_note(found)),
        Fact("收费", fees(found), _waivable(found)),
        _visits(item, found),
        Fact("怎么办", "、".join(item.handling), item.scope) if item.handling else None,
        Fact("办成后给您", item.result.name, _delivery(item)) if item.result.name else None,
        _booking(item),
        Fact("找人代办", item.proxy, wide=True) if item.proxy else None,
        _online(item),
        Fact("中介服务", item.intermediary) if item.intermediary else None,
    ]
    return [_spread(fact) for fact in told if fact is not None]


def limit(found: Applicable) -> str:
    """How long it takes, in few words."""
    if _on_the_spot(found):
        return "当场办完"
    if found.promised.amount is not None:
        return counted(found.promised.amount, found.promised.unit)
    if found.legal.amount is not None:
        return f"最长 {counted(found.legal.amount, found.legal.unit)}"
    return SILENT


def fees(found: Applicable) -> str:
    """All fees with their standard."""
    if not found.fees_known:
        return SILENT
    if all(_is_free(fee) for fee in found.fees):
        return "不收费"
    return ";".join(f"{fee.name} {fee.standard}".strip() for fee in found.fees)


def _is_free(fee: Fee) -> bool:
    """Portals list what is free as a fee of 免费."""
    return fee.standard.strip("。 ") in _FREE and not fee.waivable


def _on_the_spot(found: Applicable) -> bool:
    amount = found.promised.amount
    return amount == 0 or (found.kind == "即办件" and (amount is None or amount <= 1))


def _limit_note(found: Applicable) -> str:
    legal, promised = found.legal, found.promised
    told = []
    if _on_the_spot(found):
        told.append("" if promised.amount is None and legal.amount is None else "材料齐的话")
    elif promised.amount is not None:
        told.append("从受理那天算" + (",周末和节假日不算" if promised.unit == "工作日" else ""))
        if legal.amount and (legal.amount, legal.unit) != (promised.amount, promised.unit):
            told.append(f"法定最长 {counted(legal.amount, legal.unit)}")
    elif legal.amount is not None:
        told.append("法定时限" + (",周末和节假日不算" if legal.unit == "工作日" else ""))
    told += [promised.note, legal.note]
    return ";".join(dict.fromkeys(note.rstrip("。") for note in told if note))


def _waivable(found: Applicable) -> str:
    told = [f"减免:{fee.waivable}" for fee in found.fees if fee.waivable]
    return ";".join(dict.fromkeys(told))


def _visits(item: Item, found: Applicable) -> Fact | None:
    if found.visits is None:
        return None
    return Fact("要跑几趟", f"{found.visits} 趟" if found.visits else "不用跑", item.visit_reason)


def _delivery(item: Item) -> str:
    return item.delivery_note or ("可以寄到家" if item.delivery else "")


def _booking(item: Item) -> Fact | None:
    if item.bookable is None:
        return None
    if not item.bookable:
        return Fact("预约", "不用预约", "直接去,现场取号")
    quota = f"每天 {item.daily_quota} 个号" if item.daily_quota else ""
    return Fact("预约", "可以预约", quota)


def _online(item: Item) -> Fact | None:
    if not item.online_url:
        return None
    href = outside(item.online_url)
    return Fact("网上办理", "打开网上办理页面" if href else item.online_url, wide=True, href=href)


def _spread(fact: Fact) -> Fact:
    """A long value gets the whole width."""
    wide = fact.wide or len(fact.value) > _LONG_VALUE
    return Fact(fact.name, fact.value, fact.note, wide, fact.href)
