"""Measuring visits: how long they take, who does not come, how fast a window calls the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.queue.groups import GroupDay
from hall.queue.models import QueueTicket, QueueWindow, ServicePace
from hall.queue.pace import Measured, Pace, leaning, learn, pace_of, usual, weigh
from hall.queue.rules import QueueRules, QueueTerms

# A pause of a window that called nobody although people waited; longer ones were something else.
_LONGEST_GAP_MINUTES = 5.0


@dataclass(frozen=True, slots=True)
class GroupPace:
    """What was measured at a counter group: visits, by item too, no-shows, the gap between two calls."""

    all: Pace
    items: dict[str, Pace]
    gone: float
    pass_minutes: float
    gap_minutes: float

    def of(self, item_code: str) -> Pace:
        """The pace of an item; of all where it was never seen."""
        return self.items.get(item_code, self.all)


async def paces(
    session: AsyncSession, hall: str, days: Mapping[str, GroupDay], groups: Iterable[str], rules: QueueRules
) -> dict[str, GroupPace]:
    """The paces of these counter groups of a hall."""
    wanted = set(groups)
    rows = await session.scalars(
        select(ServicePace)
        .where(ServicePace.hall_code == hall, ServicePace.group_code.in_(wanted))
        .execution_options(populate_existing=True)
    )
    by_group: dict[str, list[ServicePace]] = {group: [] for group in wanted}
    for row in rows:
        by_group[row.group_code].append(row)
    return {
        group: _pace(found, days[group].counter.departments if group in days else (), rules)
        for group, found in by_group.items()
    }


def _pace(rows: list[ServicePace], departments: Iterable[str], rules: QueueRules) -> GroupPace:
    prior = usual(rules.minutes_of(departments), rules.usual_spread)
    whole = next((row for row in rows if not row.item_code), None)
    if whole is None:
        return GroupPace(prior, {}, rules.usual_gone, rules.usual_pass_minutes, rules.usual_gap_minutes)
    everything = pace_of(prior, _measured(whole))
    return GroupPace(
        all=everything,
        items={row.item_code: pace_of(everything, _measured(row)) for row in rows if row.item_code},
        gone=leaning(whole.seen, whole.gone / whole.seen if whole.seen else 0.0, rules.usual_gone, 20.0),
        pass_minutes=leaning(whole.passes, whole.pass_minutes, rules.usual_pass_minutes),
        gap_minutes=leaning(whole.gaps, whole.gap_minutes, rules.usual_gap_minutes),
    )


def _measured(row: ServicePace) -> Measured:
    return Measured(row.weight, row.mean, row.spread)


async def visited(session: AsyncSession, row: QueueTicket, terms: QueueTerms) -> None:
    """Learn from a visit that is over."""
    stop_clock(row, terms)
    minutes = row.busy_seconds / 60
    whole = await _row(session, row, "")
    _seen(whole, gone=False)
    prior = usual(terms.rules.usual_minutes, terms.rules.usual_spread)
    expected = pace_of(prior, _measured(whole))
    _learn(whole, minutes, expected)
    if row.item_code:
        item = await _row(session, row, row.item_code)
        _learn(item, minutes, pace_of(expected, _measured(item)))


async def not_there(session: AsyncSession, row: QueueTicket, terms: QueueTerms) -> None:
    """Learn from somebody who did not come when called."""
    if row.called is None:
        return
    minutes = min((terms.now - row.called).total_seconds() / 60, _LONGEST_GAP_MINUTES * 2)
    whole = await _row(session, row, "")
    _seen(whole, gone=True)
    whole.passes, whole.pass_minutes = weigh(whole.passes, whole.pass_minutes, minutes)


async def called_after(
    session: AsyncSession, row: QueueTicket, window: QueueWindow, terms: QueueTerms
) -> None:
    """Learn how long a window that was free took to call one who had waited all the while."""
    if window.free_since is None or row.since > window.free_since:
        return
    minutes = (terms.now - window.free_since).total_seconds() / 60
    if minutes > _LONGEST_GAP_MINUTES:
        return
    whole = await _row(session, row, "")
    whole.gaps, whole.gap_minutes = weigh(whole.gaps, whole.gap_minutes, minutes)


def stop_clock(row: QueueTicket, terms: QueueTerms) -> None:
    """Add the time since the ticket was called to what it spent at windows."""
    if row.called is not None:
        row.busy_seconds += max(0.0, (terms.now - row.called).total_seconds())


def _seen(whole: ServicePace, *, gone: bool) -> None:
    """Count one who was called; the latest weigh most."""
    share = whole.gone / whole.seen if whole.seen else 0.0
    whole.seen, share = weigh(whole.seen, share, 1.0 if gone else 0.0)
    whole.gone = share * whole.seen


def _learn(row: ServicePace, minutes: float, expected: Pace) -> None:
    new = learn(_measured(row), minutes, expected)
    row.weight, row.mean, row.spread = new.weight, new.mean, new.spread


async def _row(session: AsyncSession, ticket: QueueTicket, item_code: str) -> ServicePace:
    """The row of what is measured; the caller holds the hall, so nobody else makes it."""
    key = {"hall_code": ticket.hall_code, "group_code": ticket.group_code, "item_code": item_code}
    row = await session.scalar(select(ServicePace).filter_by(**key).execution_options(populate_existing=True))
    if row is None:
        row = ServicePace(
            **key,
            **dict.fromkeys(
                ("weight", "mean", "spread", "seen", "gone", "passes", "pass_minutes", "gaps", "gap_minutes"),
                0.0,
            ),
        )
        session.add(row)
        await session.flush()
    return row
