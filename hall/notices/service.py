"""The notices desk: what citizens are told by themselves. Each function works in the caller's transaction.

Other desks `tell` and `withdraw`; `bot.notices` sends; staff look at what was `held` and at the `alarms`.
"""

from __future__ import annotations

from hall.notices.alarms import Alarm, alarms, mend
from hall.notices.consents import ledger
from hall.notices.forgetting import forget_account, forget_old, forgetting, told_of
from hall.notices.held import Held, TriedLine, counts, dismiss, held, retry, tries_of
from hall.notices.kinds import REMINDERS, URGENT, Kind, Notice
from hall.notices.models import State
from hall.notices.telling import tell, withdraw

__all__ = [
    "REMINDERS",
    "URGENT",
    "Alarm",
    "Held",
    "Kind",
    "Notice",
    "State",
    "TriedLine",
    "alarms",
    "counts",
    "dismiss",
    "forget_account",
    "forget_old",
    "forgetting",
    "held",
    "ledger",
    "mend",
    "retry",
    "tell",
    "told_of",
    "tries_of",
    "withdraw",
]
