"""What people mean when they name a time in Chinese: `parse(text, now)`."""

from __future__ import annotations

from datetime import datetime

from nlu.times.reading import read
from nlu.times.span import Grain, Reading, Span, Unknown
from nlu.times.workdays import Workdays, published

__all__ = ["Grain", "Reading", "Span", "Unknown", "Workdays", "parse", "published", "read"]


def parse(text: str, now: datetime, workdays: Workdays = published) -> list[Span]:
    """The times meant in a text, in the order they stand in it.

    `read` also tells what cannot be known yet, and what is ruled out (不要周三).

    A time that comes again (周三, 25号, 三点) is the next one that has not passed. `now` is local time: its
    zone is that of the spans.
    """
    return [span for span in read(text, now, workdays).spans if not span.unwanted]
