"""The conversation between two turns: a Rasa tracker as a small JSON-able dictionary, and back.

Rasa keeps every event of a conversation and replays them all for every prediction, so that a turn costs
more the longer the citizen has been talking. Rules look back no further than one turn (a rule holds one
message of the citizen's). What is kept is therefore the last turn, and what held before it: slots, the
active loop, whether the bot is paused. Slots are kept whole; the citizen's words are not kept at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.agent.events import reread_event, write_event
from nlu.agent.state import VERSION, State

_FORGOTTEN = (BotUttered, DefinePrevUserUtteredFeaturization, EntitiesAdded)
_REWRITES_THE_PAST = (ActionReverted, Restarted, SessionStarted, UserUtteranceReverted)


class Session:
    """A citizen's conversation for the length of one turn."""

    def __init__(self, sender_id: str, state: Mapping[str, Any] | None, domain: Domain) -> None:
        self._domain = domain
        self.tracker = DialogueStateTracker(sender_id, domain.slots)
        known = state if state and state.get("v") == VERSION else {}
        for event in _history(known, domain):
            self.tracker.update(event)
        self._before = _settled(self.tracker)
        self._begin = len(self.tracker.events)

    def turn(self) -> list[Any]:
        """The events of this turn so far."""
        return list(islice(self.tracker.events, self._begin, None))

    def state(self) -> State:
        """What the next turn needs of this one and of those before."""
        turn = self.turn()
        if any(isinstance(event, _REWRITES_THE_PAST) for event in turn):
            return self._state_of(self.tracker.applied_events())
        return _state(self._before, turn)

    def _state_of(self, events: list[Any]) -> State:
        """The state after events of which none rewrites what was before."""
        last = max(
            (i for i, event in enumerate(events) if isinstance(event, UserUttered)), default=len(events)
        )
        before = DialogueStateTracker.from_events(
            self.tracker.sender_id, events[:last], slots=self._domain.slots
        )
        return _state(_settled(before), events[last:])


def _state(before: State, turn: Iterable[Any]) -> State:
    written = [write_event(event) for event in turn if not isinstance(event, _FORGOTTEN)]
    return {**before, "turn": written} if written else before


def _settled(tracker: DialogueStateTracker) -> State:
    """What holds now, without how it came about."""
    values = {n: slot.value for n, slot in tracker.slots.items() if slot.value != slot.initial_value}
    state: State = {"v": VERSION}
    if values:
        state["slots"] = values
    if tracker.active_loop_name:
        state["loop"] = tracker.active_loop_name
    if tracker.is_paused():
        state["paused"] = True
    return state


def _history(state: Mapping[str, Any], domain: Domain) -> Iterator[Any]:
    """The shortest history that leads to a state: a session's start with everything set, and the last turn.

    A slot or a form that the domain no longer has is left out.
    """
    yield SessionStarted()
    if state.get("slots"):
        names = {slot.name for slot in domain.slots}
        for name, value in state["slots"].items():
            if name in names:
                yield SlotSet(name, value)
    if state.get("loop") in domain.form_names:
        yield ActiveLoop(state["loop"])
    if state.get("paused"):
        yield ConversationPaused()
    yield ActionExecuted(ACTION_LISTEN_NAME)
    for written in state.get("turn", ()):
        yield reread_event(written)
