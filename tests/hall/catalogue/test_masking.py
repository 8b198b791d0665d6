from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.catalogue.masking import masked


@pytest.mark.parametrize(
    "secret",
    [
        "110101199003074514",
        "11010119900307451X",
        "11010119900307451x",
        "110101900307451",
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "１３８００１３８０００",
        "010-88012345",
        "6222 0200 0000 1234 567",
        "一三八零零一三八零零零",
        "幺三八零零一三八零零零",
        "zhang.san@example.com",
        "粤B12345",
        "京AD12345",
        "E12345678",
        "91110000600037341L",
    ],
)
def test_personal_data_is_masked(secret: str) -> None:
    words = masked(f"我叫张三号码是{secret}，怎么办")
    assert secret not in words
    assert "〔" in words
    assert not any(len(run) > 4 for run in _runs(words))


def _runs(text: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in text).split()


@pytest.mark.parametrize(
    "words", ["我叫欧阳锦澜", "姓名:欧阳锦澜,电话晚点给", "她叫欧阳锦澜,能代办吗", "我的名字是欧阳锦澜"]
)
def test_a_name_is_masked_where_words_say_that_it_is_one(words: str) -> None:
    assert "欧阳锦澜" not in masked(words)
    assert "〔姓名〕" in masked(words)


@pytest.mark.parametrize(
    "words",
    [
        "GA-0101 怎么办",
        "姓名写错了怎么改",
        "我叫不出名字",
        "这个证叫什么",
        "2026年10月8日能办吗",
        "交了3000元",
        "一二三楼在哪",
        "10:30-11:00 可以吗",
        "下午2点半",
    ],
)
def test_what_is_not_personal_stays(words: str) -> None:
    assert masked(words) == words


@given(st.text(max_size=40), st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(max_size=40))
def test_no_phone_survives_whatever_stands_around_it(before: str, phone: str, after: str) -> None:
    assert phone not in masked(f"{before} {phone} {after}")
