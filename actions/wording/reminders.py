"""Subscription notices in words."""

from __future__ import annotations


def offer(link: str) -> str:
    """Where reminders are allowed that arrive also when the chat is closed for us."""
    return f'怕错过,可以让微信也提醒您:<a href="{link}">打开提醒</a>'
