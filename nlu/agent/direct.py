"""Actions of rasa_sdk, run where the conversation is.

Rasa's RemoteAction turns the tracker into JSON, sends it away, and checks the answer against a JSON
schema which it checks anew each time: four fifths of a turn, for actions that are our own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, ActionExtractSlots, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action as SdkAction
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection

from nlu.agent.errors import ActionError, ActionEventError
from nlu.agent.events import read_event


class DirectAction(Action):  # type: ignore[misc] # Rasa ships no types
    """One of our actions, in the place of Rasa's RemoteAction."""

    def __init__(self, action: SdkAction, domain: Mapping[str, Any]) -> None:
        """Take an action and the domain as a dictionary, which actions may read and must not change."""
        self._action = action
        self._name: str = action.name()
        self._domain = domain

    def name(self) -> str:
        """The action's name in the domain."""
        return self._name

    async def run(
        self, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Any
    ) -> list[Any]:
        """Run the action; its utterances first, then its events.

        Raises ActionExecutionRejection where the action rejected, ActionError where it failed.
        """
        dispatcher = CollectingDispatcher()
        try:
            returned = self._action.run(dispatcher, sdk_tracker(tracker), self._domain)
            if inspect.isawaitable(returned):
                returned = await returned
        except SdkRejection as rejection:
            raise ActionExecutionRejection(self._name, rejection.message) from rejection
        except Exception as error:
            raise ActionError(self._name) from error
        said = await RemoteAction._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
        return [*said, *(self._read(event) for event in returned or ())]

    def _read(self, event: Any) -> Any:
        try:
            return read_event(event)
        except (KeyError, TypeError, ValueError) as error:
            raise ActionEventError(self._name, event) from error


class DirectForm(FormAction):  # type: ignore[misc] # Rasa ships no types
    """A form whose validation and questions are our actions."""

    def __init__(self, name: str, actions: Mapping[str, DirectAction]) -> None:
        super().__init__(name, None)
        self._actions = actions

    async def validate_slots(
        self, slot_candidates: dict[str, Any], tracker: Any, domain: Any, output_channel: Any, nlg: Any
    ) -> list[Any]:
        """Ask the form's validation action, where there is one."""
        action = self._actions.get(f"validate_{self.name()}")
        if action is None:
            return []
        candidates = [SlotSet(name, value) for name, value in slot_candidates.items()]
        asked = self._temporary_tracker(tracker, candidates, domain)
        return await action.run(output_channel, nlg, asked, domain)

    async def _ask_for_slot(
        self, domain: Any, nlg: Any, output_channel: Any, slot_name: str, tracker: Any
    ) -> list[Any]:
        action = self._actions.get(self._name_of_utterance(domain, slot_name) or "")
        if action is not None:
            return await action.run(output_channel, nlg, tracker, domain)
        asked: list[Any] = await super()._ask_for_slot(domain, nlg, output_channel, slot_name, tracker)
        return asked


class DirectSlotExtraction(ActionExtractSlots):  # type: ignore[misc] # Rasa ships no types
    """Slots from mappings, where a mapping may name one of our actions."""

    def __init__(self, actions: Mapping[str, DirectAction]) -> None:
        super().__init__(None)
        self._actions = actions

    async def _run_custom_action(
        self, custom_action: str, output_channel: Any, nlg: Any, tracker: Any, domain: Any
    ) -> list[Any]:
        events = await self._actions[custom_action].run(output_channel, nlg, tracker, domain)
        return [event for event in events if isinstance(event, SlotSet | BotUttered)]


def sdk_tracker(tracker: DialogueStateTracker) -> Tracker:
    """The tracker as actions see it, made without a detour over JSON."""
    return Tracker(
        tracker.sender_id,
        tracker.current_slot_values(),
        tracker._latest_message_data(),
        [event.as_dict() for event in tracker.events],
        tracker.is_paused(),
        tracker.followup_action,
        asdict(tracker.active_loop) if tracker.active_loop else {},
        tracker.latest_action_name,
    )
