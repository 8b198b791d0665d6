"""One turn: a parsed message and the state before, to utterances and the state after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered

from nlu.agent.processor import DirectProcessor
from nlu.agent.results import FALLBACK_INTENT, Choice, Entity, Guess, Handled, Parsed, Utterance
from nlu.agent.session import Session


async def run_turn(
    processor: DirectProcessor,
    parsed: Parsed,
    sender_id: str,
    state: Mapping[str, Any] | None,
    metadata: Mapping[str, Any] | None,
) -> Handled:
    """See `Understanding.handle`."""
    session = Session(sender_id, state, processor.domain)
    await processor.carry(session.tracker, _user_uttered(parsed, metadata))
    said = tuple(_utterance(event) for event in session.turn() if isinstance(event, BotUttered))
    return Handled(said, session.state(), parsed)


def read_parse(text: str, data: Mapping[str, Any]) -> Parsed:
    """What the pipeline found, as plain values. Without a classifier's answer it is the fallback."""
    intent = data.get("intent") or {}
    ranking = tuple(
        Guess(guess["name"], float(guess["confidence"]))
        for guess in data.get("intent_ranking", ())
        if guess["name"] not in (None, FALLBACK_INTENT)
    )
    entities = tuple(
        Entity(e["entity"], e.get("value"), e.get("start"), e.get("end"), e.get("role"), e.get("group"))
        for e in data.get("entities", ())
    )
    name = intent.get("name") or FALLBACK_INTENT
    return Parsed(text, name, float(intent.get("confidence") or 0.0), ranking, entities)


def _user_uttered(parsed: Parsed, metadata: Mapping[str, Any] | None) -> UserUttered:
    intent = {"name": parsed.intent, "confidence": parsed.confidence}
    entities = [_entity(entity) for entity in parsed.entities]
    ranking = [{"name": guess.intent, "confidence": guess.confidence} for guess in parsed.ranking]
    data = {"text": parsed.text, "intent": intent, "entities": entities, "intent_ranking": ranking}
    return UserUttered(parsed.text, intent, list(entities), data, metadata=dict(metadata or {}))


def _entity(entity: Entity) -> dict[str, Any]:
    optional = {"start": entity.start, "end": entity.end, "role": entity.role, "group": entity.group}
    written = {key: value for key, value in optional.items() if value is not None}
    return {"entity": entity.entity, "value": entity.value, **written}


def _utterance(event: BotUttered) -> Utterance:
    choices = tuple(
        Choice(str(button.get("title", "")), str(button.get("payload", "")))
        for button in event.data.get("buttons") or ()
    )
    return Utterance(event.text or "", choices, event.data.get("custom") or {})
