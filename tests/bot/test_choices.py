from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choices import Choice, ChoiceSet, NotOffered, read, tapped

OFFERED = ChoiceSet("a1", (Choice("材料明细", "/ask_materials"), Choice("流程", "/ask_process")))
EARLIER = ChoiceSet("a0", (Choice("护照", '/ask_guide{"item": "GA-0201"}'),))


@pytest.mark.parametrize(
    "text", ["2", "2.", "2、", "选2", "回复2", "第二个", "第2项", "我选2", "流程", "就2吧", "二"]
)
def test_a_number_or_the_title_picks_the_choice(text: str) -> None:
    assert read(text, [OFFERED]) == OFFERED.choices[1]


@pytest.mark.parametrize(
    "text", ["2个人", "2号", "3号上午", "12345678901", "2号窗口在哪", "要两份复印件吗", "第二次来了"]
)
def test_a_number_inside_a_sentence_is_left_to_the_understanding(text: str) -> None:
    assert read(text, [OFFERED]) is None


def test_a_number_that_was_not_offered_is_told_apart_from_no_number() -> None:
    assert read("7", [OFFERED]) == NotOffered(7, OFFERED)
    assert read("0", [OFFERED]) == NotOffered(0, OFFERED)


def test_a_number_is_read_against_the_last_choices_only() -> None:
    assert read("1", [EARLIER, OFFERED]) == OFFERED.choices[0]


def test_without_choices_a_number_is_nothing_special() -> None:
    assert read("1", []) is None


def test_a_tap_works_on_an_earlier_list_too() -> None:
    assert tapped("a0.1", [EARLIER, OFFERED]) == EARLIER.choices[0]


@pytest.mark.parametrize("menu_id", ["", "a1", "a1.", "a1.0", "a1.3", "a1.-1", "a1.²", "zz.1", "a1.1.1"])
def test_a_tap_that_was_never_offered_is_nothing(menu_id: str) -> None:
    assert tapped(menu_id, [EARLIER, OFFERED]) is None


def test_choices_survive_the_row() -> None:
    assert ChoiceSet.from_json(OFFERED.to_json()) == OFFERED


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    read(text, [OFFERED])
    tapped(text, [OFFERED])
