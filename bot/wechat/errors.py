"""What can go wrong at the platform's API, sorted by what the caller has to do about it.

The codes are those of the platform's 全局返回码 page; a code that is not listed is a plain WeChatError.
"""
# ruff: noqa: N818 - each class is named for the state of affairs that its handler reads

from __future__ import annotations

from typing import Final

_MAX_MESSAGE: Final = 300


class WeChatError(Exception):
    """The platform refused a call: `code` is its errcode (0: none was given), `message` its errmsg."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message[:_MAX_MESSAGE]}")
        self.code = code
        self.message = message[:_MAX_MESSAGE]


class Busy(WeChatError):
    """The platform is overloaded and did nothing: safe to repeat, later."""


class TokenRejected(WeChatError):
    """The access_token was not taken, even after the one refresh that is allowed: repeat later."""


class Unreachable(WeChatError):
    """This citizen can't be reached by any message (not following, no such openid): permanent."""


class QuotaExhausted(WeChatError):
    """The day's quota of this call is used up: stop until it resets (midnight in Shanghai)."""


class TooFast(WeChatError):
    """Too many calls a minute: slow down, then repeat."""


class WindowClosed(WeChatError):
    """No customer-service message can be sent now (48 hours over or count used up): the next channel."""


class NotAllowedByCitizen(WeChatError):
    """The citizen has not consented to this notice: no retry, another channel."""


class BadMessage(WeChatError):
    """The platform does not take this content, template, field or code: no retry."""


class AccountProblem(WeChatError):
    """The account or our configuration is wrong (no permission, banned, address not allowed): alarm."""


class BadMedia(WeChatError):
    """The media is gone, too large or of a kind that is not taken: no retry with the same."""


class OutcomeUnknown(WeChatError):
    """The request left, no answer came: it may have been carried out. Never repeat a send blindly."""


class Unavailable(WeChatError):
    """Nothing was done, because no connection came about: safe to repeat, later."""


TOKEN_CODES: Final = frozenset({40001, 40014, 42001})

_CLASSES: Final[dict[type[WeChatError], tuple[int, ...]]] = {
    Busy: (-1,),
    TokenRejected: tuple(TOKEN_CODES),
    Unreachable: (40003, 43004, 43019, 50005),
    QuotaExhausted: (45009,),
    TooFast: (45011,),
    WindowClosed: (45015, 45047),
    NotAllowedByCitizen: (43101,),
    # 40029 40163: a spent or wrong OAuth code; 40200: msgmenu without a verified account.
    BadMessage: (40029, 40033, 40037, 40163, 40200, 44002, 44004, 45002, 45008, 47001, 47003),
    # 40013 40125 40243: appid or secret wrong or frozen; 40164: our address is not on the whitelist.
    AccountProblem: (40013, 40125, 40164, 40243, 48001, 48004, 50001, 50002, 61007),
    BadMedia: (40004, 40005, 40006, 40007, 40009, 44001, 45001, 45006, 45007),
}
_BY_CODE: Final = {code: kind for kind, codes in _CLASSES.items() for code in codes}


def error_for(code: int, message: str) -> WeChatError:
    """The error that says what an errcode asks for."""
    return _BY_CODE.get(code, WeChatError)(code, message)
