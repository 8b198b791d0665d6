from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import LONGEST, normalise, simplified


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("身份证", "身份证"),
        ("ＡＢＣ１２３，　你好", "ABC123, 你好"),
        ("９：３０", "9:30"),
        ("請問辦理居民身份證到期換領", "请问办理居民身份证到期换领"),
        ("臺灣同胞領證", "台湾同胞领证"),
        ("瞭解一下營業執照", "了解一下营业执照"),
        ("怎么办？？？！！", "怎么办?!"),
        ("好的。。。。", "好的。"),
        ("等等……", "等等."),
        ("身\u200b份\ufeff证", "身份证"),
        ("a\x00b\x1bc", "abc"),
        ("上午\r\n\t 下午", "上午 下午"),
        ("\u2f3e口本", "户口本"),
        ("①号窗口", "1号窗口"),
        ("a\ud800b", "ab"),
        ("", ""),
        ("   ", ""),
        ("https://a.b/c--d", "https://a.b/c--d"),
        ("3.5万", "3.5万"),
    ],
)
def test_one_form(typed: str, form: str) -> None:
    assert normalise(typed) == form


def test_letters_keep_their_case() -> None:
    assert normalise("C1 驾照 ABC公司") == "C1 驾照 ABC公司"


def test_a_simplified_name_keeps_its_rare_character() -> None:
    assert simplified("张乾的户口") == "张乾的户口"
    assert simplified("於先生") == "於先生"
    assert simplified("衣服乾淨") == "衣服干净"


def test_a_text_is_cut_to_a_bounded_length() -> None:
    assert len(normalise("证" * 10**6)) == LONGEST
    assert len(normalise("\ufdfa" * 10**4)) <= LONGEST
    assert len(normalise("a" * 10**6)) == LONGEST


@given(st.text())
def test_a_second_time_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    form = normalise(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in form)
    assert form == form.strip()
    assert "  " not in form
    form.encode()
