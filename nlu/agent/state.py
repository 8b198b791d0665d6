"""The form of a conversation's state between two turns: see `nlu.agent.session`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

VERSION = 1

State = dict[str, Any]


def carry_over(state: Mapping[str, Any] | None, slots: Iterable[str]) -> State | None:
    """The state of a new session which still knows these slots of the old one; None if there are none."""
    if not state or state.get("v") != VERSION:
        return None
    values = dict(state.get("slots", {}))
    for event in state.get("turn", ()):
        if event["event"] == "slot":
            values[event["name"]] = event["value"]
        elif event["event"] == "reset_slots":
            values.clear()
    kept = {name: values[name] for name in slots if values.get(name) is not None}
    return {"v": VERSION, "slots": kept} if kept else None
