from __future__ import annotations

from typing import Any

from hall.catalogue.check import Finding, check
from hall.catalogue.schema import Item, parse_item

FULL: dict[str, Any] = {
    "code": "GA-0101",
    "name": "居民身份证到期换领",
    "aliases": ["身份证到期了怎么换", "换新身份证", "身份证过期了", "身份证快到期"],
    "department": "公安局",
    "topics": ["户籍身份"],
    "kind": "承诺件",
    "legal_limit": 60,
    "promised_limit": 20,
    "conditions": "证件到期",
    "process": {"counter": "1. 取号"},
    "fees": [{"name": "工本费", "standard": "20 元/证"}],
    "place": "一楼",
    "phone": "0000-1",
    "materials": [{"name": "户口簿", "standard": "原件"}],
}


def item(**fields: Any) -> Item:
    return parse_item({**FULL, **fields})


def found(*items: Item, kind: str = "") -> list[str]:
    return [finding.message for finding in check(items) if kind in ("", finding.kind)]


def test_a_full_item_passes() -> None:
    assert check([item()]) == []


def test_a_bare_item_is_thin_in_every_way() -> None:
    messages = found(parse_item({"code": "A", "name": "甲"}))
    for missing in ("别名只有 0 个", "材料", "办结时限", "收费", "在哪里办", "实施主体", "受理条件", "电话"):
        assert any(missing in message for message in messages), missing


def test_said_to_need_nothing_is_not_thin() -> None:
    assert found(item(materials=[], fees=[]), kind="thin") == []


def test_a_promise_longer_than_the_law() -> None:
    assert found(item(promised_limit=61)) == ["承诺时限 61 工作日长于法定时限 60 工作日"]
    assert found(item(promised_limit=60)) == []
    assert found(item(legal_limit=30, legal_limit_unit="自然日", promised_limit=22)) == []
    assert found(item(legal_limit=30, legal_limit_unit="自然日", promised_limit=40)) != []


def test_a_variants_promise_longer_than_the_law() -> None:
    varied = item(
        circumstances=[
            {"id": "a", "question": "?", "choices": [{"id": "1", "label": "一"}, {"id": "2", "label": "二"}]}
        ],
        variants=[{"when": {"a": ["1"]}, "promised_limit": 90}],
    )
    assert found(varied) == ["情形差异第 1 项:承诺时限 90 工作日长于法定时限 60 工作日"]


def test_conditions_on_what_is_not_defined() -> None:
    broken = item(
        circumstances=[
            {"id": "a", "question": "?", "choices": [{"id": "1", "label": "一"}, {"id": "2", "label": "二"}]}
        ],
        materials=[{"name": "表", "note": "x", "when": {"a": ["3"], "b": ["1"]}}],
        variants=[{"when": {"a": ["9"]}, "note": "x"}],
    )
    assert found(broken) == [
        "材料“表”用到的选项“a=3”没有定义",
        "材料“表”用到的情形“b”没有定义",
        "情形差异第 1 项用到的选项“a=9”没有定义",
    ]


def test_circumstances_that_ask_for_nothing_or_twice() -> None:
    question = {
        "id": "a",
        "question": "?",
        "choices": [{"id": "1", "label": "一"}, {"id": "1", "label": "二"}],
    }
    messages = found(item(circumstances=[question, question]))
    assert "情形“a”写了两次" in messages
    assert "情形“a”里有重复的选项" in messages
    assert "情形“a”问了,但没有材料、时限或收费随它变化" in messages


def test_a_paper_material_with_no_sheet() -> None:
    paper = {"name": "照片", "standard": "x", "form": "纸质", "originals": 0, "copies": 0}
    assert found(item(materials=[paper])) == ["材料“照片”(第 1 项)是纸质,原件和复印件却都是 0 份"]
    assert found(item(materials=[{**paper, "copies": 1}])) == []


def test_fees_that_deny_themselves() -> None:
    both = [{"name": "工本费", "standard": "不收费"}, {"name": "加急费", "standard": "40 元"}]
    assert found(item(fees=both)) == ["收费里既有“不收费”又有金额"]
    waived = [{"name": "工本费", "standard": "20 元/证,低保户免收"}]
    assert found(item(fees=waived)) == []


def test_relations_to_nobody_and_to_oneself() -> None:
    assert found(item(related=["GA-0101", "GA-9999"])) == ["相关事项写了自己", "相关事项 GA-9999 不在目录里"]


def test_an_alias_that_is_another_items_name() -> None:
    other = item(code="GA-0102", name="换新身份证", aliases=["甲一二三", "乙一二三", "丙一二三", "丁一二三"])
    assert check([item(), other]) == [
        Finding("GA-0102", "alike", "与 GA-0101(居民身份证到期换领)都叫“换新身份证”")
    ]


def test_ways_of_saying_that_differ_by_a_sound() -> None:
    other = item(
        code="GA-0102",
        name="临时居民身份证申领",
        aliases=["我的身份证到期了该怎么去换一张新的呢", "乙一二三", "丙一二三", "丁一二三"],
    )
    first = item(aliases=["我的身份证到期了该怎么去换一张新的呀", "a1", "b2", "c3"])
    messages = found(first, other, kind="alike")
    assert len(messages) == 1
    assert "太像" in messages[0]


def test_siblings_told_apart_by_action_or_number_are_not_alike() -> None:
    rest = ["甲一二三", "乙四五六", "丙七八九", "丁零零零"]
    first = item(name="食品经营许可证(小餐饮)经营者变更", aliases=rest)
    second = item(code="B", name="食品经营许可证(小餐饮)经营者注销", aliases=[f"{alias}x" for alias in rest])
    assert found(first, second, kind="alike") == []
