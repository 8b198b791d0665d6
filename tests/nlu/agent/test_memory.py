from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.agent import memory
from nlu.agent.memory import RuleMemory


def tracker(*events: Event) -> DialogueStateTracker:
    slots = [TextSlot("vip", [{}]), AnySlot("notes", [{}])]
    return DialogueStateTracker.from_events("citizen", list(events), slots)


def rules(*states: dict[str, Any]) -> dict[str, Any]:
    return {"rules": {json.dumps([state]): "action_x" for state in states}, "rules_for_loop_unhappy_path": {}}


class Policy:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> PolicyPrediction:
        self.asked += 1
        return PolicyPrediction([1.0], "rules", events=[DefinePrevUserUtteredFeaturization(False)])


def asked(lookup: dict[str, Any], *trackers: DialogueStateTracker) -> int:
    policy, remembered = Policy(), RuleMemory(lookup)
    for one in trackers:
        remembered.predict(one, policy)
    return policy.asked


def said(intent: str, text: str = "", **more: Any) -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": 0.9}, **more)


INTENT_ONLY = rules({"user": {"intent": "greet"}})
ITEM = [{"entity": "item", "value": "a"}]


def test_the_same_situation_is_asked_once() -> None:
    first = tracker(ActionExecuted("action_listen"), said("greet", "你好"))
    again = tracker(ActionExecuted("action_listen"), said("greet", "您好啊", entities=ITEM), BotUttered("x"))
    assert asked(INTENT_ONLY, first, again) == 1


@pytest.mark.parametrize(
    "other",
    [
        tracker(ActionExecuted("action_listen"), said("thanks")),
        tracker(ActionExecuted("action_x"), said("greet")),
        tracker(ActionExecuted("action_listen"), said("greet"), ActionExecuted("action_x")),
    ],
)
def test_another_intent_or_action_is_another_situation(other: DialogueStateTracker) -> None:
    assert asked(INTENT_ONLY, tracker(ActionExecuted("action_listen"), said("greet")), other) == 2


@pytest.mark.parametrize(
    ("lookup", "times"), [(INTENT_ONLY, 1), (rules({"slots": {"vip": [1.0]}}), 2)], ids=["not", "mentioned"]
)
def test_a_slot_matters_where_a_rule_mentions_it(lookup: dict[str, Any], times: int) -> None:
    trackers = [
        tracker(said("greet"), SlotSet("vip", value), SlotSet("notes", value)) for value in ("a", "b")
    ]
    assert asked(lookup, *trackers) == times


@pytest.mark.parametrize(
    ("lookup", "times"),
    [(INTENT_ONLY, 1), (rules({"user": {"entities": ["item"]}}), 2)],
    ids=["not", "mentioned"],
)
def test_entities_matter_where_a_rule_mentions_them(lookup: dict[str, Any], times: int) -> None:
    assert asked(lookup, tracker(said("greet")), tracker(said("greet", entities=ITEM))) == times


@pytest.mark.parametrize(
    ("lookup", "times"), [(INTENT_ONLY, 1), (rules({"user": {"text": "你好"}}), 2)], ids=["not", "mentioned"]
)
def test_the_text_matters_where_a_rule_mentions_it(lookup: dict[str, Any], times: int) -> None:
    assert asked(lookup, tracker(said("greet", "你好")), tracker(said("greet", "您好"))) == times


def test_what_rewrites_the_past_is_always_asked() -> None:
    rewound = tracker(ActionExecuted("action_listen"), said("greet"), UserUtteranceReverted())
    assert asked(INTENT_ONLY, rewound, rewound) == 2


def test_each_prediction_has_events_of_its_own() -> None:
    remembered, policy = RuleMemory(INTENT_ONLY), Policy()
    predict: Callable[[], PolicyPrediction] = lambda: remembered.predict(tracker(said("greet")), policy)  # noqa: E731
    first, second = predict(), predict()
    first.events[0].timestamp = 1.0
    first.events.append(BotUttered("x"))
    assert len(second.events) == 1
    assert second.events[0].timestamp != 1.0
    assert len(predict().events) == 1


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CAPACITY", 3)
    trackers = [tracker(said(f"intent {number}")) for number in range(5)]
    remembered, policy = RuleMemory(INTENT_ONLY), Policy()
    for one in [*trackers, trackers[4], trackers[3], trackers[2]]:
        remembered.predict(one, policy)
    assert policy.asked == 5
    assert len(remembered._predictions) == 3
