from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wechat.split import MAX_BYTES, shown_length, split_text

_PIECES = st.sampled_from(
    [
        "请带居民户口簿原件。",
        "一楼 A 区 5–8 号窗口",
        "\n",
        "\n\n",
        " ",
        "，",
        "!",
        "3.5 元",
        "材料齐了吗?",
        "（工作日）",
        "👨‍👩‍👧‍👦",
        "👍🏽",
        "🇨🇳🇭🇰",
        "é̂",
        "abc def",
        "字" * 90,
        "😀" * 70,
        '<a href="https://banshi.example/h5/items/GA-0101?x=1&y=2">看全文，含流程。</a>',
        '<a href="weixin://bizmsgmenu?msgmenucontent=预约&msgmenuid=4">4 预约</a>',
    ]
)
_TEXTS = st.lists(_PIECES, max_size=60).map("".join)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(deadline=None, max_examples=200)
@given(_TEXTS, st.integers(min_value=90, max_value=600))
def test_parts_fit_and_lose_nothing(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    for part in parts:
        assert 0 < shown_length(part) <= limit
        assert len(part.encode()) <= MAX_BYTES
        assert part == part.strip()
    assert bare("".join(parts)) == bare(text)


@settings(deadline=None, max_examples=200)
@given(_TEXTS, st.integers(min_value=90, max_value=600))
def test_no_link_is_cut(text: str, limit: int) -> None:
    for part in split_text(text, limit):
        assert part.count("<a ") == part.count("</a>") == len(re.findall(r"<a [^<>]*>[^<>]*</a>", part))


@settings(deadline=None, max_examples=200)
@given(_TEXTS, st.integers(min_value=90, max_value=600))
def test_no_character_is_cut(text: str, limit: int) -> None:
    for part in split_text(text, limit):
        assert not unicodedata.combining(part[0])
        assert part[0] not in "\u200d\U0001f3fd"
        assert part[-1] != "\u200d"
        flags = sum(0x1F1E6 <= ord(character) <= 0x1F1FF for character in part)
        assert flags % 2 == 0


@settings(deadline=None)
@given(st.text(max_size=2000), st.integers(min_value=1, max_value=50))
def test_any_text_with_any_limit_ends_and_fits(text: str, limit: int) -> None:
    for part in split_text(text, limit):
        assert 0 < shown_length(part) <= limit
        part.encode()


def test_short_text_is_one_part() -> None:
    assert split_text("您好。") == ["您好。"]


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x07"])
def test_nothing_is_no_part(text: str) -> None:
    assert split_text(text) == []


def test_paragraph_end_is_preferred_to_sentence_end() -> None:
    first, second = "第一段。" * 60, "第二段。" * 100
    assert split_text(first + "\n\n" + second) == [first, second]


def test_sentence_end_is_preferred_to_the_middle() -> None:
    parts = split_text("这是一句话" * 15 + "。" + "另一句话" * 200)
    assert all(len(part) <= 600 for part in parts)
    text = "句子到这里结束。" * 100
    assert all(part.endswith("。") for part in split_text(text))


def test_closing_quote_stays_with_its_sentence() -> None:
    parts = split_text("他说：“可以。”" * 100)
    assert all(part.endswith("”") for part in parts)


def test_decimal_point_is_no_sentence_end() -> None:
    text = "x" * 560 + "收费 3.50 元" + "y" * 100
    assert not any(part.endswith("3.") for part in split_text(text))


def test_number_600_is_counted_in_characters_and_2048_in_bytes() -> None:
    assert split_text("字" * 600) == ["字" * 600]
    assert [len(part) for part in split_text("字" * 601)] == [600, 1]
    assert [len(part) for part in split_text("😀" * 600)] == [512, 88]
    assert [len(part) for part in split_text("a" * 3000, 3000)] == [2048, 952]


def test_link_too_long_for_any_part_becomes_text() -> None:
    link = '<a href="https://banshi.example/' + "x" * 900 + '">' + "全文" * 400 + "</a>"
    parts = split_text("请看:" + link)
    assert "".join(parts) == "请看:" + "全文" * 400


def test_unclosed_tag_is_text() -> None:
    text = "<a href='x'>" + "字" * 700
    assert "".join(split_text(text)) == text


def test_flood_of_combining_marks_is_cut_all_the_same() -> None:
    parts = split_text("e" + "\u0301" * 3000)
    assert sum(len(part) for part in parts) == 3001


def test_many_tags_take_no_longer_than_they_should() -> None:
    # Quadratic matching of unclosed tags would hang here.
    assert split_text("<a " * 20_000)
    assert split_text("<a>" * 20_000)


def test_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError):
        split_text("x", 0)


def test_the_addresses_of_links_do_not_count_as_read() -> None:
    choices = "\n".join(
        f'<a href="weixin://bizmsgmenu?msgmenucontent=居民身份证换领&msgmenuid=a1b2c3.{n}">'
        f"{n} 居民身份证换领</a>"
        for n in range(1, 6)
    )
    text = f"{'答案的一句话。' * 50}\n\n{choices}"
    assert len(text) > 600
    assert split_text(text) == [text]
