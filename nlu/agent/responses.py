"""Fills the responses of `domain.yml`.

Rasa's own filling takes the braces of a payload (`/ask_fee{"item": "GA-0101"}`) for a placeholder, and
then logs an error with every slot of the conversation in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator

from nlu.agent.errors import ResponseError

_BRACES = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class Responses(TemplatedNaturalLanguageGenerator):  # type: ignore[misc] # Rasa ships no types
    """The responses of a domain; which variation is used is Rasa's choice (channel, condition, chance)."""

    def generate_from_slots(
        self, utter_action: str, filled_slots: dict[str, Any], output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """A filled copy of a response, None where there is none of that name.

        A placeholder is a name in braces: of a slot, or of what the action gave. Doubled braces are
        braces. Raises ResponseError for a placeholder that is neither.
        """
        response = self._random_response_for(utter_action, output_channel, filled_slots)
        if response is None:
            return None
        values = {**filled_slots, **kwargs}
        try:
            return {key: fill(part, values) for key, part in response.items()}
        except KeyError as error:
            raise ResponseError(utter_action, str(error.args[0])) from error


def fill(part: Any, values: Mapping[str, Any]) -> Any:
    """A copy of a response, or of a part of one, with its placeholders filled. Raises KeyError."""
    if isinstance(part, str):
        return _BRACES.sub(lambda match: _filled(match, values), part) if "{" in part or "}" in part else part
    if isinstance(part, list):
        return [fill(member, values) for member in part]
    if isinstance(part, dict):
        return {key: fill(member, values) for key, member in part.items()}
    return part


def _filled(match: re.Match[str], values: Mapping[str, Any]) -> str:
    name = match.group(1)
    return str(values[name]) if name else match.group()[0]
