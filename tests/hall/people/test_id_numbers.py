from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.people.id_numbers import IdNumberWrong, check_character, parse

TODAY = date(2026, 12, 1)


def number(first: str) -> str:
    return first + check_character(first)


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        ("34010419900307851", "citizen"),
        ("51020219700214002", "citizen"),  # Chongqing when it belonged to Sichuan
        ("44052419800101001", "citizen"),  # a county that is no more
        ("81000019880808123", "residence_permit"),
        ("83000019991231004", "residence_permit"),
        ("93184019790605006", "permanent_residence"),
    ],
)
def test_numbers_of_all_kinds_are_accepted(first: str, kind: str) -> None:
    found = parse(number(first), today=TODAY)
    assert (found.number, found.kind) == (number(first), kind)


def test_published_example_of_the_standard() -> None:
    # GB 11643-1999, appendix: 11010519491231002X
    found = parse("11010519491231002X", today=TODAY)
    assert (found.born, found.male) == (date(1949, 12, 31), False)


@pytest.mark.parametrize("written", [" 110105 19491231 002x ", "11010519491231002X", "110105-19491231-002×"])
def test_the_ways_people_write_it(written: str) -> None:
    assert parse(written, today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        ("110105491231002", "old"),
        ("1101051949123100", "length"),
        ("11010519491231002XX", "length"),
        ("11010519491231A02X", "characters"),
        ("X1010519491231002X", "characters"),
        ("110105194912310021", "checksum"),
        (number("11010519490231002"), "birth"),
        (number("11010520261202002"), "future"),
        (number("11010518491231002"), "too_old"),
        (number("00010519491231002"), "place"),
        (number("99010519491231002"), "place"),
        (number("81000119880808123"), "place"),
    ],
)
def test_what_is_wrong_is_said(written: str, reason: str) -> None:
    with pytest.raises(IdNumberWrong) as wrong:
        parse(written, today=TODAY)
    assert wrong.value.reason == reason
    assert not written or written not in str(wrong.value)


def test_born_today_is_no_future() -> None:
    assert parse(number("34010420261201001"), today=TODAY).born == TODAY


@given(
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
    st.integers(0, 17),
    st.sampled_from("0123456789X"),
)
def test_one_wrong_character_is_always_noticed(born: date, order: int, place: int, other: str) -> None:
    right = number(f"340104{born:%Y%m%d}{order:03}")
    assert parse(right, today=TODAY).born == born
    wrong = right[:place] + other + right[place + 1 :]
    if wrong != right:
        with pytest.raises(IdNumberWrong):
            parse(wrong, today=TODAY)


@given(st.dates(TODAY + timedelta(days=1), date(2100, 1, 1)))
def test_nobody_is_born_tomorrow(born: date) -> None:
    with pytest.raises(IdNumberWrong):
        parse(number(f"340104{born:%Y%m%d}001"), today=TODAY)


@given(st.text(max_size=40))
def test_whatever_is_written_is_answered(written: str) -> None:
    with pytest.raises(IdNumberWrong):
        parse(written, today=TODAY)
