from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from hall.catalogue.schema import Fee, Item, ItemInvalid, content_digest, document, parse_item
from tests.hall.catalogue import strategies

# A folder with real catalogues to try the import on; they are not part of the project.
DATASETS = os.environ.get("BANSHI_TEST_DATASETS", "")


def item(**fields: Any) -> Item:
    return parse_item({"code": "GA-0101", "name": "居民身份证到期换领", **fields})


def problems(**fields: Any) -> dict[str, str]:
    with pytest.raises(ItemInvalid) as refused:
        item(**fields)
    return {found.field: found.message for found in refused.value.problems}


@given(strategies.items)
def test_an_item_survives_its_own_document(row: dict[str, Any]) -> None:
    read = parse_item(row)
    again = parse_item(json.loads(json.dumps(document(read))))
    assert again == read
    assert document(again) == document(read)


@given(strategies.items)
def test_a_document_says_nothing_that_was_not_said(row: dict[str, Any]) -> None:
    assert document(parse_item(row)).keys() <= row.keys()


def test_only_code_and_name_are_required() -> None:
    assert document(item()) == {"code": "GA-0101", "name": "居民身份证到期换领"}
    with pytest.raises(ItemInvalid) as refused:
        parse_item({})
    assert [found.field for found in refused.value.problems] == ["code", "name"]
    assert str(refused.value.problems[0]) == "办理项编码(code):没有填写"


@pytest.mark.parametrize("row", [None, [], "text", 3])
def test_a_row_that_is_no_object_is_refused(row: object) -> None:
    with pytest.raises(ItemInvalid, match="应是一个对象"):
        parse_item(row)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", 0),
        (0, 0),
        (2.0, 2),
        ("3份", 3),
        (" 4 次 ", 4),
        ("两份", 2),
        ("1", 1),
        ("", None),
        (None, None),
        ("无", 0),
    ],
)
def test_a_count_is_read_where_it_is_clear(written: object, read: int | None) -> None:
    assert item(visits=written).visits == read


@pytest.mark.parametrize("written", ["很多", "-1", -1, 1.5, True, [1], "1" * 12, float("nan"), 10**9])
def test_a_count_that_is_not_clear_is_refused(written: object) -> None:
    assert "visits" in problems(visits=written)


@pytest.mark.parametrize(
    ("written", "read"),
    [("是", True), ("支持", True), (1, True), ("否", False), ("0", False), ("", None), (None, None)],
)
def test_a_flag_is_read_where_it_is_clear(written: object, read: bool | None) -> None:
    assert item(bookable=written).bookable is read


def test_an_unclear_flag_is_refused() -> None:
    assert problems(bookable="也许") == {"bookable": "是否支持预约(bookable):应写“是”或“否”,写的是“也许”"}


def test_national_numbers_become_names() -> None:
    read = item(
        type="01",
        level=4,
        kind="2",
        materials=[{"name": "申请表", "type": 2, "form": "1", "necessity": 3, "source": "10"}],
    )
    assert (read.type, read.level, read.kind) == ("行政许可", "县级", "承诺件")
    (form,) = read.materials
    assert (form.type, form.form, form.necessity, form.source) == (
        "申请表格文书",
        "纸质",
        "容缺后补",
        "申请人自备",
    )


def test_a_necessity_nobody_knows_is_refused() -> None:
    found = problems(materials=[{"name": "申请表", "necessity": "大概"}])
    assert found["materials.0.necessity"].startswith("申请材料第1项必要性(materials.0.necessity):应是必要")


def test_a_limit_with_its_unit_in_one_field() -> None:
    read = item(legal_limit="30个自然日", promised_limit="20 工作日")
    assert (read.legal_limit, read.legal_limit_unit) == (30, "自然日")
    assert (read.promised_limit, read.promised_limit_unit) == (20, "工作日")
    assert "legal_limit_unit" in problems(legal_limit=20, legal_limit_unit="天")


def test_no_fee_and_silence_about_fees_differ() -> None:
    assert not item().fees_known
    assert not item(fees="").fees_known
    assert not item(fees=None).fees_known
    for said in ([], "不收费", "免费", [{"name": "不收费"}], [{"standard": "免费"}]):
        read = item(fees=said)
        assert read.fees == ()
        assert read.fees_known
        assert document(read)["fees"] == []
    assert item(fees="20 元/证").fees == (Fee(name="收费", standard="20 元/证"),)
    assert len(item(fees=[{"name": "工本费", "standard": "免费"}]).fees) == 1


