"""What can go wrong between a citizen's text and the bot's answer."""

from __future__ import annotations

from collections.abc import Iterable


class UnderstandingError(Exception):
    """What every error of this package is."""


class ModelError(UnderstandingError):
    """The model cannot be used: no such file, not a model, or made for other code."""


class ActionsMissingError(ModelError):
    """The model's domain names actions that nobody handed over."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(sorted(names))
        super().__init__(f"no such action: {', '.join(self.names)}")


class ParseError(UnderstandingError):
    """A component of the pipeline failed on a text. The text is not in the message."""


class PayloadError(UnderstandingError):
    """The payload of a choice is not of the form `/intent{"entity": "value"}` with a known intent."""


class ActionError(UnderstandingError):
    """An action raised. The cause stands in `__cause__`; nothing of the turn was kept."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(f"{action} failed")


class ActionEventError(UnderstandingError):
    """An action returned an event that is none, or one that needs a server of Rasa's (reminders)."""

    def __init__(self, action: str, event: object) -> None:
        self.action = action
        kind = event.get("event") if isinstance(event, dict) else type(event).__name__
        super().__init__(f"{action} returned an event that cannot be used here: {kind!r}")


class ResponseError(UnderstandingError):
    """A response of the domain has a placeholder that is neither a slot nor given by the action."""

    def __init__(self, response: str, placeholder: str) -> None:
        self.response = response
        self.placeholder = placeholder
        super().__init__(f"{response}: nothing to fill {{{placeholder}}} with")


class TurnLimitError(UnderstandingError):
    """The turn did not come to an end: each action led to another, more than ten times."""
