"""Opening hours of a day, in years that the State Council or an admin has published. Pure; local days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from hall.centres import opening
from hall.centres.opening import DayHours, Schedule


def hours_on(schedule: Schedule, day: date, *, published: Collection[int] = ()) -> DayHours:
    """The hours of a day, as `hall.centres.opening.hours_on` has them.

    A day of a year in `published` that no special day speaks of is as in any week, and no longer unknown.
    """
    found = opening.hours_on(schedule, day)
    if found.state != "unknown" or day.year not in published:
        return found
    return replace(found, state="open" if found.spans else "closed")
