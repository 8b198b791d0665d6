"""The port through which SMS leave, and what can go wrong there, sorted by what the caller has to do."""
# ruff: noqa: N818 - each class is named for the state of affairs that its handler reads

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

_LONGEST = 300


class SmsError(Exception):
    """The provider refused an SMS: `code` is its own ("" where it gave none). Never holds the phone."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message[:_LONGEST]}".strip())
        self.code = code
        self.message = message[:_LONGEST]


class SmsBusy(SmsError):
    """The provider did nothing, for now (overloaded, too many calls, no connection): repeat later."""


class SmsLimited(SmsError):
    """This phone got as many as the provider allows in an hour or a day: not by SMS."""


class SmsBadNumber(SmsError):
    """This phone can't be written to: wrong, or on the provider's own blacklist. Permanent."""


class SmsBadMessage(SmsError):
    """Template, signature or a value is not taken: a person must mend it."""


class SmsAccountProblem(SmsError):
    """The account: keys, rights, balance, service not open. A person must mend it."""


class SmsQuotaExhausted(SmsError):
    """As many as the account may send today, or in a month."""


class SmsOutcomeUnknown(SmsError):
    """The request left, no answer came: it may have been sent. Never repeat it blindly."""


class SmsSender(Protocol):
    """Sends one SMS made from a template that the provider has approved."""

    async def send(self, phone: str, template: str, values: Mapping[str, str], *, reference: str) -> str:
        """Send to `phone` (mainland number, with or without +86); the provider's number for it.

        `reference` comes back with the provider's delivery reports. Raises SmsError.
        """
