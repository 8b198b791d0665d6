"""Rasa's events to dictionaries and back, by a map.

Rasa finds the class of each event by walking all subclasses, every time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    ReminderCancelled,
    ReminderScheduled,
    SlotSet,
    UserUttered,
)
from rasa.shared.utils.common import all_subclasses

_NEED_A_SCHEDULER = (ReminderScheduled, ReminderCancelled)
_CLASSES: dict[str, type[Any]] = {
    kind.type_name: kind
    for kind in all_subclasses(Event)
    if kind.type_name != Event.type_name and not issubclass(kind, _NEED_A_SCHEDULER)
}


def read_event(event: Mapping[str, Any]) -> Any:
    """The event of a dictionary as rasa_sdk.events makes it.

    Raises KeyError for a kind that does not exist or cannot be served here: reminders would live in
    one process only and die with it; what must be told later is a notice.
    """
    kind = event["event"]
    if kind == "slot":
        return SlotSet(event.get("name"), event.get("value"))
    return _CLASSES[kind]._from_parameters(event)


def write_event(event: Any) -> dict[str, Any]:
    """The event with what later predictions need, and no more: no words, no times, no confidences."""
    if isinstance(event, ActionExecuted):
        name, text = event.action_name, event.action_text
        return {"event": "action", "name": name} if name else {"event": "action", "action_text": text}
    if isinstance(event, UserUttered):
        written: dict[str, Any] = {"event": "user", "intent": event.intent_name}
        if event.entities:
            written["entities"] = [_without_value(entity) for entity in event.entities]
        return written
    return {
        key: value
        for key, value in event.as_dict().items()
        if key not in ("timestamp", "metadata") and (value is not None or key == "value")
    }


def reread_event(written: Mapping[str, Any]) -> Any:
    """The event that `write_event` wrote."""
    if written["event"] == "action":
        return ActionExecuted(written.get("name"), action_text=written.get("action_text"))
    if written["event"] == "user":
        intent = written.get("intent")
        return UserUttered(
            intent={"name": intent, "confidence": 1.0} if intent else None,
            entities=[{**entity, "value": None} for entity in written.get("entities", ())],
        )
    return read_event(written)


def _without_value(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entity[key] for key in ("entity", "role", "group") if entity.get(key)}
