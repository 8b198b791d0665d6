"""The materials of an item as a citizen packs them: what must come, need not, may follow. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.h5.links import outside
from hall.catalogue.applicable import Applicable
from hall.catalogue.schema import Item, Material
from hall.wording.amounts import sheets

_FORMS: Final = {"纸质": "纸质", "电子化": "电子版", "均可": "纸质、电子都行"}
_EXEMPT_HEAD: Final = re.compile(r"^(?:可以?)?免(?:于)?(?:提交|交)[:：,，]?\s*")
_SOURCES: Final = {"申请人自备": "自己准备", "政府部门核发": "政府部门发的"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A material: `number` counts through all groups; `tags` are what its group does not say already."""

    number: int
    name: str
    amount: str
    lines: tuple[str, ...]
    tags: tuple[str, ...]
    blank_form: str
    sample: str


@dataclass(frozen=True, slots=True)
class Group:
    """Materials of one kind, with what the kind means. `kind` is a name for the look."""

    kind: str
    name: str
    note: str
    papers: tuple[Paper, ...]


_GROUPS: Final = (
    ("must", "必要", ""),
    ("exempt", "可免交", "符合“免交”那一条的不用带"),
    ("later", "可以后补", "没带齐也先收件,后面补上"),
    ("optional", "不是必须", "有就带上,没有也能办"),
    ("depends", "看您的情况", "在上面选好情况,就知道要不要带"),
)


def groups(item: Item, found: Applicable) -> list[Group]:
    """The materials that apply, by kind; last those that depend on what was not chosen yet."""
    sorted_: dict[str, list[Material]] = {kind: [] for kind, _, _ in _GROUPS}
    for material in found.materials:
        sorted_[_kind(material)].append(material)
    sorted_["depends"] += found.possible
    numbered = []
    number = 1
    for kind, name, note in _GROUPS:
        if materials := sorted_[kind]:
            papers = [
                _paper(place, item, material, kind, found.chosen)
                for place, material in enumerate(materials, number)
            ]
            numbered.append(Group(kind, name, note, tuple(papers)))
            number += len(papers)
    return numbered


def count(found: Sequence[Group]) -> str:
    """How many: 4 样, or 3 样,另有 2 样看情况."""
    sure = sum(len(group.papers) for group in found if group.kind != "depends")
    open_ = sum(len(group.papers) for group in found if group.kind == "depends")
    if not open_:
        return f"{sure} 样"
    return f"{sure} 样,另有 {open_} 样看情况" if sure else f"{open_} 样,看情况"


def _kind(material: Material) -> str:
    if material.necessity == "容缺后补":
        return "later"
    if material.necessity == "非必要":
        return "optional"
    return "exempt" if material.exempt else "must"


def _paper(number: int, item: Item, material: Material, kind: str, chosen: Mapping[str, str]) -> Paper:
    tags = []
    if kind == "depends" and material.necessity == "容缺后补":
        tags.append("可以后补")
    if kind == "depends" and material.necessity == "非必要":
        tags.append("不是必须")
    if kind != "exempt" and material.exempt:
        tags.append("可免交")
    return Paper(
        number,
        material.name,
        _amount(material),
        _lines(item, material, chosen),
        tuple(tags),
        outside(material.blank_form),
        outside(material.sample),
    )


def _lines(item: Item, material: Material, chosen: Mapping[str, str]) -> tuple[str, ...]:
    told = [
        _condition(item, material, chosen),
        material.standard,
        material.note,
        f"开出来不超过 {material.valid_days} 天" if material.valid_days else "",
        _exempt(material),
        f"从哪里来:{material.source_note}" if material.source_note else "",
        f"依据:{material.basis}" if material.basis else "",
    ]
    return tuple(dict.fromkeys(line for line in told if line and line != sheets(material)))


def _exempt(material: Material) -> str:
    """免交:户籍系统能查到的, however the catalogue begins it."""
    told = _EXEMPT_HEAD.sub("", material.exempt)
    return f"免交:{told}" if told else material.exempt


def _amount(material: Material) -> str:
    told = [sheets(material), _FORMS.get(material.form, material.form), material.page_format]
    told.append(_SOURCES.get(material.source, ""))
    return " · ".join(part for part in told if part)


def _condition(item: Item, material: Material, chosen: Mapping[str, str]) -> str:
    """Under which circumstances it is asked for, where that is still open."""
    named = []
    for name, choices in material.when.items():
        circumstance = item.circumstance(name)
        if name in chosen or circumstance is None:
            continue
        labels = [choice.label for choice in circumstance.choices if choice.id in choices]
        if labels:
            named.append("或".join(labels))
    return f"“{'”并且“'.join(named)}”才要" if named else ""
