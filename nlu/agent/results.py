"""What understanding hands back: plain values, no type of Rasa's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FALLBACK_INTENT = "nlu_fallback"
"""The intent that stands for "not understood": the classifier was not sure enough."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the text that means something; in a payload it has no place in the text."""

    entity: str
    value: Any
    start: int | None = None
    end: int | None = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent with the classifier's confidence, 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text was taken to mean. `ranking` is the best first and never holds the fallback."""

    text: str
    intent: str
    confidence: float
    ranking: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()

    @property
    def understood(self) -> bool:
        """Whether the classifier was sure enough."""
        return self.intent != FALLBACK_INTENT


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on that the bot offers; `payload` goes back with `handle(..., payload=True)`."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing the bot says."""

    text: str
    choices: tuple[Choice, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handled:
    """A turn that came to its end."""

    messages: tuple[Utterance, ...]
    state: dict[str, Any]
    """JSON-able; hand it back with the citizen's next message. Holds none of the citizen's words."""
    parsed: Parsed

    @property
    def intent(self) -> str:
        """The name of the intent that was acted on."""
        return self.parsed.intent

    @property
    def confidence(self) -> float:
        """How sure the classifier was of it, 0 to 1."""
        return self.parsed.confidence

    @property
    def entities(self) -> tuple[Entity, ...]:
        """What was found in the text."""
        return self.parsed.entities
