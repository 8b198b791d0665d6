from __future__ import annotations

import itertools
import math
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.queue.pace import Measured, Pace, leaning, learn, pace_of, usual, weigh
from hall.queue.waiting import Coming, Desk, Estimate, Visit, estimates

TEN = usual(10, 0.5)
SURE = Pace(TEN.centre, TEN.spread, 0.0)
A = frozenset({"A"})


def desks(number: int, **more: object) -> list[Desk]:
    return [Desk(count, A, **more) for count in range(number)]  # type: ignore[arg-type]


def line(number: int, **more: object) -> list[Visit]:
    return [Visit("A", SURE, **more) for _ in range(number)]  # type: ignore[arg-type]


def sure(found: list[Estimate | None]) -> list[Estimate]:
    assert all(one is not None for one in found)
    return [one for one in found if one is not None]


def played(people: int, windows: int, chance: Random) -> float:
    """How long the last of so many waits, all windows being free now; one playing."""
    free = [0.0] * windows
    begins = 0.0
    for _ in range(people):
        which = free.index(min(free))
        begins = free[which]
        free[which] = begins + math.exp(chance.gauss(SURE.centre, SURE.spread))
    return begins


@pytest.mark.parametrize(("people", "windows"), [(4, 1), (12, 3), (60, 3), (100, 4)])
def test_the_range_is_that_of_the_line_played_out(people: int, windows: int) -> None:
    chance = Random(5)
    truth = sorted(played(people, windows, chance) for _ in range(2000))
    found = sure(estimates(line(people), desks(windows)))[-1]
    assert found.middle == pytest.approx(median(truth), rel=0.12)
    assert found.low == pytest.approx(truth[200], rel=0.2)
    assert found.high == pytest.approx(truth[1800], rel=0.2)


def test_a_free_window_is_no_wait_and_no_window_no_estimate() -> None:
    (first,) = sure(estimates(line(1), desks(2)))
    assert first.high == 0
    assert estimates(line(2), []) == [None, None]
    assert estimates([Visit("B", SURE)], desks(2)) == [None]


def test_who_has_been_at_the_window_for_long_is_done_sooner() -> None:
    waits = [
        sure(estimates(line(1), desks(1, busy=Visit("A", SURE), minutes=minutes)))[0].middle
        for minutes in (0.0, 8.0)
    ]
    assert waits[0] == pytest.approx(math.exp(SURE.centre), rel=0.15)
    assert 1 < waits[1] < waits[0]


def test_nothing_begins_over_lunch() -> None:
    lunch = {"A": ((20.0, 110.0),)}
    found = sure(estimates(line(100), desks(2), closed=lunch))
    for estimate in found:
        assert not 20 < estimate.low < 109.9
        assert not 20 < estimate.high < 109.9
    free = sure(estimates(line(100), desks(2)))
    assert found[30].middle == pytest.approx(free[30].middle + 90, rel=0.1)
    assert found[99].middle == pytest.approx(free[99].middle + 90, rel=0.1)


def test_before_the_counters_open_everybody_waits_for_that() -> None:
    found = sure(estimates(line(2), desks(2), closed={"A": ((0.0, 15.0),)}))
    for estimate in found:
        assert 15 <= estimate.low <= estimate.high < 18


def test_appointments_to_come_go_before() -> None:
    coming = [Coming(12.0, 1.0, Visit("A", SURE), spread=1.0) for _ in range(3)]
    without = sure(estimates(line(80), desks(1)))
    found = sure(estimates(line(80), desks(1), coming=coming))
    assert found[0] == without[0]
    for number in (10, 79):
        assert found[number].middle == pytest.approx(without[number].middle + 30, rel=0.15)


def test_who_is_gone_costs_little() -> None:
    everybody = sure(estimates(line(30), desks(2)))[-1]
    fewer = sure(estimates(line(30, gone=0.3, pass_minutes=1.0), desks(2)))[-1]
    assert fewer.middle == pytest.approx(everybody.middle * 0.73, rel=0.1)


