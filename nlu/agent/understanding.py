"""The door to Rasa: parse a text, or carry a citizen's conversation through one turn.

Nothing is shared between two calls but the model, which is read only: any number of citizens may be
handled at once, and two turns of one citizen are the caller's to keep apart. An action runs in the
context (contextvars) of the call that led to it.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nlu.agent.logs import quiet_rasa
from nlu.agent.payload import read_payload
from nlu.agent.results import Handled, Parsed
from nlu.agent.slim import without_tensorflow

if TYPE_CHECKING:
    from nlu.agent.processor import DirectProcessor


class Understanding:
    """A loaded model with the actions it leads to."""

    def __init__(self, processor: DirectProcessor, model: Path) -> None:
        """Wrap a processor; `load` makes one."""
        self._processor = processor
        self._intents = frozenset(processor.domain.intents)
        self.model = model

    @classmethod
    async def load(cls, model: Path, *, actions: Iterable[Any]) -> Self:
        """Load a model in a thread (seconds, most of them Rasa's imports).

        `actions` are instances of rasa_sdk's Action: one for each that the model's domain names.
        Raises ModelError when the model cannot be used.
        """
        return await asyncio.to_thread(cls._load, model, tuple(actions))

    @classmethod
    def _load(cls, model: Path, actions: tuple[Any, ...]) -> Self:
        quiet_rasa()
        with without_tensorflow(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Rasa's and its pins' own code, none ours to mend
            from nlu.agent.processor import DirectProcessor  # takes seconds: not before it is needed

            return cls(DirectProcessor(model, actions), model)

    @property
    def intents(self) -> frozenset[str]:
        """The intents of the model's domain."""
        return self._intents

    async def parse(self, text: str) -> Parsed:
        """What a text means by itself. Raises ParseError when a component of the pipeline failed."""
        from nlu.agent.turn import read_parse

        return read_parse(text, self._processor.understand(text))

    async def handle(
        self,
        text: str,
        *,
        sender_id: str,
        state: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        payload: bool = False,
        parsed: Parsed | None = None,
    ) -> Handled:
        """Carry a conversation through one turn.

        `state` is what the citizen's last turn gave back, None for a new session (or see `carry_over`).
        With `payload` the text is that of a choice which the bot offered (`/intent{"entity": "value"}`);
        without, a citizen's own, in which a leading `/` means nothing. `parsed` saves parsing again what
        `parse` gave for the same text. Actions find `metadata` in the tracker's latest message.

        Raises PayloadError, ParseError, ActionError, ActionEventError or TurnLimitError; nothing of the
        turn is to be kept then.
        """
        from nlu.agent.turn import run_turn

        if payload:
            parsed = read_payload(text, self._intents)
        elif parsed is None:
            parsed = await self.parse(text)
        return await run_turn(self._processor, parsed, sender_id, state, metadata)
