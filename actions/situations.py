"""Circumstances (情形) in the conversation: what holds, which is asked next, what words tell. Pure.

What applies is the catalogue's rule (`hall.catalogue.applicable`); here stands what a conversation adds: a
circumstance may be left open (说不准), and is then neither asked again nor decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from actions.aspects import Aspect
from actions.memory import ANY
from hall.catalogue import applicable as rules
from hall.catalogue.schema import Circumstance, Item, Material

# The rule's name for what an aspect asks.
_RULES: dict[Aspect, rules.Aspect] = {
    "materials": "materials",
    "time_limit": "limit",
    "fee": "fee",
    "conditions": "conditions",
    "online": "visits",
    "place": "place",
}

_POINTS = " ,。.!?、"

When = Mapping[str, tuple[str, ...]]

# What stands around a short answer and means nothing: 我是…的, …吧.
_EDGES = re.compile(r"^(?:我们?|是|就|要|选|属于|应该|\s|[,。.!?])+|(?:的|吧|呢|啊|呀|了|哦|\s|[,。.!?])+$")


def under(item: Item, known: Mapping[str, str]) -> Item:
    """The item as it is under what is known: variants laid over it, materials ruled out left away.

    A material that depends on something not yet known stays, with its `when`.
    """
    found = rules.applicable(item, known)
    values = {
        "kind": found.kind,
        "legal_limit": found.legal.amount,
        "legal_limit_unit": found.legal.unit,
        "legal_limit_note": found.legal.note,
        "promised_limit": found.promised.amount,
        "promised_limit_unit": found.promised.unit,
        "promised_limit_note": found.promised.note,
        "fees": found.fees,
        "conditions": found.conditions,
        "visits": found.visits,
        "place": found.place,
        "counter": found.counter,
    }
    kept = (*found.materials, *found.possible)
    changes: dict[str, object] = {n: value for n, value in values.items() if value != getattr(item, n)}
    if len(kept) != len(item.materials):
        changes["materials"] = tuple(m for m in item.materials if any(m is other for other in kept))
    return item.model_copy(update=changes) if changes else item


def notes(item: Item, known: Mapping[str, str]) -> tuple[str, ...]:
    """What the variants that are known to apply say in their own words."""
    return rules.applicable(item, known).notes


def certain(item: Item, known: Mapping[str, str]) -> tuple[Material, ...]:
    """The materials that are asked for whatever is still unknown."""
    return rules.applicable(item, known).materials


def uncertain(item: Item, known: Mapping[str, str]) -> tuple[Material, ...]:
    """The materials that are asked for under circumstances not yet known."""
    return rules.applicable(item, known).possible


def open_circumstance(item: Item, aspects: Iterable[Aspect], known: Mapping[str, str]) -> Circumstance | None:
    """The first circumstance not yet asked on which the answer to one of `aspects` depends; None without."""
    if not item.circumstances:
        return None
    wanted = {
        question.id
        for aspect in aspects
        if aspect in _RULES
        for question in rules.open_questions(item, known, _RULES[aspect])
        if known.get(question.id) != ANY
    }
    return next((found for found in item.circumstances if found.id in wanted), None)


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
    names = [(choice.id, name) for choice in circumstance.choices for name in (choice.label, *choice.aliases)]
    exact = {choice for choice, name in names if name in (answer, text.strip(_POINTS))}
    within = {
        choice
        for choice, name in names
        if (len(name) >= 2 and name in _affirmed(text, name)) or (len(answer) >= 2 and answer in name)
    }
    for found in (exact, within):
        if len(found) == 1:
            return found.pop()
    return None


def _affirmed(text: str, name: str) -> str:
    """The text without `name` where it is denied (不是连锁)."""
    return re.sub(f"(?:不是|没有?|非|不){re.escape(name)}", "", text)


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
