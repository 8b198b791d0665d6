"""Catalogues of any size, and how they change."""

from __future__ import annotations

import pytest

from nlu.search import BadEntryError, Index
from nlu.search.entries import Entry
from nlu.search.training import ENOUGH_ITEMS, ENOUGH_QUESTIONS
from tests.nlu.search.catalogue import ALIASES, ROWS


def test_an_empty_catalogue_has_nothing() -> None:
    index = Index.build([])
    assert len(index) == 0
    assert index.search("身份证") == []
    assert index.decide("身份证").kind == "none"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_few_items_are_enough_to_search(count: int) -> None:
    index = Index.build(ROWS[:count])
    assert index.search("居民身份证到期换领", 9)[0].code == "GA-1"
    assert index.decide("居民身份证到期换领").code == "GA-1"
    assert index.decide("给我讲个笑话").kind == "none"


def test_only_code_and_name_are_required() -> None:
    index = Index.build(
        [{"code": "a", "name": "养犬登记"}, {"code": "b", "name": "护照申领", "aliases": None}]
    )
    assert index.search("护照", 1)[0].code == "b"


@pytest.mark.parametrize("row", [{"code": "a"}, {"name": "护照"}, {"code": " ", "name": "护照"}, {}])
def test_an_entry_without_code_or_name_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(BadEntryError):
        Index.build([row])


def test_a_code_that_stands_twice_is_refused_and_named() -> None:
    with pytest.raises(BadEntryError, match="GA-1"):
        Index.build([ROWS[0], {"code": "GA-1", "name": "另一件事"}])


def test_a_name_of_signs_alone_does_no_harm() -> None:
    index = Index.build([{"code": "a", "name": "——"}, {"code": "b", "name": "护照申领"}])
    assert index.search("护照申领", 5)[0].code == "b"


def test_an_alias_added_works_at_once_and_leaves_the_old_index_as_it_was(index: Index) -> None:
    text = "小蓝本到日子咯"
    assert index.decide(text).code != "GA-6"
    taught = index.with_aliases("GA-6", [text])
    assert taught.decide(text).code == "GA-6"
    assert taught.learned is index.learned
    assert index.decide(text).code != "GA-6"


def test_an_alias_for_an_unknown_item_is_an_error(index: Index) -> None:
    with pytest.raises(KeyError):
        index.with_aliases("XX-9", ["什么"])


def test_it_learns_only_from_enough_aliases(index: Index, untrained: Index) -> None:
    assert ALIASES >= ENOUGH_QUESTIONS
    assert len(ROWS) >= ENOUGH_ITEMS
    assert index.learned.questions > 0
    assert untrained.learned.questions == 0
    assert Index.build(ROWS[: ENOUGH_ITEMS - 1]).learned.questions == 0


def test_what_was_learned_serves_a_changed_catalogue(index: Index) -> None:
    rows = [*ROWS[3:], {"code": "NEW-1", "name": "无人机登记", "aliases": ["航拍器备案"]}]
    changed = Index.build(rows, learned=index.learned)
    assert changed.learned is index.learned
    assert changed.search("航拍器", 1)[0].code == "NEW-1"
    assert changed.search("社保卡丢了", 1)[0].code == "RS-1"


def test_learning_twice_gives_the_same(index: Index) -> None:
    again = Index.build(ROWS)
    texts = ["身份证", "饭店不开了食品证怎么办", "公积金", "娃儿要上户"]
    assert [again.search(text, 5) for text in texts] == [index.search(text, 5) for text in texts]
    assert again.learned.confidence == index.learned.confidence


def test_an_item_without_aliases_among_others_with_them_is_found_by_its_name() -> None:
    rows = [{**row, "aliases": []} if row["code"] in ("SC-4", "GA-2") else row for row in ROWS]
    index = Index.build(rows)
    assert index.search("食品经营许可证注销", 1)[0].code == "SC-4"
    assert index.search("补领丢失的身份证", 1)[0].code == "GA-2"


def test_entries_are_read_leniently() -> None:
    entry = Entry.of(
        {
            "code": 7,
            "name": " 护照 ",
            "aliases": "出国本",
            "materials": [{"name": "照片"}, {"x": 1}, "身份证"],
            "circumstances": [{"choices": [{"label": "丢失", "aliases": ["被偷"]}, "x"]}, 3],
            "conditions": "年满十六周岁",
        }
    )
    assert (entry.code, entry.name, entry.aliases) == ("7", "护照", ("出国本",))
    assert entry.materials == ("照片", "身份证")
    assert entry.details.split() == ["丢失", "被偷", "年满十六周岁"]
    assert Entry.of(entry.as_row()) == entry
