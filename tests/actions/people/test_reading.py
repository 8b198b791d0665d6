from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.people.reading import Asked, read
from actions.people.relations import For, as_answer, bars_proxy, in_sentence, is_done_by_parents

ID = "110101199001011237"


@pytest.mark.parametrize(
    "text",
    [
        "张三",
        "我叫张三",
        "我是张三",
        "姓名:张三",
        "名字是张三",
        f"张三 {ID}",
        f"{ID},张三",
        "张三。",
        "叫张三",
    ],
)
def test_a_name_however_it_is_said(text: str) -> None:
    assert read(text, "name").name == "张三"


@pytest.mark.parametrize(
    "name", ["欧阳娜娜", "阿不都·买买提", "John Smith", "何炅", "费翔", "时迁", "单田芳"]
)
def test_names_of_many_kinds(name: str) -> None:
    assert read(name, "name").name == name


@pytest.mark.parametrize(
    "text",
    [
        "停车方便吗",
        "费用",
        "时间",
        "何时办",
        "方便",
        "周三上午",
        "万一错了",
        "和您说",
        "好的",
        "不知道",
        "我妈",
        "护照",
        "要约",
    ],
)
def test_other_words_are_no_names(text: str) -> None:
    said = read(text, "name")
    assert not said.name
    assert not said.perhaps


def test_an_unusual_word_may_be_a_name() -> None:
    assert read("阿依古丽", "name").perhaps == "阿依古丽"
    assert not read("阿依古丽", "phone")


@pytest.mark.parametrize(
    ("text", "asked", "id_number", "phone"),
    [
        (f"{ID} 13800138000", "name", ID, "13800138000"),
        (f"13800138000 {ID}", "name", ID, "13800138000"),
        ("110101 19900101 1237 138 0013 8000", "name", ID, "13800138000"),
        ("110101-19900101-123X", "id_number", "11010119900101123X", ""),
        ("11010119900101123x 的", "id_number", "11010119900101123x", ""),
        ("11010119900101123", "phone", "11010119900101123", ""),  # one short: still an ID number
        ("110101900101123", "name", "110101900101123", ""),
        ("11010119", "id_number", "11010119", ""),
        ("6234567", "phone", "", "6234567"),
        ("0551-62345678", "name", "", "055162345678"),
        ("+852 9123 4567", "name", "", "+85291234567"),
        ("3 个人,10 点", "id_number", "", ""),
    ],
)
def test_numbers_however_they_are_set(text: str, asked: Asked, id_number: str, phone: str) -> None:
    said = read(text, asked)
    assert (said.id_number, said.phone) == (id_number, phone)


def test_two_numbers_are_noticed() -> None:
    assert read(f"{ID} 340104195603154327").several
    assert not read(f"{ID} {ID}").several


def test_a_passport_is_no_number_of_18_digits() -> None:
    said = read("护照 E12345678", "id_number")
    assert said.other_paper
    assert not said.id_number
    assert not said.phone


@given(st.text(max_size=200), st.sampled_from(["name", "id_number", "phone", ""]))
def test_anything_can_be_read(text: str, asked: Asked) -> None:
    said = read(text, asked)
    assert "…" in repr(said)
    assert not said.name or len(said.name) <= 60


@given(st.permutations(["张三", ID, "13800138000"]), st.sampled_from([" ", ",", "  ", ";", "、"]))
def test_any_order(parts: list[str], between: str) -> None:
    said = read(between.join(parts), "name")
    assert (said.name, said.id_number, said.phone) == ("张三", ID, "13800138000")


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("给我妈约个护照", For("parent", "妈妈")),
        ("帮我爸办", For("parent", "爸爸")),
        ("替我老婆约", For("spouse", "老婆")),
        ("给孩子约", For("child", "孩子")),
        ("帮朋友约周三的", For("other", "朋友")),
        ("给公司约一个", For("company", "公司")),
        ("我妈要办社保卡", For("parent", "妈妈")),
        ("我自己办", For("self")),
        ("约个护照", None),
        ("身份证怎么办", None),
    ],
)
def test_for_whom_a_sentence_says_it_is(text: str, whom: For | None) -> None:
    assert in_sentence(text) == whom


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("我妈", For("parent", "妈妈")),
        ("是我女儿", For("child", "女儿")),
        ("我自己", For("self")),
        ("本人", For("self")),
        ("别人", For("other", "")),
        ("张三", None),
    ],
)
def test_for_whom_as_an_answer(text: str, whom: For | None) -> None:
    assert as_answer(text) == whom


@pytest.mark.parametrize(
    "words", ["须本人", "不可代办:须本人采集指纹", "须本人,网上办", "本人到场;确实来不了的凭公证委托书代办"]
)
def test_items_that_ask_for_the_person(words: str) -> None:
    assert bars_proxy(words)


@pytest.mark.parametrize(
    "words", ["可代办:带双方身份证和委托书", "近亲属即可", "家长办理", "", "户主或家庭成员代办"]
)
def test_items_that_do_not(words: str) -> None:
    assert not bars_proxy(words)


def test_what_parents_do_in_their_own_name() -> None:
    assert is_done_by_parents("义务教育入学", "家长办理")
    assert is_done_by_parents("出生登记(新生儿落户)", "")
    assert not is_done_by_parents("社会保障卡补领", "可代办")
