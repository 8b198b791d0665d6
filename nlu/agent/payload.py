"""The payloads of choices, in Rasa's own form: `/intent{"entity": "value"}`."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from nlu.agent.errors import PayloadError
from nlu.agent.results import Entity, Guess, Parsed


def read_payload(payload: str, intents: Collection[str]) -> Parsed:
    """Read a payload that the bot itself made.

    A list as value makes one entity of each of its members. Raises PayloadError when the form is
    another, or the intent none of `intents`.
    """
    if not payload.startswith("/"):
        raise PayloadError("a payload starts with /")
    name, brace, rest = payload[1:].partition("{")
    intent = name.strip()
    if intent not in intents:
        raise PayloadError(f"a payload names an unknown intent: {intent[:40]!r}")
    values = _values(brace + rest) if brace else {}
    entities = tuple(
        Entity(entity, value)
        for entity, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    )
    return Parsed(payload, intent, 1.0, (Guess(intent, 1.0),), entities)


def write_payload(intent: str, **entities: Any) -> str:
    """The payload of a choice; what is None is left out."""
    given = {name: value for name, value in entities.items() if value is not None}
    return f"/{intent}{json.dumps(given, ensure_ascii=False)}" if given else f"/{intent}"


def _values(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise PayloadError("the entities of a payload are not JSON") from error
    if not isinstance(values, dict):
        raise PayloadError("the entities of a payload are not an object")
    return values
