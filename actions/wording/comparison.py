"""Two items side by side, in words: first what differs. Pure."""

from __future__ import annotations

from actions.wording import fees, guide, limits, places
from actions.wording.texts import listed, shortened
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView

_CONDITIONS = 60
_SILENT = "目录里没有写"


def with_which(item: Item) -> str:
    """Asked where only one of the two is known."""
    return f"【{item.name}】和哪一件比?"


def which_two() -> str:
    """Asked where neither is known."""
    return "您要比哪两件事?把名字都说上,例如:身份证到期换领和丢失补领有什么区别。"


def side_by_side(one: Item, other: Item, view: CatalogueView) -> str:
    """What the two are for, and where limit, fee, place and materials differ."""
    lines = [f"甲【{one.name}】", f"乙【{other.name}】"]
    facts = (
        ("什么情况办", _conditions(one), _conditions(other)),
        ("多久", limits.limit(one), limits.limit(other)),
        ("收费", fees.in_line(one), fees.in_line(other)),
        ("在哪办", places.in_line(one, view), places.in_line(other, view)),
    )
    lines += [_fact(title, first, second) for title, first, second in facts]
    lines.append(_materials(one, other))
    versions = dict.fromkeys([guide.footer(one), guide.footer(other)])
    lines.append(" / ".join(version for version in versions if version))
    return "\n".join(line for line in lines if line)


def _conditions(item: Item) -> str:
    return shortened(item.conditions, _CONDITIONS)[0].rstrip("。")


def _fact(title: str, one: str, other: str) -> str:
    if one == other:
        return f"{title}:一样,{one}" if one else f"{title}:{_SILENT}"
    return f"{title}:甲 {one or _SILENT};乙 {other or _SILENT}"


def _materials(one: Item, other: Item) -> str:
    if not one.materials_known or not other.materials_known:
        return f"材料:{_SILENT}全"
    first, second = _names(one), _names(other)
    both = [name for name in first if name in second]
    parts = [f"都要 {listed(both, most=4)}"] if both else []
    for mark, mine, theirs in (("甲", first, second), ("乙", second, first)):
        own = [name for name in mine if name not in theirs]
        if own:
            parts.append(f"{mark}另要 {listed(own, most=4)}" if both else f"{mark} {listed(own, most=4)}")
    return f"材料:{';'.join(parts)}" if parts else "材料:都不用带"


def _names(item: Item) -> list[str]:
    return [m.name for m in item.materials if not m.when and m.necessity == "必要"]
