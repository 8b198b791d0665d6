"""Which item is found first."""

from __future__ import annotations

import pytest

from nlu.search import Hit, Index
from tests.nlu.search.catalogue import ROWS


def first(index: Index, text: str) -> str:
    return index.search(text, 1)[0].code


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_an_item_is_found_by_its_name_and_by_each_alias(any_index: Index, row: dict[str, object]) -> None:
    aliases = row["aliases"]
    assert isinstance(aliases, list)
    for text in (row["name"], *aliases):
        assert first(any_index, str(text)) == row["code"], text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("想新办食品经营许可证", "SC-1"),
        ("食品经营许可证上的负责人要改一下", "SC-2"),
        ("食品经营许可证要到期了怎么延期", "SC-3"),
        ("不想干了,食品经营许可证怎么取消", "SC-4"),
        ("食品经营许可证被偷了", "SC-5"),
        ("卖包装好的零食要不要报备", "SC-6"),
    ],
)
def test_siblings_are_told_apart_by_what_is_to_be_done(any_index: Index, text: str, code: str) -> None:
    assert first(any_index, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("身份證過期了", "GA-1"),
        ("駕駛證遺失補辦", "GA-7"),
        ("租房提取公積金", "GJ-1"),
        ("ＳＨＥＮ　身　份　证　丢　了！！！", "GA-2"),
        ("身\u200b份\u200b证\u200b丢\u200b了", "GA-2"),
    ],
)
def test_traditional_full_width_and_invisible_characters_make_no_difference(
    any_index: Index, text: str, code: str
) -> None:
    assert first(any_index, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("您好,请问一下我想咨询身份证丢了要带什么材料呢", "GA-2"),
        ("麻烦问下驾照到期换证在哪里办理,多久能办好?", "GA-6"),
        ("那个,我妈退休了,退休金怎么去领啊,周末上班吗", "RS-2"),
    ],
)
def test_the_frame_of_a_question_makes_no_difference(any_index: Index, text: str, code: str) -> None:
    assert first(any_index, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("身分正丢了", "GA-2"), ("铺办社保卡", "RS-1"), ("公鸡金付房租", "GJ-1"), ("嫁照到期", "GA-6")],
)
def test_characters_typed_by_their_sound_are_understood(any_index: Index, text: str, code: str) -> None:
    assert first(any_index, text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("身份丢证了", "GA-2"), ("驾照到换证期", "GA-6"), ("养老金申", "RS-2"), ("社保卡卡丢", "RS-1")],
)
def test_slips_of_order_and_missing_characters_are_borne(any_index: Index, text: str, code: str) -> None:
    assert first(any_index, text) == code


def test_the_department_alone_brings_its_items(untrained: Index) -> None:
    found = [hit.code for hit in untrained.search("公积金中心", 2)]
    assert sorted(found) == ["GJ-1", "GJ-2"]


def test_an_unusual_word_in_the_materials_speaks_for_an_item() -> None:
    rows = [
        {"code": "a", "name": "护照申领", "materials": [{"name": "居民身份证"}]},
        {"code": "b", "name": "护照补领", "materials": [{"name": "居民身份证"}, {"name": "遗失声明"}]},
    ]
    assert first(Index.build(rows), "护照遗失声明") == "b"


def test_scores_are_probabilities_in_order(any_index: Index) -> None:
    hits = any_index.search("食品经营许可证", 17)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1, abs=1e-3)
    assert len({hit.code for hit in hits}) == len(hits)


def test_no_more_than_asked_for(any_index: Index) -> None:
    assert len(any_index.search("许可证", 3)) == 3
    assert any_index.search("许可证", 0) == []
    assert len(any_index.search("许可证", 1000)) == len(ROWS)


@pytest.mark.parametrize(
    "text", ["", "   ", "???", "\U0001f600", "zzz qqq", "\ud800", "\x00\x01", "ಠ_ಠ", "\n"]
)
def test_a_text_without_a_known_word_finds_nothing(any_index: Index, text: str) -> None:
    assert any_index.search(text, 5) == []
    assert any_index.decide(text).kind == "none"


def test_the_same_question_gives_the_same_hits(index: Index) -> None:
    assert index.search("身份证", 5) == index.search("身份证", 5)
    assert isinstance(index.search("身份证", 1)[0], Hit)