def test_a_paused_window_is_expected_back() -> None:
    alone = sure(estimates(line(10), desks(1)))[-1]
    both = sure(estimates(line(10), [*desks(1), Desk(9, A, back=12.0)]))[-1]
    assert both.middle < alone.middle
    (first,) = sure(estimates(line(1), [Desk(9, A, back=12.0)]))
    assert first.low > 0


def test_one_that_serves_two_groups_takes_whoever_is_next_in_line() -> None:
    shared = [Desk(1, A), Desk(2, frozenset({"A", "B"}))]
    found = sure(estimates([*line(6), Visit("B", SURE)], shared))
    alone = sure(estimates(line(7), desks(2)))
    # Six are before the one for B, who may only go to the second window.
    assert found[-1].middle >= alone[-1].middle


def test_a_ghost_takes_nobodys_place() -> None:
    ghost = Visit("A", SURE, ghost=True)
    found = sure(estimates([*line(3), ghost, *line(1)], desks(1)))
    assert found[3].middle == pytest.approx(found[4].middle, rel=0.05)


def test_the_same_again_gives_the_same() -> None:
    assert estimates(line(90), desks(3)) == estimates(line(90), desks(3))


@settings(max_examples=30)
@given(
    st.integers(1, 90),
    st.integers(1, 4),
    st.lists(st.tuples(st.floats(0, 60), st.floats(0, 1)), max_size=4),
    st.floats(0, 100),
)
def test_estimates_are_ranges_and_grow_along_the_line(
    people: int, windows: int, expected: list[tuple[float, float]], lunch: float
) -> None:
    coming = [Coming(minutes, chance, Visit("A", SURE)) for minutes, chance in expected]
    found = sure(estimates(line(people), desks(windows), coming=coming, closed={"A": ((lunch, lunch + 60),)}))
    assert all(0 <= one.low <= one.middle <= one.high < math.inf for one in found)
    middles = [one.middle for one in found]
    assert all(later >= earlier - 3 for earlier, later in itertools.pairwise(middles))


def test_the_pace_moves_from_the_prior_to_what_is_measured() -> None:
    chance, measured, prior = Random(3), Measured(), usual(12, 0.6)
    assert prior.minutes == pytest.approx(12)
    doubts = [prior.doubt]
    for _ in range(60):
        measured = learn(measured, math.exp(chance.gauss(math.log(5), 0.4)), pace_of(prior, measured))
        doubts.append(pace_of(prior, measured).doubt)
    pace = pace_of(prior, measured)
    assert math.exp(pace.centre) == pytest.approx(5, rel=0.2)
    assert pace.spread == pytest.approx(0.4, rel=0.35)
    assert doubts[-1] < doubts[0] / 3


def test_a_window_that_forgot_to_press_spoils_little() -> None:
    prior = usual(10, 0.5)
    measured = Measured()
    for _ in range(10):
        measured = learn(measured, 9.0, pace_of(prior, measured))
    before = pace_of(prior, measured)
    after = pace_of(prior, learn(measured, 170.0, before))
    assert after.minutes < before.minutes * 1.3


def test_of_late_weighs_most() -> None:
    prior, measured = usual(10, 0.5), Measured()
    for minutes in [4.0] * 150 + [12.0] * 150:
        measured = learn(measured, minutes, pace_of(prior, measured))
    assert math.exp(pace_of(prior, measured).centre) == pytest.approx(11, rel=0.1)


def test_a_share_leans_on_its_prior_and_then_on_what_was_seen() -> None:
    assert leaning(0, 0, 0.1) == 0.1
    weight, mean = 0.0, 0.0
    for _ in range(100):
        weight, mean = weigh(weight, mean, 1.0)
    assert leaning(weight, mean, 0.1) > 0.9
