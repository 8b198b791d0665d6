"""Amounts as they are said: 20 个工作日; 原件、复印件 2 份."""

from __future__ import annotations

from hall.catalogue.schema import Material

_UNITS = {"工作日": "个工作日", "自然日": "天", "小时": "小时", "月": "个月", "年": "年"}


def counted(number: int, unit: str) -> str:
    """A limit with its unit: 20 个工作日, 30 天, 2 小时."""
    return f"{number} {_UNITS.get(unit, unit)}"


def sheets(material: Material) -> str:
    """原件 1 份、复印件 2 份; "" where the catalogue is silent."""
    parts = []
    if material.originals:
        parts.append("原件" if material.originals == 1 else f"原件 {material.originals} 份")
    if material.copies:
        parts.append(f"复印件 {material.copies} 份")
    return "、".join(parts)
