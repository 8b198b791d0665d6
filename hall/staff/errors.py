"""What can go wrong at the staff desk. Each carries what somebody needs to act, and no password."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    PLAIN = "plain"  # too few kinds of characters for its length
    COMMON = "common"
    LIKE_LOGIN = "like_login"
    SAME = "same"


class PasswordWeak(ValueError):  # noqa: N818 - reads as the verdict it is
    """The new password is not taken; `weakness` says why."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness.value)
        self.weakness = weakness


class LoginWrong(ValueError):  # noqa: N818 - reads as the verdict it is
    """No login: 2 to 40 small letters, digits, dots, dashes."""


class NameWrong(ValueError):  # noqa: N818 - reads as the verdict it is
    """An account needs the name of whoever uses it, of at most 60 characters."""


class LoginTaken(Exception):  # noqa: N818 - reads as the verdict it is
    """Somebody has this login already, in use or disabled."""


class NoSuchPlace(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no hall of this code."""


class NoSuchStaff(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no account of this login."""


class LastAdmin(Exception):  # noqa: N818 - reads as the verdict it is
    """The last admin that can log in is to be disabled or to lose the role: nobody could mend it."""


class NotAdmitted(Exception):  # noqa: N818 - reads as the verdict it is
    """Login or password is wrong, or the account is disabled; which of them is not said."""


class LockedOut(Exception):  # noqa: N818 - reads as the verdict it is
    """Too many wrong passwords for this account or from this address: not before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("locked out")
        self.until = until
