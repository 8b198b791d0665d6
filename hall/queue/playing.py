"""A line played through at its windows a few hundred times at once. Pure; minutes from now.

A column of the arrays is one playing. The first of the line are played; behind them what visits take is
summed up as a normal distribution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hall.queue.draws import GRID, NORMAL, PLAYINGS, QUANTILES, Floats, normals, uniforms
from hall.queue.visits import Coming, Desk, Estimate, Spans, Visit

_PLAYED = 40
# What no history tells: how far a whole day's visits are off their usual length (of the logarithm).
_DAY_DOUBT = 0.06
_PASS_SPREAD = 0.3
# Counters call the first a little after they open.
_OPENING_MINUTES = 0.7
_LOW, _HIGH = 0.1, 0.9


class Playing:
    """One pool of windows played through."""

    def __init__(self, desks: Sequence[Desk], coming: Sequence[Coming], closed: Mapping[str, Spans]) -> None:
        self._desks = desks
        self._columns = np.arange(PLAYINGS)
        self._doubt = normals("doubt", 1)[0]
        self._opening = -_OPENING_MINUTES * np.log(uniforms("opening", 1)[0])
        self._gap = sum(desk.gap for desk in desks) / len(desks)
        self._closed = closed
        self._free = np.stack([self._first_free(number, desk) for number, desk in enumerate(desks)])
        self._coming = list(coming)
        self._arrivals = self._expected(coming)

    def through(self, line: Sequence[Visit]) -> list[Estimate]:
        """The estimates of a line, in order."""
        head = line[:_PLAYED]
        starts = np.empty((len(head), PLAYINGS))
        takes = self._takes(head, "line")
        for number, visit in enumerate(head):
            starts[number] = self._next(visit, takes[number])
        ordered = np.sort(starts, axis=1)
        low, middle, high = (ordered[:, round(share * (PLAYINGS - 1))] for share in (_LOW, 0.5, _HIGH))
        found = [Estimate(*map(float, one)) for one in zip(low, middle, high, strict=True)]
        if len(line) > len(head):
            found += self._beyond(starts[-1], line[len(head) - 1 :])
        return found

    def _next(self, visit: Visit, takes: Floats) -> Floats:
        """When a visit begins in each playing; its window is then busy with it."""
        rows = self._rows(visit)
        spans = self._closed.get(visit.group, ())
        while True:
            which, begins = self._earliest(rows, spans)
            arrivals = self._arrivals.get(visit.group)
            if arrivals is None or not (due := arrivals.next <= begins).any():
                break
            long = arrivals.take(due)
            columns = self._columns[due]
            self._free[which[due], columns] = begins[due] + long
        if not visit.ghost:
            self._free[which, self._columns] = begins + takes
        return begins

    def _earliest(self, rows: NDArray[np.int64], spans: Spans) -> tuple[NDArray[np.int64], Floats]:
        free = self._free[rows]
        which = free.argmin(axis=0)
        return rows[which], _open_again(free[which, self._columns], spans, self._opening)

    def _rows(self, visit: Visit) -> NDArray[np.int64]:
        """The windows that may call a visit."""
        alone = [number for number, desk in enumerate(self._desks) if desk.id == visit.only]
        return np.array(
            alone or [number for number, desk in enumerate(self._desks) if visit.group in desk.groups]
        )

    def _first_free(self, number: int, desk: Desk) -> Floats:
        """When a window is free for the line in each playing."""
        shares = uniforms("desk", number + 1)[number]
        # Who is alone waits until somebody presses.
        free: Floats = -desk.gap * np.log(shares)
        if desk.busy is not None:
            free = _remaining(desk.busy, desk.minutes, shares, self._doubt) + desk.gap
        if desk.back > 0:
            # As memoryless as a pause is: half of the time shorter than two thirds of the mean.
            free = np.maximum(free, -desk.back * np.log(shares))
        return free

    def _takes(self, visits: Sequence[Visit], what: str) -> Floats:
        """What each visit takes in each playing, the gap before the next call with it."""
        if not visits:
            return np.empty((0, PLAYINGS))
        draws, chances = normals(what, len(visits)), uniforms(f"{what} gone", len(visits))
        centres = np.array([[visit.pace.centre, visit.pace.spread, visit.pace.doubt] for visit in visits])
        doubt = np.sqrt(centres[:, 2:] ** 2 + _DAY_DOUBT**2)
        long = np.exp(centres[:, :1] + centres[:, 1:2] * draws + doubt * self._doubt)
        passes = np.array([[visit.pass_minutes] for visit in visits]) * np.exp(_PASS_SPREAD * draws)
        gone = chances < np.array([[visit.gone] for visit in visits])
        taken: Floats = np.where(gone, passes, long) + self._gap
        return taken

    def _expected(self, coming: Sequence[Coming]) -> dict[str, _Arrivals]:
        by_group: dict[str, list[Coming]] = {}
        for one in coming:
            by_group.setdefault(one.visit.group, []).append(one)
        return {
            group: _Arrivals(found, self._takes([one.visit for one in found], "coming"))
            for group, found in by_group.items()
        }

    def _beyond(self, last: Floats, line: Sequence[Visit]) -> list[Estimate]:
        """Those behind the first of `line`, who begins at `last`."""
        clock, work = _working(next(iter(self._closed.values()), ()))
        begun = np.interp(last, clock, work)
        means, variances = _moments(line[:-1], self._gap)
        desks = len(self._desks)
        mean, variance = np.cumsum(means) / desks, np.cumsum(variances) / desks**2
        doubt = max(visit.pace.doubt for visit in line)
        centre = begun.mean() + mean
        centre = centre + self._appointments(centre, begun.mean(), clock, work) / desks
        far = np.sqrt(begun.var() + variance + (doubt**2 + _DAY_DOUBT**2) * mean**2)
        reach = NORMAL.inv_cdf(_HIGH)
        found = [np.interp(centre + far * side, work, clock) for side in (-reach, 0.0, reach)]
        return [Estimate(*map(float, one)) for one in zip(*found, strict=True)]

    def _appointments(self, centre: Floats, begun: float, clock: Floats, work: Floats) -> Floats:
        """The working minutes of appointments that come between `begun` and each of `centre`."""
        due = sorted(
            (float(np.interp(one.minutes, clock, work)), one.chance * one.visit.pace.minutes)
            for one in self._coming
        )
        later = [(at, minutes) for at, minutes in due if at > begun]
        if not later:
            return np.zeros_like(centre)
        sums = np.concatenate([[0.0], np.cumsum([minutes for _, minutes in later])])
        counted: Floats = sums[np.searchsorted([at for at, _ in later], centre)]
        return counted


class _Arrivals:
    """Those expected at a counter group, in each playing in the order in which they come."""

    def __init__(self, coming: Sequence[Coming], takes: Floats) -> None:
        draws = normals("arrivals", len(coming))
        minutes = np.array([[one.minutes] for one in coming]) + draws * np.array(
            [[one.spread] for one in coming]
        )
        comes = uniforms("comes", len(coming)) < np.array([[one.chance] for one in coming])
        arrive = np.where(comes, np.maximum(minutes, 0.0), np.inf)
        self._at = np.vstack([np.sort(arrive, axis=0), np.full((1, PLAYINGS), np.inf)])
        self._takes = takes
        self._taken = np.zeros(PLAYINGS, dtype=np.int64)
        self._columns = np.arange(PLAYINGS)
        self.next: Floats = self._at[0]

    def take(self, due: NDArray[np.bool_]) -> Floats:
        """What the next one's visit takes, in the playings where they are due; they are then gone."""
        columns = self._columns[due]
        long: Floats = self._takes[self._taken[due], columns]
        self._taken[due] += 1
        self.next = self._at[self._taken, self._columns]
        return long


