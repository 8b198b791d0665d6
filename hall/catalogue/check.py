"""What a clerk should look at in a catalogue: thin, contradictory and too-alike entries. Pure.

Nothing here keeps an item out; `banshi catalogue check` prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hall.catalogue.likeness import too_alike
from hall.catalogue.parts import Variant
from hall.catalogue.schema import Item, Material, Unit

FEWEST_ALIASES = 4
_FREE = re.compile(r"不收费|免费|不收取|免收")
_AMOUNT = re.compile(r"[1-9]\d*(?:\.\d+)?\s*元")
# Working days of a unit, roughly, to compare limits of different units.
_WORKING_DAYS: Mapping[Unit, float] = {"工作日": 1.0, "自然日": 5 / 7, "小时": 1 / 8, "月": 21.0, "年": 250.0}

FindingKind = Literal["thin", "contradictory", "alike"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at in the item `code`, with a sentence in Chinese."""

    code: str
    kind: FindingKind
    message: str

    def __str__(self) -> str:
        kinds = {"thin": "内容单薄", "contradictory": "前后矛盾", "alike": "容易混淆"}
        return f"{self.code} {kinds[self.kind]}:{self.message}"


def check(items: Iterable[Item]) -> list[Finding]:
    """The findings of a catalogue, item by item in its order, then what is too alike."""
    catalogue = list(items)
    codes = {item.code for item in catalogue}
    found: list[Finding] = []
    for item in catalogue:
        found += [Finding(item.code, "thin", message) for message in _thin(item)]
        found += [Finding(item.code, "contradictory", message) for message in _contradictory(item, codes)]
    return found + [Finding(code, "alike", message) for code, message in too_alike(catalogue)]


def _thin(item: Item) -> Iterator[str]:
    if len(item.aliases) < FEWEST_ALIASES:
        yield f"别名只有 {len(item.aliases)} 个,至少要 {FEWEST_ALIASES} 个"
    if not item.materials and not item.materials_known:
        yield "没有写材料(确实不要材料请写“无”)"
    if item.promised_limit is None and item.legal_limit is None and not item.promised_limit_note:
        yield "没有写办结时限"
    if not item.fees_known:
        yield "没有写收费(不收费请写“不收费”)"
    if not item.place and not item.counter and not item.offered_at and not item.online_url:
        yield "没有写在哪里办"
    for value, label in (
        (item.department, "实施主体"),
        (item.conditions, "受理条件"),
        (item.process.counter or item.process.online, "办理流程"),
        (item.phone, "咨询电话"),
        (item.topics, "主题分类"),
        (item.kind, "办件类型"),
    ):
        if not value:
            yield f"没有写{label}"
    for material in item.materials:
        if not material.standard and not material.note and material.necessity != "非必要":
            yield f"材料“{material.name}”没有写要求"


def _contradictory(item: Item, codes: set[str]) -> Iterator[str]:
    yield from _limits(item)
    yield from _fees(item)
    yield from _circumstances(item)
    for position, material in enumerate(item.materials, 1):
        yield from _material(position, material)
    if item.kind == "即办件" and (item.promised_limit or 0) > 1:
        yield f"即办件,承诺时限却写了 {item.promised_limit} {item.promised_limit_unit}"
    if item.visits == 0 and item.visit_reason:
        yield "到现场次数是 0,却写了必须现场办理的原因"
    if item.name in item.aliases:
        yield "别名里有与事项名称一样的"
    if item.code in item.related:
        yield "相关事项写了自己"
    for code in item.related:
        if code not in codes:
            yield f"相关事项 {code} 不在目录里"


