"""What of an item applies under the circumstances chosen so far, and which question is still needed. Pure.

A question is needed for an aspect only where the answer about that aspect can still come out differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Literal

from hall.catalogue.schema import Circumstance, Fee, Item, Material, Unit, Variant

Aspect = Literal["all", "materials", "limit", "fee", "conditions", "visits", "place"]

# Combinations of open answers looked through for a difference; beyond it a question counts as needed.
_MOST_COMBINATIONS = 600

Chosen = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit (办结时限): `amount` in `unit`; None where the catalogue is silent."""

    amount: int | None
    unit: Unit
    note: str = ""


@dataclass(frozen=True, slots=True)
class Applicable:
    """The item as it is under what was chosen.

    `materials` apply for certain; `possible` depend on circumstances not chosen yet. Limits, fees and the
    rest are those of the item with every variant whose circumstances are certain laid over it.
    """

    materials: tuple[Material, ...]
    possible: tuple[Material, ...]
    legal: Limit
    promised: Limit
    fees: tuple[Fee, ...]
    fees_known: bool
    kind: str
    conditions: str
    visits: int | None
    place: str
    counter: str
    notes: tuple[str, ...]
    chosen: Mapping[str, str]


def applicable(item: Item, chosen: Chosen) -> Applicable:
    """What applies. Choices of circumstances that the item does not have are passed over."""
    known = valid_choices(item, chosen)
    return _under(item, known)


def valid_choices(item: Item, chosen: Chosen) -> dict[str, str]:
    """Of what was chosen, what is a choice of a circumstance of this item."""
    return {
        found.id: chosen[found.id]
        for found in item.circumstances
        if found.id in chosen and found.choice(chosen[found.id]) is not None
    }


def needed_question(item: Item, chosen: Chosen, aspect: Aspect = "all") -> Circumstance | None:
    """The next circumstance to ask about before `aspect` can be answered; None when nothing depends on it."""
    return next(iter(open_questions(item, chosen, aspect)), None)


def open_questions(item: Item, chosen: Chosen, aspect: Aspect = "all") -> tuple[Circumstance, ...]:
    """All circumstances not chosen yet on which `aspect` can still depend, in the item's order."""
    known = valid_choices(item, chosen)
    unasked = [found for found in item.circumstances if found.id not in known]
    return tuple(found for found in unasked if _matters(item, known, unasked, found, _ASPECTS[aspect]))


def _matters(
    item: Item,
    known: Chosen,
    unasked: list[Circumstance],
    question: Circumstance,
    part: Callable[[Applicable], object],
) -> bool:
    if not _mentioned(item, question.id):
        return False
    others = [found for found in unasked if found is not question and _mentioned(item, found.id)]
    combinations = product(*([(found.id, choice.id) for choice in found.choices] for found in others))
    for combination in islice(combinations, _MOST_COMBINATIONS):
        base = {**known, **dict(combination)}
        answers = [part(_under(item, {**base, question.id: choice.id})) for choice in question.choices]
        if any(answer != answers[0] for answer in answers[1:]):
            return True
    return next(combinations, None) is not None


def _mentioned(item: Item, circumstance: str) -> bool:
    conditions = [*(found.when for found in item.materials), *(found.when for found in item.variants)]
    return any(circumstance in when for when in conditions)


def _holds(when: Mapping[str, tuple[str, ...]], known: Chosen) -> bool | None:
    """Whether the condition is met; None while that depends on what was not chosen yet."""
    if any(name in known and known[name] not in choices for name, choices in when.items()):
        return False
    return True if all(name in known for name in when) else None


def _under(item: Item, known: Chosen) -> Applicable:
    certain = [material for material in item.materials if _holds(material.when, known) is True]
    possible = [material for material in item.materials if _holds(material.when, known) is None]
    variants = [variant for variant in item.variants if _holds(variant.when, known) is True]
    fees = _last_fees(variants)
    return Applicable(
        materials=tuple(certain),
        possible=tuple(possible),
        legal=_limit(variants, "legal", item),
        promised=_limit(variants, "promised", item),
        fees=item.fees if fees is None else fees,
        fees_known=item.fees_known or fees is not None,
        kind=_last_text(variants, "kind", item.kind),
        conditions=_last_text(variants, "conditions", item.conditions),
        visits=next((found.visits for found in reversed(variants) if found.visits is not None), item.visits),
        place=_last_text(variants, "place", item.place),
        counter=_last_text(variants, "counter", item.counter),
        notes=tuple(dict.fromkeys(variant.note for variant in variants if variant.note)),
        chosen=dict(known),
    )


def _last_fees(variants: list[Variant]) -> tuple[Fee, ...] | None:
    return next((found.fees for found in reversed(variants) if found.fees is not None), None)


def _last_text(variants: list[Variant], field: str, otherwise: str) -> str:
    texts: Iterator[str] = (getattr(found, field) for found in reversed(variants))
    return next((words for words in texts if words), otherwise)


def _limit(variants: list[Variant], which: Literal["legal", "promised"], item: Item) -> Limit:
    """The limit of the last variant that names one; a variant without a unit keeps the item's."""
    for entry in reversed(variants):
        amount: int | None = getattr(entry, f"{which}_limit")
        note: str = getattr(entry, f"{which}_limit_note")
        if amount is not None or note:
            own: Limit = _own_limit(item, which)
            unit: Unit = getattr(entry, f"{which}_limit_unit") or own.unit
            return Limit(own.amount if amount is None else amount, unit, note)
    return _own_limit(item, which)


def _own_limit(item: Item, which: Literal["legal", "promised"]) -> Limit:
    if which == "legal":
        return Limit(item.legal_limit, item.legal_limit_unit, item.legal_limit_note)
    return Limit(item.promised_limit, item.promised_limit_unit, item.promised_limit_note)


def _materials(found: Applicable) -> object:
    """What a citizen would bring: entries that differ only in when they are asked for are the same."""
    return [material.model_copy(update={"when": {}}) for material in found.materials]


_ASPECTS: dict[Aspect, Callable[[Applicable], object]] = {
    "materials": _materials,
    "limit": lambda found: (found.kind, found.legal, found.promised),
    "fee": lambda found: (found.fees, found.fees_known),
    "conditions": lambda found: found.conditions,
    "visits": lambda found: found.visits,
    "place": lambda found: (found.place, found.counter),
    "all": lambda found: (
        _materials(found),
        found.kind,
        found.legal,
        found.promised,
        found.fees,
        found.fees_known,
        found.conditions,
        found.visits,
        found.place,
        found.counter,
        found.notes,
    ),
}
