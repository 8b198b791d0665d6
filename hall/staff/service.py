"""The staff desk: who works here, who may do what, who did what.

Functions that take a session belong to the caller's transaction; `log_in` and `change_own_password` take the
engine, for they are several.
"""

from __future__ import annotations

from hall.staff.accounts import (
    FIRST_LOGIN,
    Account,
    account,
    accounts,
    add,
    any_staff,
    change,
    disable,
    enable,
    first_admin,
    set_password,
)
from hall.staff.attempts import LockoutRules
from hall.staff.audit import AuditLine, audit_lines, record
from hall.staff.displays import Display, display_of, displays, make_display, revoke_display
from hall.staff.entering import change_own_password, log_in
from hall.staff.passwords import Passwords, check_password, generate
from hall.staff.roles import Role

__all__ = [
    "FIRST_LOGIN",
    "Account",
    "AuditLine",
    "Display",
    "LockoutRules",
    "Passwords",
    "Role",
    "account",
    "accounts",
    "add",
    "any_staff",
    "audit_lines",
    "change",
    "change_own_password",
    "check_password",
    "disable",
    "display_of",
    "displays",
    "enable",
    "first_admin",
    "generate",
    "log_in",
    "make_display",
    "record",
    "revoke_display",
    "set_password",
]
