from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.people import phones
from hall.people.access import Revealed
from hall.people.blind import BlindIndex
from hall.people.entries import Draft, read_name
from hall.people.errors import NameWrong
from hall.people.id_numbers import parse
from hall.people.masks import masked_id_number, masked_name, masked_phone
from hall.people.phones import PhoneWrong
from tests.hall.people.test_id_numbers import TODAY


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0551-62999888", "+8655162999888"),
        ("+852 5123 4567", "+85251234567"),
    ],
)
def test_phones_as_people_write_them(written: str, number: str) -> None:
    assert phones.parse(written) == number


@pytest.mark.parametrize(
    ("written", "reason"),
    [("", "empty"), ("我的", "unreadable"), ("1380013800", "not_assigned"), ("138", "impossible")],
)
def test_what_is_no_phone(written: str, reason: str) -> None:
    with pytest.raises(PhoneWrong) as wrong:
        phones.parse(written)
    assert wrong.value.reason == reason


def test_a_landline_gets_no_messages() -> None:
    assert phones.receives_messages("+8613800138000")
    assert not phones.receives_messages("+8655162999888")


@pytest.mark.parametrize("name", ["王芳", "欧阳小明", "买买提·艾力", "Anna Müller", "卡德尔 • 吾斯曼"])
def test_names_that_people_have(name: str) -> None:
    assert read_name(f" {name} ") == name.replace("•", "·")


@pytest.mark.parametrize("name", ["", "王", "王5", "我要办护照!", "王\x00芳", "a" * 61, "· 王"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(NameWrong):
        read_name(name)


def test_masks() -> None:
    assert [masked_name(name) for name in ("", "王", "王明", "王小明", "欧阳小明")] == [
        "",
        "*",
        "王*",
        "王*明",
        "欧**明",
    ]
    assert masked_id_number("11010519491231002X") == "110***********002X"
    assert masked_phone("+8613800138000") == "138****8000"
    assert masked_phone("+85251234567") == "+85*****4567"
    assert (masked_id_number(""), masked_phone("")) == ("", "")


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_phone_hides_something(phone: str) -> None:
    assert masked_phone(phone).count("*") >= 1


def test_values_in_the_open_are_not_in_a_repr() -> None:
    shown = [Revealed(1, name="王小明"), Draft(name="王小明", id_number="11010519491231002X")]
    shown.append(parse("11010519491231002X", today=TODAY))
    for value in shown:
        assert "王" not in repr(value)
        assert "1101" not in repr(value)


def test_a_blind_index_needs_its_key() -> None:
    ours, theirs = BlindIndex(["ours"]), BlindIndex(["theirs"])
    assert ours.mark("1") == BlindIndex(["ours"]).mark("1") != theirs.mark("1")
    assert ours.mark("1") != ours.mark("2")
    assert BlindIndex(["new", "ours"]).marks("1")[1] == ours.mark("1")
    with pytest.raises(ValueError):
        BlindIndex([])