def _remaining(busy: Visit, minutes: float, shares: Floats, doubt: Floats) -> Floats:
    """What is left of a visit that has lasted so long."""
    pace = busy.pace
    centre = pace.centre + np.sqrt(pace.doubt**2 + _DAY_DOUBT**2) * doubt
    lasted = np.log(max(minutes, 1e-3))
    before = np.interp((lasted - centre) / pace.spread, QUANTILES, GRID)
    longer = np.interp(before + (1 - before) * shares, GRID, QUANTILES)
    left = np.exp(centre + pace.spread * longer) - minutes
    if busy.gone and minutes < 2 * busy.pass_minutes:
        gone = uniforms("busy gone", 1)[0] < busy.gone
        left = np.where(gone, busy.pass_minutes - minutes, left)
    remaining: Floats = np.maximum(left, 0.0)
    return remaining


def _open_again(begins: Floats, spans: Spans, late: Floats) -> Floats:
    """The same moments, those while the counters are closed moved to when they open, or a little `late`."""
    for closes, opens in spans:
        if begins.max() < closes:
            break
        begins = np.where((begins >= closes) & (begins < opens + late), opens + late, begins)
    return begins


def _working(spans: Spans) -> tuple[Floats, Floats]:
    """Points of the clock and the minutes that are open until then, to go from one to the other."""
    clock, work = [0.0], [0.0]
    for closes, opens in spans:
        closes = max(closes, 0.0)
        done = work[-1] + closes - clock[-1]
        clock += [closes, opens]
        work += [done, done + 1e-6]
    clock.append(clock[-1] + 1e6)
    work.append(work[-1] + 1e6)
    return np.array(clock), np.array(work)


def _moments(line: Sequence[Visit], gap: float) -> tuple[Floats, Floats]:
    """The mean minutes of each visit and their variance."""
    found: dict[tuple[int, float, float, bool], tuple[float, float]] = {}
    moments = []
    for visit in line:
        # Those of one item share one pace: telling it by its identity saves comparing thousands.
        key = id(visit.pace), visit.gone, visit.pass_minutes, visit.ghost
        if key not in found:
            found[key] = _moment(visit, gap)
        moments.append(found[key])
    both = np.array(moments)
    return both[:, 0], both[:, 1]


def _moment(visit: Visit, gap: float) -> tuple[float, float]:
    if visit.ghost:
        return 0.0, 0.0
    pace, stays = visit.pace, 1 - visit.gone
    mean = stays * pace.minutes + visit.gone * visit.pass_minutes
    squares = stays * (pace.variance + pace.minutes**2) + visit.gone * visit.pass_minutes**2
    return mean + gap, squares - mean**2