def _limits(item: Item) -> Iterator[str]:
    yield from _limit_pair(
        item.legal_limit, item.legal_limit_unit, item.promised_limit, item.promised_limit_unit, ""
    )
    for number, variant in enumerate(item.variants, 1):
        legal = item.legal_limit if variant.legal_limit is None else variant.legal_limit
        promised = item.promised_limit if variant.promised_limit is None else variant.promised_limit
        if variant.legal_limit is None and variant.promised_limit is None:
            continue
        yield from _limit_pair(
            legal,
            variant.legal_limit_unit or item.legal_limit_unit,
            promised,
            variant.promised_limit_unit or item.promised_limit_unit,
            f"情形差异第 {number} 项:",
        )


def _limit_pair(
    legal: int | None, legal_unit: Unit, promised: int | None, promised_unit: Unit, where: str
) -> Iterator[str]:
    if legal is None or promised is None:
        return
    # Units that differ are compared roughly: a fifth of leeway keeps 20 working days and a month apart.
    leeway = 1.0 if legal_unit == promised_unit else 1.2
    if promised * _WORKING_DAYS[promised_unit] > legal * _WORKING_DAYS[legal_unit] * leeway:
        yield f"{where}承诺时限 {promised} {promised_unit}长于法定时限 {legal} {legal_unit}"


def _fees(item: Item) -> Iterator[str]:
    words = [f"{fee.name}{fee.standard}" for fee in item.fees]
    if any(_FREE.search(said) and not _AMOUNT.search(said) for said in words) and any(
        _AMOUNT.search(said) for said in words
    ):
        yield "收费里既有“不收费”又有金额"
    for fee in item.fees:
        if not fee.standard:
            yield f"收费“{fee.name}”没有写标准"
    if item.fees_known and not item.fees and _AMOUNT.search(_spoken(item)) and "工本费" in _spoken(item):
        yield "收费写的是不收费,流程或说明里却提到工本费"


def _spoken(item: Item) -> str:
    return "\n".join([item.process.counter, item.process.online, *(entry.a for entry in item.faq)])


def _material(position: int, material: Material) -> Iterator[str]:
    named = f"材料“{material.name}”(第 {position} 项)"
    if material.form == "纸质" and (material.originals, material.copies) == (0, 0):
        yield f"{named}是纸质,原件和复印件却都是 0 份"
    if material.valid_days == 0:
        yield f"{named}的有效期是 0 天"


def _circumstances(item: Item) -> Iterator[str]:
    yield from _questions(item)
    conditions = _conditions(item)
    for where, when in conditions:
        yield from _undefined(item, where, when)
    used = {name for _, when in conditions for name in when}
    for found in item.circumstances:
        if found.id not in used:
            yield f"情形“{found.id}”问了,但没有材料、时限或收费随它变化"
    yield from _same_variants(item.variants)


def _questions(item: Item) -> Iterator[str]:
    ids = [found.id for found in item.circumstances]
    for repeated in sorted({found for found in ids if ids.count(found) > 1}):
        yield f"情形“{repeated}”写了两次"
    for found in item.circumstances:
        if len({choice.id for choice in found.choices}) < len(found.choices):
            yield f"情形“{found.id}”里有重复的选项"
        if len(found.choices) == 1:
            yield f"情形“{found.id}”只有一个选项"


def _undefined(item: Item, where: str, when: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, chosen in when.items():
        circumstance = item.circumstance(name)
        if circumstance is None:
            yield f"{where}用到的情形“{name}”没有定义"
            continue
        for choice in chosen:
            if circumstance.choice(choice) is None:
                yield f"{where}用到的选项“{name}={choice}”没有定义"


def _conditions(item: Item) -> list[tuple[str, Mapping[str, tuple[str, ...]]]]:
    return [
        *((f"材料“{material.name}”", material.when) for material in item.materials),
        *((f"情形差异第 {number} 项", variant.when) for number, variant in enumerate(item.variants, 1)),
    ]


def _same_variants(variants: Sequence[Variant]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, variant in enumerate(variants, 1):
        key = repr(sorted((name, sorted(chosen)) for name, chosen in variant.when.items()))
        if (earlier := first.setdefault(key, number)) != number:
            yield f"情形差异第 {earlier} 项和第 {number} 项的情形一样"
