from __future__ import annotations

import pytest

from nlu.times import parse, read
from tests.nlu.times.reference import NOW, day, written

RULED_OUT = {
    "不要周三": ["周三"],
    "除了周五都行": ["周五"],
    "除周末外都可以": ["周末"],
    "只要不是周一就行": ["周一"],
    "周三周四都不行": ["周三", "周四"],
    "不要周三和周四": ["周三", "周四"],
    "明天有事改后天": ["明天"],
    "周三上午不行,下午呢": ["周三上午"],
    "明天,不要上午": ["上午"],
    "周五去不了": ["周五"],
}


@pytest.mark.parametrize(("text", "words"), RULED_OUT.items())
def test_what_is_named_to_be_ruled_out_is_marked(text: str, words: list[str]) -> None:
    assert [span.text for span in read(text, NOW).spans if span.unwanted] == words


MEANT = [
    "上午不行吗", "周三可不可以", "是不是明天", "要不要约周五", "能不能周三", "周六上不上班", "明天有没有号",
    "我的类别周三办", "删除周三的预约", "明天的预约不去了", "周五不要紧吧", "不是周三吗", "还有别的吗周三",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_a_question_or_another_word_rules_nothing_out(text: str) -> None:
    assert [span.unwanted for span in read(text, NOW).spans] == [False]


def test_parse_leaves_out_what_is_ruled_out() -> None:
    assert [written(span) for span in parse("不要周三,周四吧", NOW)] == [day("2026-11-26")]
    assert parse("周三没空", NOW) == []


def test_what_is_left_of_a_day_is_of_that_day() -> None:
    (afternoon,) = parse("周五上午不行,下午呢", NOW)

    assert written(afternoon) == "2026-11-27 12:00 .. 2026-11-27 18:00 hour"


def test_several_times_of_one_phrase_share_its_words_without_overlap() -> None:
    spans = parse("我周一三五上午都行", NOW)

    assert "".join(span.text for span in spans) == "周一三五上午"
    assert [first.stop for first in spans[:-1]] == [then.begin for then in spans[1:]]


def test_a_run_of_weekdays_that_ends_today_is_the_next_one() -> None:
    assert [written(span)[:10] for span in parse("周一到周三", NOW)] == ["2026-11-30"]
    assert [written(span)[:10] for span in parse("约一下周三", NOW)] == ["2026-12-02"]
