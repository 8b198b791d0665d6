"""How long those in line have yet to wait, as a range. Pure; all times in minutes from now.

The line is played through a few hundred times at once (a column of the arrays is one playing): whoever is
next goes to the window that is free first, and stays as long as such a visit may take. Who is at a window
already stays as long as one who has been there so long. Appointments to come go before when they arrive, some
who are called are gone, and nothing begins while the counters are closed. The first of a line are played;
beyond them what the visits take adds up to what a sum of many is: a normal distribution. The draws are the
same every time, so that an estimate moves only when something happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hall.queue.playing import Playing
from hall.queue.visits import Coming, Desk, Estimate, Spans, Visit

__all__ = ["Coming", "Desk", "Estimate", "Spans", "Visit", "estimates"]


def estimates(
    line: Sequence[Visit],
    desks: Sequence[Desk],
    *,
    coming: Sequence[Coming] = (),
    closed: Mapping[str, Spans] | None = None,
) -> list[Estimate | None]:
    """The estimate of each in `line` (in order); None where no window serves them.

    `closed`: between which minutes a counter group calls nobody.
    """
    found: list[Estimate | None] = [None] * len(line)
    by_group: dict[str, list[int]] = {}
    for number, visit in enumerate(line):
        by_group.setdefault(visit.group, []).append(number)
    for pool in _pools(desks):
        groups = frozenset().union(*(desk.groups for desk in pool))
        mine = sorted(number for group in groups for number in by_group.get(group, ()))
        if not mine:
            continue
        expected = [one for one in coming if one.visit.group in groups]
        played = Playing(pool, expected, closed or {})
        for number, estimate in zip(mine, played.through([line[number] for number in mine]), strict=True):
            found[number] = estimate
    return found


def _pools(desks: Sequence[Desk]) -> list[list[Desk]]:
    """The windows that share work, directly or through others."""
    pools: list[list[Desk]] = []
    for desk in desks:
        joined = [pool for pool in pools if any(desk.groups & other.groups for other in pool)]
        pools = [pool for pool in pools if pool not in joined]
        pools.append([other for pool in joined for other in pool] + [desk])
    return pools
