"""Which days are worked, as far as the State Council has published it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import chinese_calendar

from nlu.times.span import UnpublishedYearError

Workdays = Callable[[date], bool | None]
"""Is this day worked? None: not known. A hall hands in its own calendar here."""


@lru_cache(maxsize=4096)  # the library looks for its first and last year at every call
def published(day: date) -> bool | None:
    """The national calendar of working days with 调休; None in a year it does not cover."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_worked(day: date, workdays: Workdays) -> bool:
    """Is this day worked?

    Raises:
        UnpublishedYearError: nobody knows yet.
    """
    worked = workdays(day)
    if worked is None:
        raise UnpublishedYearError(day)
    return worked
