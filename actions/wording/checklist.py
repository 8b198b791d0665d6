"""The list of what to bring in one's own case, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions import situations
from actions.wording import guide, materials
from hall.catalogue.schema import Item, Material

_HONEST = "我只按您说的对了名目,原件合不合格以窗口看过为准。"
_SILENT = "目录里没有写要带什么,来前请打电话问。"


def told(
    item: Item,
    known: Mapping[str, str],
    have: Sequence[Material],
    lack: Sequence[Material],
    unsaid: Sequence[Material],
) -> str:
    """What is there, what is missing, what was not spoken of; the whole list where nothing was said."""
    parts = [guide.header(item)]
    if named := situations.labels(item, known):
        parts.append(f"按您的情况:{'、'.join(named)}")
    parts.append(_compared(have, lack, unsaid) if have or lack else _whole(item, known))
    parts.append(guide.footer(item))
    return "\n".join(part for part in parts if part)


def _whole(item: Item, known: Mapping[str, str]) -> str:
    if not item.materials_known:
        return _SILENT
    number = materials.count(item, known)
    if not number:
        return "不用带材料。"
    return (
        f"请对着看,一共 {number} 样:\n{materials.in_list(situations.under(item, known), known)}\n"
        "手上有什么、缺什么,发给我,我帮您对一遍。"
    )


def _compared(have: Sequence[Material], lack: Sequence[Material], unsaid: Sequence[Material]) -> str:
    needed = [material for material in lack if material.necessity != "非必要"]
    lines = []
    if have:
        lines.append(f"有了:{_names(have)}")
    if lack:
        lines.append(f"还缺:{'、'.join(_lacking(material) for material in lack)}")
    if unsaid:
        lines.append(f"您没提到:{'、'.join(_lacking(material) for material in unsaid)}")
    if not needed and not any(material.necessity == "必要" for material in unsaid):
        lines.append("必须带的都有了。")
    return "\n".join([*lines, _HONEST])


def _names(listed: Sequence[Material]) -> str:
    return "、".join(material.name for material in listed)


def _lacking(material: Material) -> str:
    if material.exempt:
        return f"{material.name}(可能不用带:{material.exempt.removeprefix('可免提交').lstrip(':,')})"
    notes = {"非必要": "(有就带)", "容缺后补": "(可先办、过后补)"}
    return f"{material.name}{notes.get(material.necessity, '')}"
