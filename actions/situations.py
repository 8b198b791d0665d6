"""Circumstances (情形): what of an item holds under those known, and which one must still be asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from actions.aspects import Aspect
from actions.memory import ANY
from hall.catalogue.schema import Circumstance, Item, Material, Variant

# What of a variant changes the answer to an aspect.
_CHANGES: dict[Aspect, tuple[str, ...]] = {
    "time_limit": ("promised_limit", "legal_limit", "kind", "promised_limit_note"),
    "fee": ("fees",),
    "conditions": ("conditions",),
    "online": ("visits",),
    "place": ("place", "counter"),
}
_OVERRIDES = (
    "kind",
    "legal_limit",
    "legal_limit_unit",
    "legal_limit_note",
    "promised_limit",
    "promised_limit_unit",
    "promised_limit_note",
    "fees",
    "conditions",
    "visits",
    "place",
    "counter",
)

When = Mapping[str, tuple[str, ...]]

# What stands around a short answer and means nothing: 我是…的, …吧.
_EDGES = re.compile(r"^(?:我们?|是|就|要|选|属于|应该|\s|[,。.!?])+|(?:的|吧|呢|啊|呀|了|哦|\s|[,。.!?])+$")


def holds(when: When, known: Mapping[str, str]) -> bool:
    """Whether every circumstance that `when` names is known to be one of its choices."""
    return all(known.get(name) in choices for name, choices in when.items())


def may_hold(when: When, known: Mapping[str, str]) -> bool:
    """Whether nothing known speaks against `when`; what the citizen left open may be anything."""
    return all(known.get(name, ANY) in (ANY, *choices) for name, choices in when.items())


def under(item: Item, known: Mapping[str, str]) -> Item:
    """The item as it is under what is known: variants applied, materials ruled out left away.

    A material that depends on something not yet known stays, with its `when`.
    """
    changes: dict[str, Any] = {}
    for variant in holding(item, known):
        changes |= {name: value for name in _OVERRIDES if (value := getattr(variant, name)) not in (None, "")}
    kept = tuple(material for material in item.materials if may_hold(material.when, known))
    if len(kept) != len(item.materials):
        changes["materials"] = kept
    return item.model_copy(update=changes) if changes else item


def holding(item: Item, known: Mapping[str, str]) -> tuple[Variant, ...]:
    """The variants that are known to apply."""
    return tuple(variant for variant in item.variants if holds(variant.when, known))


def certain(item: Item, known: Mapping[str, str]) -> tuple[Material, ...]:
    """The materials that are asked for whatever is still unknown."""
    return tuple(material for material in item.materials if holds(material.when, known))


def uncertain(item: Item, known: Mapping[str, str]) -> tuple[Material, ...]:
    """The materials that are asked for under circumstances not yet known."""
    return tuple(
        material
        for material in item.materials
        if may_hold(material.when, known) and not holds(material.when, known)
    )


def open_circumstance(item: Item, aspects: Iterable[Aspect], known: Mapping[str, str]) -> Circumstance | None:
    """The first circumstance not yet asked on which the answer to one of `aspects` depends; None without."""
    wanted: set[str] = set()
    for when in _deciding(item, aspects):
        if may_hold(when, known):
            wanted |= set(when) - set(known)
    return next((found for found in item.circumstances if found.id in wanted), None)


def _deciding(item: Item, aspects: Iterable[Aspect]) -> Iterable[When]:
    for aspect in aspects:
        if aspect == "materials":
            yield from (material.when for material in item.materials if material.when)
        changed = _CHANGES.get(aspect, ())
        for variant in item.variants:
            if any(getattr(variant, name) not in (None, "") for name in changed):
                yield variant.when


def told(item: Item, text: str) -> dict[str, str]:
    """The choices of an item's circumstances that a text names by label or alias; the longest name wins."""
    found: dict[str, str] = {}
    for circumstance in item.circumstances:
        names = [
            (len(name), choice.id)
            for choice in circumstance.choices
            for name in (choice.label, *choice.aliases)
            if len(name) >= 2 and name in text
        ]
        if names:
            longest = max(length for length, _ in names)
            best = {choice for length, choice in names if length == longest}
            if len(best) == 1:
                found[circumstance.id] = best.pop()
    return found


def picked(circumstance: Circumstance, text: str) -> str | None:
    """The choice that a short answer picks; None where it picks none or several."""
    answer = _EDGES.sub("", text)
    if not answer:
        return None
    exact = {choice.id for choice in circumstance.choices if answer in (choice.label, *choice.aliases)}
    within = {
        choice.id
        for choice in circumstance.choices
        for name in (choice.label, *choice.aliases)
        if (len(name) >= 2 and name in answer) or (len(answer) >= 2 and answer in name)
    }
    for found in (exact, within):
        if len(found) == 1:
            return found.pop()
    return None


def labels(item: Item, known: Mapping[str, str]) -> tuple[str, ...]:
    """What is known, in the words of the choices; what was left open is not named."""
    named = []
    for name, choice_id in known.items():
        circumstance = item.circumstance(name)
        choice = circumstance.choice(choice_id) if circumstance else None
        if choice is not None:
            named.append(choice.label)
    return tuple(named)


def condition(item: Item, when: When) -> str:
    """The choices of `when` in words: 16 周岁以下孩子; 外地."""
    parts = []
    for name, choices in when.items():
        circumstance = item.circumstance(name)
        named = [
            choice.label
            for choice_id in choices
            if circumstance is not None and (choice := circumstance.choice(choice_id)) is not None
        ]
        parts.append("或".join(named or choices))
    return "、".join(parts)
