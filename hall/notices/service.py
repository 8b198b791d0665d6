"""The notices desk: what citizens are told by themselves. Each function works in the caller's transaction."""

from __future__ import annotations

from hall.notices.kinds import REMINDERS, URGENT, Kind, Notice
from hall.notices.telling import tell, withdraw

__all__ = ["REMINDERS", "URGENT", "Kind", "Notice", "tell", "withdraw"]
