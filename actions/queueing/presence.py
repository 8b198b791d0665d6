"""Whether the citizen is in a hall: by a code that hangs there, or by the position they sent.

What was shown counts for a while, so that a second number is not asked for a second proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.turn import Turn
from hall.centres.nearby import Nearby, nearest
from hall.centres.schema import Hall

# What was shown counts so long.
_COUNTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Away:
    """A position that is in no hall: the nearest hall, and how far it is."""

    near: Nearby


def noted(turn: Turn, hall: Hall) -> None:
    """Remember that the citizen is in this hall."""
    turn.memory.here = {"hall": hall.code, "until": (turn.desk.now + _COUNTS).isoformat()}


def known(turn: Turn) -> Hall | None:
    """The hall where the citizen showed to be not long ago."""
    here = turn.memory.here
    if here is None or datetime.fromisoformat(here["until"]) <= turn.desk.now:
        return None
    return turn.desk.catalogue.hall(here["hall"])


def by_position(turn: Turn) -> Hall | Away | None:
    """The hall in whose range the position lies that came with this turn; None where none came."""
    if turn.desk.position is None:
        return None
    view = turn.desk.catalogue
    with_counters = [hall for hall in view.halls.values() if view.counters_of(hall.code)]
    found = nearest(with_counters, *turn.desk.position)
    if not found:
        return None
    if found[0].metres > turn.desk.ticket_metres:
        return Away(found[0])
    noted(turn, found[0].hall)
    return found[0].hall
