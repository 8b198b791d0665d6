from __future__ import annotations

import pytest

from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import parse_centre

ITEMS = [
    {
        "code": "GA-1",
        "name": "居民身份证到期换领",
        "department": "公安局",
        "topics": ["户籍身份"],
        "related": ["GA-3", "X"],
    },
    {"code": "GA-2", "name": "居民身份证丢失补领", "department": "公安局", "topics": ["户籍身份", "补办"]},
    {"code": "GA-3", "name": "出生登记", "department": "公安局", "topics": ["户籍身份"]},
    {
        "code": "SB-1",
        "name": "居民身份证明",
        "department": "人社局",
        "offered_at": [{"hall": "main", "counter": "B 区 1 号窗口"}, {"hall": "gone"}, {"hall": "east"}],
    },
]
CENTRE = {
    "centres": [{"code": "anlan", "name": "安澜区"}],
    "halls": [
        {"code": "main", "centre": "anlan", "name": "主厅"},
        {"code": "east", "centre": "anlan", "name": "东门站"},
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区", "departments": ["公安局"]},
        {"hall": "main", "group": "B", "name": "B 区 1 号窗口", "departments": ["人社局"]},
        {"hall": "east", "group": "1", "name": "1 号窗口", "departments": ["公安局", "人社局"]},
    ],
    "topics": [{"name": "社会保险"}, {"name": "户籍身份"}],
    "life_events": [{"code": "birth", "name": "生孩子", "items": [{"code": "GA-3"}]}],
}
VIEW = CatalogueView.of([parse_item(row) for row in ITEMS], parse_centre(CENTRE), revision=7)


def test_items_centres_and_halls_are_found_by_code() -> None:
    found = VIEW.get("GA-1")
    assert found is not None
    assert found.name == "居民身份证到期换领"
    assert VIEW.get("nothing") is None
    assert VIEW.hall("main") is not None
    assert VIEW.centre("anlan") is not None
    assert VIEW.life_event("birth") is not None
    assert VIEW.life_event("nothing") is None


def test_siblings_are_the_related_first_then_like_names_of_the_department() -> None:
    assert [item.code for item in VIEW.siblings("GA-1")] == ["GA-3", "GA-2"]
    assert [item.code for item in VIEW.siblings("GA-1", limit=1)] == ["GA-3"]
    with pytest.raises(KeyError):
        VIEW.siblings("nothing")


def test_departments_and_topics_to_browse_by() -> None:
    assert [(name, len(items)) for name, items in VIEW.by_department().items()] == [
        ("公安局", 3),
        ("人社局", 1),
    ]
    assert list(VIEW.by_topic()) == ["户籍身份", "补办"]


def test_an_item_is_offered_where_it_says() -> None:
    places = VIEW.offered_at("SB-1")
    assert [(place.hall.code, place.counter) for place in places] == [("main", "B 区 1 号窗口"), ("east", "")]
    groups = [place.group.group for place in places if place.group is not None]
    assert groups == ["B", "1"]


def test_an_item_that_says_nothing_is_offered_by_its_departments_counters() -> None:
    assert [(place.hall.code, place.counter) for place in VIEW.offered_at("GA-1")] == [
        ("main", "A 区"),
        ("east", "1 号窗口"),
    ]


def test_a_view_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        VIEW.items["x"] = VIEW.items["GA-1"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        VIEW.revision = 1  # type: ignore[misc]
