"""The moment the tests speak at, and a short way to write a span."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from nlu.times import Span, parse

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=SHANGHAI)
"""A Wednesday morning."""


def written(span: Span) -> str:
    """2026-11-26 09:30 .. 2026-11-26 11:00 minute"""
    end = "open" if span.end is None else f"{span.end:%Y-%m-%d %H:%M}"
    return f"{span.start:%Y-%m-%d %H:%M} .. {end} {span.grain}"


def day(date: str) -> str:
    first = datetime.fromisoformat(date)
    return f"{date} 00:00 .. {datetime.fromordinal(first.toordinal() + 1):%Y-%m-%d} 00:00 day"


def read(text: str, now: datetime = NOW) -> list[str]:
    return [written(span) for span in parse(text, now)]
