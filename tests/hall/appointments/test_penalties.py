from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hall.appointments.penalties import CLEAR, NoShow, Standing, standing, worse
from hall.appointments.rules import BookingRules

RULES = BookingRules()
START = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)


def days(number: float) -> datetime:
    return START + timedelta(days=number)


def after(missed: list[float], now: float, *, lifted: float | None = None) -> Standing:
    return standing(
        [NoShow(days(day)) for day in missed],
        lifted=None if lifted is None else days(lifted),
        rules=RULES,
        now=days(now),
    )


def test_nothing_missed_is_clear() -> None:
    assert after([], 0) == CLEAR
    assert CLEAR.clear


def test_one_no_show_suspends_for_seven_days() -> None:
    assert after([0], 6.99) == Standing("suspended", days(7), (days(0),))
    assert after([0], 7).clear


def test_a_second_no_show_counts_from_its_own_day() -> None:
    assert after([0, 10], 16).until == days(17)
    assert after([0, 10], 17).clear


def test_third_no_show_in_30_days_blacklists() -> None:
    found = after([0, 10, 30], 400)
    assert found == Standing("blacklisted", None, (days(0), days(10), days(30)))


def test_third_no_show_after_30_days_does_not() -> None:
    assert after([0, 10, 30.01], 31).kind == "suspended"
    assert after([0, 10, 30.01], 38).clear


def test_an_older_no_show_does_not_hide_the_three() -> None:
    assert after([0, 40, 50, 60], 61).kind == "blacklisted"


def test_a_lift_clears_what_was_before_it_and_no_more() -> None:
    assert after([0, 10, 20], 21, lifted=20.5).clear
    assert after([0, 10, 20, 25], 26, lifted=20.5) == Standing("suspended", days(32), (days(25),))
    assert after([0, 10, 20], 21, lifted=15).kind == "suspended"


def test_a_failed_reminder_excuses() -> None:
    missed = [NoShow(days(0)), NoShow(days(1), excused=True), NoShow(days(2))]
    found = standing(missed, lifted=None, rules=RULES, now=days(3))
    assert found == Standing("suspended", days(9), (days(2),))


def test_the_graver_standing_holds() -> None:
    week, fortnight = Standing("suspended", days(7)), Standing("suspended", days(14))
    black = Standing("blacklisted")
    assert worse(week, fortnight) == worse(fortnight, week) == fortnight
    assert worse(black, fortnight) == worse(fortnight, black) == black
    assert worse(CLEAR, week) == worse(week, CLEAR) == week


MISSED = st.lists(st.floats(0, 120), max_size=8)


@given(MISSED, st.floats(0, 200), st.floats(0, 120))
def test_missing_more_is_never_better(missed: list[float], now: float, more: float) -> None:
    one, other = after(missed, now), after([*missed, more], now)
    assert worse(one, other) == other or more > now or one.kind == other.kind


@given(MISSED, st.floats(120, 400))
def test_a_lift_of_everything_clears(missed: list[float], now: float) -> None:
    assert after(missed, now, lifted=120).clear


@given(MISSED, st.floats(0, 200))
def test_blacklisted_only_with_three_within_30_days(missed: list[float], now: float) -> None:
    found = after(missed, now)
    near = any(sum(first <= other <= first + 30 for other in missed) >= 3 for first in missed)
    assert (found.kind == "blacklisted") == near
    assert len(found.counted) == {"clear": 0, "suspended": 1, "blacklisted": 3}[found.kind]


@given(MISSED, st.floats(0, 200), st.randoms())
def test_the_order_in_which_they_are_stored_is_nothing(
    missed: list[float], now: float, chance: object
) -> None:
    mixed = list(missed)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert after(missed, now) == after(mixed, now)
