from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.aspects import ASPECTS, OF_INTENT, asks_whole, bare, meant, mentions, names_something, subject
from actions.lexicon import PATTERNS


def named(text: str) -> list[str]:
    return list(dict.fromkeys(mention.aspect for mention in mentions(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("要带啥,多少钱,周末上班吗", ["materials", "fee", "hours"]),
        ("要带什么 多久能下来 去哪办", ["materials", "time_limit", "place"]),
        ("多少钱啊几天能拿到可以邮寄吗", ["fee", "time_limit", "result"]),
        ("换身份证要带什么材料", ["materials"]),
        ("户口本要带吗", ["materials"]),
        ("要不要照片", ["materials"]),
        ("要带旧护照不", ["materials"]),
        ("照片要几张", ["materials"]),
        ("护照要不要带照片", ["materials"]),
        ("要多少材料", ["materials"]),
        ("需要准备哪些东西", ["materials"]),
        ("材料", ["materials"]),
        ("有什么条件", ["conditions"]),
        ("谁可以申请低保", ["conditions"]),
        ("我能申请吗", ["conditions"]),
        ("流程是什么", ["process"]),
        ("分几步", ["process"]),
        ("那要多少时间呢", ["time_limit"]),
        ("什么时候能下来", ["time_limit"]),
        ("当天能拿吗", ["time_limit"]),
        ("能加急不", ["time_limit"]),
        ("办理时间要多久", ["time_limit"]),
        ("办理时间", ["hours"]),
        ("这个要钱不", ["fee"]),
        ("收费吗", ["fee"]),
        ("失业金能领多少钱", ["amount"]),
        ("住院报销比例是多少", ["amount"]),
        ("护照有效期几年", ["validity"]),
        ("在几楼办", ["place"]),
        ("几号窗口", ["place"]),
        ("哪个近一点", ["place"]),
        ("在外地能办吗", ["place"]),
        ("现在开门吗", ["hours"]),
        ("中午上班不", ["hours"]),
        ("周六能不能办", ["hours"]),
        ("几点下班", ["hours"]),
        ("可以网上办吗", ["online"]),
        ("跑几趟", ["online"]),
        ("我妈能帮我去办吗", ["proxy"]),
        ("必须本人去吗", ["proxy"]),
        ("让我儿子去领行吗", ["proxy"]),
        ("法定代表人不到场行吗", ["proxy"]),
        ("能邮寄吗", ["result"]),
        ("办完给什么证", ["result"]),
        ("要预约吗", ["booking"]),
        ("身份证快到期了咋换啊", []),
        ("你好", []),
    ],
)
def test_aspects_are_found_in_the_words_of_citizens(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("多久能下来", False),
        ("那要带什么呢", False),
        ("这个收费吗", False),
        ("明天上班吗", False),
        ("可以网上办吗", False),
        ("我妈能帮我去办吗", False),
        ("护照要多少钱", True),
        ("营业执照注销要多久", True),
        ("ETC怎么办", True),
        ("居住证呢", True),
    ],
)
def test_a_follow_up_is_told_from_a_question_that_names_an_item(text: str, expected: bool) -> None:
    assert names_something(text, mentions(text)) is expected


def test_the_subject_is_what_asks_nothing() -> None:
    text = "请问一下护照要多少钱,几天能拿到"
    assert subject(text, mentions(text)) == "护照"
    assert "护照" in bare(text, mentions(text))
    assert "多少钱" not in bare(text, mentions(text))


def test_words_of_the_name_of_the_item_ask_nothing() -> None:
    text = "网上开店怎么登记"
    found = mentions(text)
    assert [mention.aspect for mention in found] == ["online"]
    assert meant(text, found, intent="ask_guide", sure=True, names=["网上开店登记"]) == ["whole"]
    assert meant(text, found, intent="ask_guide", sure=True) == ["whole", "online"]


@pytest.mark.parametrize(
    ("text", "intent", "sure", "expected"),
    [
        ("身份证快到期了咋换啊", "ask_guide", True, ["whole"]),
        ("护照怎么办,要多少钱,别人能代办吗", "ask_guide", True, ["whole", "proxy"]),
        ("护照 多少钱", "ask_guide", True, ["fee"]),
        ("护照得多少个子儿", "ask_fee", True, ["fee"]),
        ("要带啥,多少钱", "ask_conditions", True, ["materials", "fee", "conditions"]),
        ("要带啥,多少钱", "ask_conditions", False, ["materials", "fee"]),
        ("要带啥,多少钱", "ask_fee", True, ["materials", "fee"]),
        ("随便说说", "complain", True, ["whole"]),
    ],
)
def test_intent_and_words_together_say_what_is_asked(
    text: str, intent: str, sure: bool, expected: list[str]
) -> None:
    assert meant(text, mentions(text), intent=intent, sure=sure) == expected


def test_lexicon_and_intents_name_known_aspects_only() -> None:
    assert {aspect for aspect, _ in PATTERNS} | set(OF_INTENT.values()) == ASPECTS


@given(st.text(max_size=300))
def test_any_text_is_read_and_mentions_stand_where_they_say(text: str) -> None:
    found = mentions(text)
    for mention in found:
        assert text[mention.start : mention.end] == mention.words
    for first, second in pairwise(found):
        assert first.end <= second.start
    assert isinstance(subject(text, found), str)
    assert isinstance(asks_whole(text), bool)


def test_the_lexicon_never_matches_the_empty_text() -> None:
    for _, alternatives in PATTERNS:
        for alternative in alternatives:
            assert re.fullmatch(alternative, "") is None
