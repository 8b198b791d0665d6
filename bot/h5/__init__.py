"""The citizens' mobile pages under /h5/: search, topics, the full guide of an item. They need no script.

Only the page of reminders has one, for WeChat's own button (`reminders.py`).
"""

from __future__ import annotations

from bot.h5.app import create_app

__all__ = ["create_app"]
