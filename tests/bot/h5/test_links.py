from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.h5.links import item_href, outside, phones, segment


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0000-88012110", ["0000-88012110"]),
        ("010-12345678、12345", ["010-12345678", "12345"]),
        ("88012110(工作日 9:00-17:00)", ["88012110"]),
        ("9:00–12:00", []),
        ("13800138000 或 400-800-1234", ["13800138000", "400-800-1234"]),
        ("110", ["110"]),
        ("0000-88012110转8003", ["0000-88012110"]),
        ("见官网", []),
        ("", []),
    ],
)
def test_numbers_to_call(text: str, numbers: list[str]) -> None:
    assert [piece.text for piece in phones(text) if piece.href] == numbers


@given(st.text(alphabet="0123456789-–:.、(转 a", max_size=40))
def test_no_character_of_a_phone_field_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in phones(text)) == text


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/a",
        "//example.com/a",
        "/local/form.pdf",
        "ftp://x/y",
        "https:///x",
        "https://[",
        "表格",
        "",
    ],
)
def test_only_https_leads_outside(address: str) -> None:
    assert outside(address) == ""
    assert outside("https://example.gov.cn/a?b=1#c") == "https://example.gov.cn/a?b=1#c"


def test_names_are_one_part_of_a_path() -> None:
    assert (
        segment("开办企业/个体户?#")
        == "%E5%BC%80%E5%8A%9E%E4%BC%81%E4%B8%9A%2F%E4%B8%AA%E4%BD%93%E6%88%B7%3F%23"
    )
    assert item_href("A/B", {"x": "1&2"}, "q1") == "/h5/items/A%2FB?x=1%262#q1"
