"""What the conversation remembers between turns: the slots of the domain, read and written in one place.

Codes and ids only. The one exception are the masked words of a question for which items were just offered:
they live for one turn, so that 以上都不是 can keep them for the admin.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions.aspects import ASPECTS, Aspect

# Items whose circumstances are remembered; the one spoken of longest ago is forgotten first.
MOST_ITEMS_REMEMBERED = 5
MOST_CANDIDATES = 20

# The answer to a circumstance that says: I don't know, show me all.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that the bot asked: which item it was about, what for, and which circumstance (if any).

    `kind`: `circumstance` (one of its choices is awaited) or `item` (which item is meant). `desk` names the
    desk for which it was asked (`materials` for the check), "" for a guide question. `words` are the masked
    words of the question to which items are offered.
    """

    kind: str
    item: str = ""
    circumstance: str = ""
    desk: str = ""
    words: str = ""

    def to_slot(self) -> dict[str, str]:
        """As a slot holds it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of_slot(cls, value: object) -> Pending | None:
        """From a slot; None for nothing and for what is of another form."""
        if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
            return None
        return cls(**{field.name: str(value.get(field.name) or "") for field in fields(cls)})


@dataclass
class Memory:
    """The slots of one conversation. Change the attributes; `events` tells Rasa what changed."""

    item: str = ""
    aspects: tuple[Aspect, ...] = ()
    circumstances: dict[str, dict[str, str]] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    pending: Pending | None = None
    here: dict[str, str] | None = None  # the hall where the citizen showed to be, `hall`, and `until` when
    form: dict[str, Any] | None = None  # the form being filled: `kind`, and what that form keeps
    offered_for: str = ""  # the words of the last turn, where that offered items; for this turn only
    _before: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of_slots(cls, slots: Mapping[str, Any]) -> Memory:
        """From the tracker's slots; what is not of the expected form is forgotten."""
        item = slots.get("item")
        memory = cls(
            item=item if isinstance(item, str) else "",
            aspects=tuple(aspect for aspect in _texts(slots.get("aspect")) if aspect in ASPECTS),
            circumstances=_circumstances(slots.get("circumstances")),
            candidates=tuple(_texts(slots.get("candidates"))),
            pending=Pending.of_slot(slots.get("pending")),
            here=_here(slots.get("here")),
            form=_form(slots.get("form")),
        )
        memory._before = memory._slots()
        if memory.pending is not None and memory.pending.words:
            memory.offered_for = memory.pending.words
            memory.pending = replace(memory.pending, words="")
        return memory

    def known(self, code: str) -> dict[str, str]:
        """What is known of the circumstances of an item: choice by circumstance."""
        return dict(self.circumstances.get(code, {}))

    def learn(self, code: str, choices: Mapping[str, str]) -> None:
        """Remember choices for an item."""
        if not choices:
            return
        known = {**self.circumstances.pop(code, {}), **choices}
        kept = list(self.circumstances.items())[-(MOST_ITEMS_REMEMBERED - 1) :]
        self.circumstances = {**dict(kept), code: known}

    def forget(self, code: str) -> None:
        """Forget the choices for an item: the citizen wants another case."""
        self.circumstances = {other: known for other, known in self.circumstances.items() if other != code}

    def offer(self, codes: Sequence[str]) -> None:
        """Remember the items that were offered, best first."""
        self.candidates = tuple(codes[:MOST_CANDIDATES])

    def settle(self) -> None:
        """Nothing is awaited any more."""
        self.pending = None
        self.aspects = ()

    def clear(self) -> None:
        """Forget everything."""
        self.item, self.candidates, self.circumstances = "", (), {}
        self.here, self.form = None, None
        self.settle()

    def events(self) -> list[dict[str, Any]]:
        """Slot events for what changed."""
        return [
            SlotSet(name, value) for name, value in self._slots().items() if value != self._before.get(name)
        ]

    def _slots(self) -> dict[str, Any]:
        return {
            "item": self.item or None,
            "aspect": list(self.aspects) or None,
            "circumstances": {code: dict(known) for code, known in self.circumstances.items()} or None,
            "candidates": list(self.candidates) or None,
            "pending": self.pending.to_slot() if self.pending else None,
            "here": dict(self.here) if self.here else None,
            "form": copy.deepcopy(self.form),
        }


def _here(value: object) -> dict[str, str] | None:
    if not isinstance(value, Mapping) or not {"hall", "until"} <= set(value):
        return None
    return {name: str(value[name]) for name in ("hall", "until")}


def _form(value: object) -> dict[str, Any] | None:
    known = isinstance(value, Mapping) and isinstance(value.get("kind"), str)
    return copy.deepcopy(dict(value)) if known and isinstance(value, Mapping) else None


def _texts(value: object) -> Iterable[Any]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _circumstances(value: object) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping):
        return {}
    return {
        str(code): {str(name): str(choice) for name, choice in known.items()}
        for code, known in value.items()
        if isinstance(known, Mapping)
    }
