"""Rasa's message processor without what a server needs.

A subclass: what is predicted and in which order actions run is Rasa's. Changed is that the model's graph
runs in sequence, that rules are remembered, that our actions are run where we are, that an error inside
an action ends the turn instead of being logged and forgotten, and that nothing is copied for logs.
"""

from __future__ import annotations

import tarfile
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.core.actions.action import (
    Action,
    ActionBotResponse,
    ActionExecutionRejection,
    ActionListen,
)
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.loader import load_predict_graph_runner
from rasa.exceptions import ActionLimitReached
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.constants import SlotMappingType
from rasa.shared.core.events import ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa_sdk.interfaces import Action as SdkAction

from nlu.agent.direct import DirectAction, DirectForm, DirectSlotExtraction
from nlu.agent.errors import ActionsMissingError, ModelError, ParseError, TurnLimitError
from nlu.agent.memory import RuleMemory
from nlu.agent.responses import Responses
from nlu.agent.runner import SequentialGraphRunner
from nlu.agent.storage import PredictionStorage

VALIDATE_SLOT_MAPPINGS = "action_validate_slot_mappings"


_UNREADABLE = (
    OSError,
    EOFError,
    zlib.error,
    tarfile.TarError,
    ImportError,
    KeyError,
    ValueError,
    RasaException,
)


class Door(OutputChannel):  # type: ignore[misc] # Rasa ships no types
    """Where the bot's utterances leave: nowhere, they are taken from the tracker after the turn."""

    @classmethod
    def name(cls) -> str:
        """The channel that responses in `domain.yml` may name."""
        return "wechat"


class DirectProcessor(MessageProcessor):  # type: ignore[misc] # Rasa ships no types
    """Parses texts and carries a tracker through a turn. Holds nothing of any conversation."""

    def __init__(self, model: Path, actions: Iterable[SdkAction]) -> None:
        """Load a model.

        Raises ModelError when it cannot be read, ActionsMissingError when its domain names actions that
        are not among `actions`.
        """
        super().__init__(
            model,
            tracker_store=None,  # the caller keeps the conversations, and the locks
            lock_store=None,
            generator=None,  # made below, when the domain is known
            on_circuit_break=_end_without_end,
        )
        self.nlg = Responses(self.domain.responses)
        self._door = Door()
        self._names: list[str] = list(self.domain.action_names_or_texts)
        self._direct = self._direct_actions(actions)
        self._actions: dict[str, Action] = {}
        self._extraction = DirectSlotExtraction(self._direct) if self._extracts_slots() else None
        self._memory = self._rule_memory()
        self._text_target = self._target_for_text()

    @staticmethod
    def _load_model(model_path: Path) -> tuple[str, Any, SequentialGraphRunner]:
        """Unpack a model and load its components."""
        with tempfile.TemporaryDirectory() as directory:
            try:
                metadata, runner = load_predict_graph_runner(
                    Path(directory), Path(model_path), PredictionStorage, SequentialGraphRunner
                )
            except _UNREADABLE as error:
                raise ModelError(f"{model_path} is not a model that can be used: {error}") from error
        return Path(model_path).name, metadata, runner

    def understand(self, text: str) -> dict[str, Any]:
        """Parse a citizen's text. A leading `/` means nothing here.

        Raises ParseError when a component failed.
        """
        try:
            results = self.graph_runner.run(
                {PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[self._text_target]
            )
        except GraphComponentException as error:
            raise ParseError(str(error)) from error
        parsed: dict[str, Any] = results[self._text_target][0].as_dict(only_output_properties=True)
        return parsed

    async def carry(self, tracker: DialogueStateTracker, message: UserUttered) -> None:
        """Carry the tracker from a message to where the bot listens again.

        Raises ActionError, ActionEventError or TurnLimitError; the tracker is of no use then.
        """
        tracker.update(message)
        await self.run_action_extract_slots(self._door, tracker)
        await self._run_prediction_loop(self._door, tracker)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots by their mappings; nothing to do where all mappings are left to actions."""
        if self._extraction is not None:
            events = await self._extraction.run(output_channel, self.nlg, tracker, self.domain)
            tracker.update_with_events(events, self.domain)
        return tracker

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """The next action and why. Raises ActionLimitReached (see the stock method)."""
        more = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, more):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._get_action(self._names[prediction.max_confidence_index]), prediction

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        if self._memory is None or tracker.followup_action:
            return super()._predict_next_with_tracker(tracker)
        ask = super()._predict_next_with_tracker
        return self._memory.predict(tracker, lambda: ask(tracker))

    def _get_action(self, action_name: str) -> Action:
        action = self._actions.get(action_name)
        if action is None:
            action = self._actions[action_name] = self._make_action(action_name)
        return action

    def _make_action(self, name: str) -> Action:
        if name in self._direct:
            return self._direct[name]
        if name in self.domain.form_names:
            return DirectForm(name, self._direct)
        return super()._get_action(name)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: Any,
        prediction: PolicyPrediction,
    ) -> bool:
        name = action.name()
        try:
            seen = self._tracker_for(action, tracker, prediction)
            events = await action.run(output_channel, nlg, seen, self.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(name, prediction.policy_name, prediction.max_confidence), self.domain
            )
            return bool(self.should_predict_another_action(name))
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            await self.run_action_extract_slots(output_channel, tracker)
        return bool(self.should_predict_another_action(name))

    def _tracker_for(
        self, action: Action, tracker: DialogueStateTracker, prediction: PolicyPrediction
    ) -> DialogueStateTracker:
        """The tracker itself for actions which only read it; a copy for Rasa's own, which may write."""
        if isinstance(action, DirectAction | ActionListen) or type(action) is ActionBotResponse:
            return tracker
        copied = tracker.copy()
        copied.update_with_events(prediction.events, self.domain)
        return copied

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Any],
        prediction: PolicyPrediction,
    ) -> None:
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction), self.domain)
        tracker.update_with_events(events, self.domain)

    def _direct_actions(self, actions: Iterable[SdkAction]) -> dict[str, DirectAction]:
        domain = self.domain.as_dict()
        direct = {action.name(): DirectAction(action, domain) for action in actions}
        missing = {
            name for name in self.domain.user_actions if not name.startswith("utter_") and name not in direct
        }
        if missing:
            raise ActionsMissingError(missing)
        return direct

    def _extracts_slots(self) -> bool:
        """Whether any slot is filled by anything but an action that sets it."""
        return VALIDATE_SLOT_MAPPINGS in self.domain.user_actions or any(
            mapping.get("type") != str(SlotMappingType.CUSTOM) or "action" in mapping
            for slot in self.domain.slots
            for mapping in slot.mappings
        )

    def _rule_memory(self) -> RuleMemory | None:
        """A memory where rules alone decide: another policy may look at what rules do not."""
        policies = self.graph_runner.components(Policy)
        if len(policies) != 1 or type(policies[0]) is not RulePolicy:
            return None
        return RuleMemory(policies[0].lookup)

    def _target_for_text(self) -> str:
        """The last node of the pipeline that does not read payloads."""
        target: str = self.model_metadata.nlu_target
        node = self.model_metadata.predict_schema.nodes[target]
        return str(node.needs["messages"]) if issubclass(node.uses, RegexMessageHandler) else target


def _end_without_end(*_: object) -> None:
    raise TurnLimitError("more than ten actions in one turn")
