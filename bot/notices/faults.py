"""The platform's and the provider's errors as faults that `hall.notices.verdicts` knows."""

from __future__ import annotations

from typing import Final

from bot.sms import port as sms
from bot.wechat import errors as wechat
from hall.notices.verdicts import Fault


class NoSuchWay(Exception):  # noqa: N818 - reads as the state of affairs
    """This citizen can't be reached by the channel at all, for want of a phone or of consent."""


_FAULTS: Final[tuple[tuple[type[Exception], Fault], ...]] = (
    (wechat.Busy, Fault.BUSY),
    (wechat.TooFast, Fault.TOO_FAST),
    (wechat.Unavailable, Fault.BUSY),
    (wechat.TokenRejected, Fault.TOKEN),
    (wechat.QuotaExhausted, Fault.QUOTA),
    (wechat.WindowClosed, Fault.WINDOW),
    (wechat.NotAllowedByCitizen, Fault.NO_CONSENT),
    (wechat.Unreachable, Fault.UNREACHABLE),
    (wechat.BadMessage, Fault.BAD),
    (wechat.AccountProblem, Fault.ACCOUNT),
    (wechat.OutcomeUnknown, Fault.UNKNOWN),
    (sms.SmsBusy, Fault.BUSY),
    (sms.SmsLimited, Fault.LIMITED),
    (sms.SmsQuotaExhausted, Fault.QUOTA),
    (sms.SmsBadNumber, Fault.NO_CONSENT),
    (sms.SmsBadMessage, Fault.BAD),
    (sms.SmsAccountProblem, Fault.ACCOUNT),
    (sms.SmsOutcomeUnknown, Fault.UNKNOWN),
    (NoSuchWay, Fault.NO_CONSENT),
)

# Codes that concern everything the WeChat account does, and not the one call (secret, address, account).
_ACCOUNT_WIDE: Final = frozenset(
    {"40001", "40013", "40014", "40125", "40164", "40243", "42001", "50002", "61007"}
)


def fault_of(error: Exception) -> Fault:
    """What an error of sending comes to."""
    return next((fault for kind, fault in _FAULTS if isinstance(error, kind)), Fault.OTHER)


def code_of(error: Exception) -> str:
    """The platform's or the provider's own code; "" where there was none."""
    code = getattr(error, "code", "")
    return str(code) if code else ""


def account_wide(code: str) -> bool:
    """Whether a code of WeChat's concerns every channel of the account."""
    return code in _ACCOUNT_WIDE
