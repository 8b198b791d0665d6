"""Remembers which action the rules chose in a situation.

For every prediction Rasa's RulePolicy replays the conversation, builds the state before each action and
compares it with each rule: most of a turn. Rules are deterministic, and read only what some rule
mentions; the rest of a conversation cannot change what they choose. What is left of the events after
dropping the rest is the situation, and a key.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.shared.core.constants import SLOTS, USER
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT

Situation = tuple[Hashable, ...]

CAPACITY = 4096
"""Situations kept: some hundred occur where rules mention intents only."""


class RuleMemory:
    """The predictions of one model's rules by situation."""

    def __init__(self, lookup: Mapping[str, Mapping[str, Any]]) -> None:
        """Take what a trained RulePolicy knows as its `lookup`."""
        self._situation = _Situations(lookup)
        self._predictions: dict[Situation, PolicyPrediction] = {}

    def predict(self, tracker: DialogueStateTracker, ask: Callable[[], PolicyPrediction]) -> PolicyPrediction:
        """The prediction for a tracker; `ask` is called where the situation is new or has no key."""
        situation = self._situation.of(tracker.events)
        if situation is None:
            return ask()
        known = self._predictions.get(situation)
        if known is None:
            known = ask()
            if len(self._predictions) >= CAPACITY:
                del self._predictions[next(iter(self._predictions))]
            self._predictions[situation] = known
        return _own_copy(known)


def _own_copy(prediction: PolicyPrediction) -> PolicyPrediction:
    """A copy with events of its own: the tracker that takes them writes the time into them."""
    copied = copy.copy(prediction)
    copied.events = [copy.copy(event) for event in prediction.events]
    return copied


class _Situations:
    def __init__(self, lookup: Mapping[str, Mapping[str, Any]]) -> None:
        self._slots: set[str] = set()
        self._entities = self._text = False
        for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
            for key in lookup.get(part, {}):
                for state in json.loads(key):
                    self._slots.update(state.get(SLOTS, ()))
                    self._entities |= ENTITIES in state.get(USER, ())
                    self._text |= TEXT in state.get(USER, ())
        self._parts: dict[type, Callable[[Any], Hashable]] = {
            ActionExecuted: lambda event: event.action_name or event.action_text,
            ActionExecutionRejected: lambda event: ("rejected", event.action_name),
            ActiveLoop: lambda event: ("loop", event.name),
            LoopInterrupted: lambda event: ("interrupted", event.is_interrupted),
            SessionStarted: lambda _event: ("session",),
            UserUttered: self._user,
            SlotSet: self._slot,
            BotUttered: lambda _event: None,
            DefinePrevUserUtteredFeaturization: self._featurization,
        }

    def of(self, events: Iterable[Any]) -> Situation | None:
        """The situation that events lead to; None where one of them rewrites what was before."""
        parts = []
        for event in events:
            part = self._parts.get(type(event))
            if part is None:
                return None
            value = part(event)
            if value is not None:
                parts.append(value)
        return tuple(parts)

    def _user(self, event: UserUttered) -> Hashable:
        entities = text = None
        if self._entities:
            entities = tuple((e.get("entity"), e.get("role"), e.get("group")) for e in event.entities)
        if self._text:
            text = event.text
        return ("user", event.intent_name, entities, text)

    def _slot(self, event: SlotSet) -> Hashable:
        if event.key not in self._slots:
            return None
        return ("slot", event.key, json.dumps(event.value, sort_keys=True, default=repr))

    def _featurization(self, event: DefinePrevUserUtteredFeaturization) -> Hashable:
        return ("text", event.use_text_for_featurization) if self._text else None
