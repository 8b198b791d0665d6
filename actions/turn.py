"""One turn as an action sees it: the desk, what the citizen said, what is remembered, and the reply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker

from actions.aspects import Mention, mentions
from actions.desk import Desk
from actions.halls_named import named_halls, without_halls
from actions.memory import Memory
from hall.centres.schema import Hall

# From this confidence on the classifier's intent counts beside the words that were found.
SURE = 0.85
MOST_WAYS = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A numbered way on: what the citizen reads, and what choosing it means to the bot."""

    title: str
    payload: str

    @classmethod
    def to(cls, title: str, intent: str, **entities: str) -> Way:
        """A way to an intent; entities as the payload's JSON."""
        return cls(title, f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, and at most `MOST_WAYS` ways on; `response` names a text of domain.yml instead."""

    text: str = ""
    ways: tuple[Way, ...] = ()
    response: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Turn:
    """What came and what is known. `text` is "" where the citizen chose a way that the bot offered."""

    desk: Desk
    memory: Memory
    text: str = ""
    intent: str = ""
    confidence: float = 0.0
    payload: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk, tracker: Tracker) -> Turn:
        """From Rasa's tracker. Entities found in free text are left aside: items are the search's affair."""
        message = tracker.latest_message or {}
        intent = message.get("intent") or {}
        text = str(message.get("text") or "")
        chosen = text.startswith("/")
        return cls(
            desk=desk,
            memory=Memory.of_slots(tracker.slots),
            text="" if chosen else text,
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
            payload=_entities(message.get("entities") or ()) if chosen else {},
        )

    @property
    def sure(self) -> bool:
        """Whether the classifier is sure of the intent."""
        return self.confidence >= SURE

    @cached_property
    def words(self) -> str:
        """The text with the names of halls blanked: what may name an item."""
        return without_halls(self.desk.catalogue, self.text)

    @cached_property
    def halls(self) -> tuple[Hall, ...]:
        """The halls that the text names."""
        return named_halls(self.desk.catalogue, self.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        """The aspects that the text names."""
        return mentions(self.words)

    def given(self, entity: str) -> str:
        """The value that the payload gives an entity; "" without."""
        value = self.payload.get(entity)
        return value if isinstance(value, str) else ""


def _entities(found: Any) -> dict[str, Any]:
    return {str(entity.get("entity")): entity.get("value") for entity in found if isinstance(entity, Mapping)}
