from __future__ import annotations

import pytest

from bot.h5.finding import find
from bot.h5.listing import PAGE_ROWS, listed, row
from hall.catalogue.schema import parse_item
from tests.bot.h5.centre import Shelf, small_view

MANY = [
    parse_item({"code": f"N-{n}", "name": f"事项 {n}", "topics": ["甲" if n % 2 else "乙"]})
    for n in range(PAGE_ROWS * 2 + 1)
]


def test_a_row_tells_department_limit_and_fee_where_known() -> None:
    view = small_view()
    assert row(view.items["GA-1"]).about == "公安局 · 20 个工作日 · 工本费 20 元/证"
    assert row(view.items["GA-2"]).about == "公安局"
    assert row(view.items["SC-1"], "先办执照", department=False).about == "当场办完 · 不收费"
    assert row(view.items["SC-1"], "先办执照").note == "先办执照"


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 3),
        ("99", 3),
        ("0", 1),
        ("-1", 1),
        ("x", 1),
        ("", 1),
        ("²", 1),
        ("9" * 5000, 1),
    ],
)
def test_any_page_number_gives_a_page(page: str, number: int) -> None:
    found = listed(MANY, page)
    assert (found.number, found.pages, found.total) == (number, 3, len(MANY))
    assert 0 < sum(len(section.rows) for section in found.sections) <= PAGE_ROWS
    assert found.earlier == number - 1
    assert found.later == (number + 1 if number < 3 else 0)


def test_pages_together_hold_every_item_once() -> None:
    rows = [
        r.name for n in "123" for section in listed(MANY, n, by_topic=True).sections for r in section.rows
    ]
    assert sorted(rows) == sorted(item.name for item in MANY)


def test_a_department_of_one_topic_is_not_divided() -> None:
    assert [section.heading for section in listed(MANY[:10], "1", by_topic=True).sections] == ["乙", "甲"]
    assert [section.heading for section in listed(MANY[1:2], "1", by_topic=True).sections] == [""]


def test_search_names_life_events_and_topics_beside_the_items() -> None:
    shelf = Shelf.of(small_view())
    found = find(shelf.view, shelf.index, "想开饭店要办執照")
    assert [event.code for event in found.events] == ["restaurant"]
    assert "SC-1" in [item.code for item in found.items]
    assert find(shelf.view, shelf.index, "户口的事").topics == ("户籍身份",)
    # a life event without steps, and a topic without items, lead nowhere
    assert find(shelf.view, shelf.index, "搬家").events == ()


@pytest.mark.parametrize(
    "typed", ["", "   ", "\u200b\u0000", "？？？", "😀😀", "x" * 5000, "<>&", "' OR 1=1 --", "{{7*7}}"]
)
def test_search_takes_anything(typed: str) -> None:
    shelf = Shelf.of(small_view())
    found = find(shelf.view, shelf.index, typed)
    assert len(found.text) <= 100
    assert found.items == ()
    assert found.cut is (len(typed) > 100)


def test_an_index_older_than_the_view_does_no_harm() -> None:
    shelf = Shelf.of(small_view())
    fewer = type(shelf.view).of([shelf.view.items["SC-1"]])
    assert find(fewer, shelf.index, "身份证丢了").items == ()
