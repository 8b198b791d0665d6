"""When to answer at once, when to offer a choice, when to say there is nothing."""

from __future__ import annotations

import pytest

from nlu.search import Decision, Index
from nlu.search.index import MOST_CHOICES
from tests.nlu.search.catalogue import ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_an_items_own_name_is_answered_at_once(any_index: Index, row: dict[str, str]) -> None:
    decision = any_index.decide(row["name"])
    assert (decision.kind, decision.code) == ("answer", row["code"])


@pytest.mark.parametrize(
    "text",
    [
        "今天天气怎么样",
        "给我讲个笑话吧",
        "你是机器人吗",
        "红烧肉怎么做",
        "hello",
        "帮我点个外卖",
        "世界杯谁赢了",
    ],
)
def test_small_talk_is_about_nothing_here(any_index: Index, text: str) -> None:
    assert any_index.decide(text) == Decision("none", (), any_index.decide(text).confidence)


def test_what_leaves_several_items_open_is_a_menu_of_them(index: Index) -> None:
    decision = index.decide("食品经营许可证")
    assert decision.kind == "menu"
    assert decision.code is None
    assert 2 <= len(decision.hits) <= MOST_CHOICES
    assert all(hit.code.startswith("SC-") for hit in decision.hits)


def test_a_menu_is_as_short_as_asked_for(index: Index) -> None:
    assert len(index.decide("食品经营许可证", most=3).hits) == 3


def test_choices_differ_visibly() -> None:
    rows = [
        {"code": "1", "name": "律师执业变更审核", "department": "司法局"},
        {"code": "2", "name": "律师执业变更审核", "department": "司法局"},
        {"code": "3", "name": "律师执业变更(审核)", "department": "司法局"},
        {"code": "4", "name": "律师执业变更审核", "department": "市司法局"},
        {"code": "5", "name": "律师执业注销审核", "department": "司法局"},
    ]
    offered = {hit.code for hit in Index.build(rows).decide("律师的执业想变更").hits}
    assert {"1", "4"} <= offered
    assert not {"2", "3"} & offered


def test_the_item_asked_last_tips_a_tie(index: Index) -> None:
    for code in ("SC-3", "SC-5"):
        assert index.decide("食品经营许可证", context_code=code).hits[0].code == code


def test_the_item_asked_last_does_not_outweigh_what_is_said(any_index: Index) -> None:
    decision = any_index.decide("身份证丢了", context_code="SC-1")
    assert (decision.kind, decision.code) == ("answer", "GA-2")
    assert any_index.decide("身份证丢失补领", context_code="GA-1").code == "GA-2"


def test_an_unknown_item_asked_last_is_no_evidence(index: Index) -> None:
    assert index.decide("食品经营许可证", context_code="XX-9") == index.decide("食品经营许可证")


def test_confidence_grows_with_what_is_said(index: Index) -> None:
    vague, clear = index.decide("许可证"), index.decide("食品经营许可证延续")
    assert vague.confidence < clear.confidence <= 1
