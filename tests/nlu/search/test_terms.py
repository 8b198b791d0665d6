"""Terms, groups of synonyms and frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.search.frames import strip_frames
from nlu.search.synonyms import GROUPS, PROTECTED
from nlu.search.terms import GROUP, bare, bare_all, groups, halves, named, terms, terms_of_all


def group_names(text: str) -> set[str]:
    found = groups(bare(text))
    return {name for name in GROUPS if named(GROUP, name) in found}


@pytest.mark.parametrize(
    ("text", "holds", "lacks"),
    [
        ("更换驾照", {"变更", "换证", "驾驶证"}, {"补证"}),
        ("办理退休", {"养老"}, {"退还"}),
        ("交社保", {"参保", "社保", "缴费"}, set()),
        ("公安局在哪", set(), {"举报"}),
        ("开车去", set(), {"证明", "设立"}),
        ("告诉我", set(), {"投诉"}),
    ],
)
def test_words_stand_for_groups(text: str, holds: set[str], lacks: set[str]) -> None:
    found = group_names(text)
    assert holds - {"缴费"} <= found
    assert not lacks & found


def test_every_group_has_words_that_name_it() -> None:
    for name, words in GROUPS.items():
        assert words, name
        assert len(set(words)) == len(words), name
        for word in words:
            assert word == bare(word), f"{word} of {name} is never met: texts come in bare form"
            if word not in PROTECTED:
                assert name in group_names(word), f"{word} does not count for {name}"


def test_names_of_groups_do_not_share_a_checksum() -> None:
    assert len({named(GROUP, name) for name in GROUPS}) == len(GROUPS)


@given(
    st.lists(st.text(alphabet=st.characters(blacklist_characters="\n"), max_size=12).map(bare), max_size=6)
)
def test_many_texts_give_the_terms_of_each(texts: list[str]) -> None:
    keys, rows = terms_of_all(texts)
    for number, text in enumerate(texts):
        assert sorted(keys[rows == number].tolist()) == sorted(terms(text))


@given(st.lists(st.text(max_size=12), max_size=6))
def test_many_texts_are_made_bare_as_each_is(texts: list[str]) -> None:
    assert bare_all(texts) == [bare(text) for text in texts]


def test_a_pair_knows_its_characters() -> None:
    left, right = halves(np.array(terms("户口")[-1:]))
    assert (chr(left[0]), chr(right[0])) == ("户", "口")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("请问一下身份证到期了怎么换呀需要带什么材料", "身份证到期了换"),
        ("我想咨询一下公积金提取", "公积金提取"),
        ("营业执照在哪里办", "营业执照"),
        ("办护照多少钱", "办护照"),
        ("社保卡丢了怎么办", "社保卡丢了"),
        ("落户能网上办吗", "落户"),
        ("你好", "你好"),
        ("怎么办理", "怎么办理"),
        ("", ""),
    ],
)
def test_frames_of_questions_fall_away(text: str, left: str) -> None:
    assert strip_frames(text) == left


@pytest.mark.parametrize(
    "name", ["个人参保证明查询打印", "企业投资项目备案", "取水许可", "申请材料补正", "想象画比赛报名"]
)
def test_names_of_items_are_not_taken_for_frames(name: str) -> None:
    assert strip_frames(name) == name


def test_bare_keeps_letters_digits_and_chinese() -> None:
    assert bare("【C1驾照】（到期）_换 证！") == "c1驾照到期换证"
