from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hall.queue.order import Place, in_line, may_call, next_for
from hall.queue.way_back import may_come_back, place_back

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def place(number: int, arrived: float | None = None, **more: object) -> Place:
    when = minute(number if arrived is None else arrived)
    return Place(number, "A", when, when, **more)  # type: ignore[arg-type]


def ids(places: list[Place]) -> list[int]:
    return [found.id for found in places]


def test_appointments_come_first_by_their_time_then_everybody_by_arrival() -> None:
    line = in_line(
        [place(1), place(2), place(3, appointed=minute(60)), place(4, appointed=minute(30)), place(5)]
    )
    assert ids(line) == [4, 3, 1, 2, 5]


def test_who_comes_back_from_a_form_is_before_appointments() -> None:
    line = in_line([place(1), place(2, appointed=minute(5)), place(3, comes_back=True, only_window=7)])
    assert ids(line) == [3, 2, 1]


def test_a_ticket_for_one_window_is_called_by_no_other_while_that_is_there() -> None:
    alone = place(1, only_window=7)
    line = [alone, place(2)]
    assert next_for(line, 7, {"A"}, {7, 8}) == alone
    assert next_for(line, 8, {"A"}, {7, 8}) == line[1]
    assert next_for(line, 8, {"A"}, {8}) == alone
    # That window calls it though it serves another group.
    assert may_call(alone, 7, {"B"}, {7})


def test_a_window_calls_its_groups_only() -> None:
    assert next_for([place(1)], 7, {"B"}, {7}) is None


def test_back_after_being_passed_over_is_behind_the_next_three() -> None:
    line = [place(number) for number in range(1, 6)]
    back = Place(9, "A", place_back(line, 3, minute(30)), minute(30))
    assert ids(in_line([*line, back])) == [1, 2, 3, 9, 4, 5]
    second = Place(10, "A", place_back(in_line([*line, back]), 3, minute(31)), minute(31))
    assert ids(in_line([*line, back, second])) == [1, 2, 3, 9, 10, 4, 5]


def test_with_few_waiting_the_way_back_is_to_the_end_but_before_who_comes_later() -> None:
    line = [place(1), place(2)]
    back = Place(9, "A", place_back(line, 3, minute(30)), minute(30))
    assert ids(in_line([*line, back, place(40)])) == [1, 2, 9, 40]
    assert place_back([], 3, minute(30)) == minute(30)


def test_appointments_count_among_the_next() -> None:
    line = in_line([place(1), place(2), place(3, appointed=minute(50)), place(4, appointed=minute(55))])
    back = Place(9, "A", place_back(line, 2, minute(30)), minute(30))
    assert ids(in_line([*line, back])) == [3, 4, 9, 1, 2]


def test_one_way_back() -> None:
    assert may_come_back(1, 1)
    assert not may_come_back(2, 1)


PLACES = st.lists(
    st.builds(
        lambda arrived, appointed, back: (arrived, appointed, back),
        st.integers(0, 100),
        st.none() | st.integers(0, 100),
        st.booleans(),
    ),
    max_size=12,
)


def made(drawn: list[tuple[int, int | None, bool]]) -> list[Place]:
    return in_line(
        place(
            number,
            arrived,
            appointed=None if appointed is None else minute(appointed),
            comes_back=back and number % 3 == 0,
        )
        for number, (arrived, appointed, back) in enumerate(drawn)
    )


@given(PLACES, st.integers(0, 5))
def test_the_way_back_moves_nobody_else_and_is_never_before_the_next_few(
    drawn: list[tuple[int, int | None, bool]], behind: int
) -> None:
    line = made(drawn)
    back = Place(99, "A", place_back(line, behind, minute(200)), minute(200))
    after = in_line([*line, back])
    assert [found for found in after if found.id != 99] == line
    position = ids(after).index(99)
    assert position >= min(behind, len(line))
    # Only those who are called before in any case, or came at the very same moment, may be between.
    between = after[min(behind, len(line)) : position]
    assert all(
        found.appointed is not None or found.comes_back or found.place <= back.place for found in between
    )


@given(PLACES)
def test_whoever_is_called_next_leaves_nobody_before_them_behind(
    drawn: list[tuple[int, int | None, bool]],
) -> None:
    line = made(drawn)
    called = []
    left = list(line)
    while (found := next_for(left, 1, {"A"}, {1})) is not None:
        called.append(found)
        left.remove(found)
    assert called == line