def test_no_material_and_silence_about_materials_differ() -> None:
    assert not item().materials_known
    for said in ([], "无", [{"name": "无"}]):
        assert item(materials=said).materials == ()
        assert item(materials=said).materials_known
    assert [found.name for found in item(materials="身份证；户口簿").materials] == ["身份证", "户口簿"]


def test_a_list_may_be_one_text() -> None:
    assert item(aliases="换身份证；身份证过期了;换身份证\n补身份证").aliases == (
        "换身份证",
        "身份证过期了",
        "补身份证",
    )
    assert item(aliases=["甲；乙"]).aliases == ("甲；乙",)


@pytest.mark.parametrize(
    "written", ["2026-10-08", "2026/10/8", "2026年10月8日", "20261008", "2026-10-08T00:00:00"]
)
def test_days_as_people_write_them(written: str) -> None:
    assert item(effective=written).effective == date(2026, 10, 8)


@pytest.mark.parametrize("written", ["2026-02-30", "明天", "8.10.2026", "99"])
def test_a_day_that_is_none_is_refused(written: str) -> None:
    assert "effective" in problems(effective=written)


def test_an_unknown_key_is_refused_and_the_right_one_named() -> None:
    assert "是不是 aliases" in problems(alias=["a"])["alias"]
    assert "materials.0.origin" in problems(materials=[{"name": "申请表", "origin": 1}])


def test_own_fields_are_kept() -> None:
    read = item(x_编号="7", x_list=[1, {"a": None}])
    assert read.extra == {"x_编号": "7", "x_list": [1, {"a": None}]}
    assert document(read)["x_list"] == [1, {"a": None}]


@pytest.mark.parametrize(
    "own", [{"x_": 1}, {"x_a b": 1}, {"x_a": "\0"}, {"x_a": ["\ud800"]}, {"x_a": "啊" * 20_001}]
)
def test_own_fields_that_cannot_be_stored_are_refused(own: dict[str, Any]) -> None:
    assert problems(**own)


@pytest.mark.parametrize("text", ["\0", "\x08", "\ud800", "\uffff"])
def test_what_cannot_be_stored_is_refused(text: str) -> None:
    assert "控制字符" in problems(conditions=f"条件{text}")["conditions"]


def test_a_link_that_runs_a_script_is_refused() -> None:
    assert "online_url" in problems(online_url=" JavaScript:alert(1)")
    assert "materials.0.sample" in problems(materials=[{"name": "表", "sample": "data:text/html,x"}])


@pytest.mark.parametrize("code", ["a b", "../x", "身份证", "", "-a", "a/b", "a" * 101, "a\n"])
def test_a_code_stands_in_an_address(code: str) -> None:
    if code == "a\n":
        assert parse_item({"code": code, "name": "x"}).code == "a"
        return
    with pytest.raises(ItemInvalid):
        parse_item({"code": code, "name": "x"})


def test_full_width_codes_become_plain() -> None:
    assert parse_item({"code": "GA-0101 ", "name": "x"}).code == "GA-0101"


def test_when_needs_choices_and_may_be_short() -> None:
    read = item(materials=[{"name": "表", "when": {"reason": "lost"}}])
    assert read.materials[0].when == {"reason": ("lost",)}
    assert "materials.0.when" in problems(materials=[{"name": "表", "when": {"reason": []}}])
    assert "variants.0.when" in problems(variants=[{"when": {}, "note": "x"}])


def test_too_long_and_too_many_are_refused() -> None:
    assert "最多 300 个字" in problems(name="长" * 301)["name"]
    assert "最多 300 项" in problems(aliases=[str(n) for n in range(301)])["aliases"]


def test_items_are_frozen() -> None:
    with pytest.raises(Exception, match="frozen"):
        item().name = "x"  # type: ignore[misc]


def test_the_digest_is_of_the_content_alone() -> None:
    assert content_digest(item(version=1, effective="2026-01-01")) == content_digest(item(version=2))
    assert content_digest(item()) != content_digest(item(phone="1"))


@pytest.mark.parametrize("name", ["catalogue_guangdong.json", "catalogue_guangan.json"])
def test_real_catalogues_are_taken(name: str) -> None:
    path = Path(DATASETS) / name
    if not DATASETS or not path.exists():
        pytest.skip("BANSHI_TEST_DATASETS does not name a folder with real catalogues")
    rows = json.loads(path.read_text())
    assert {parse_item(row).code for row in rows} == {row["code"] for row in rows}
