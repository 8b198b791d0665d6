from __future__ import annotations

from datetime import datetime

import pytest

from nlu.times import parse
from nlu.times.wording import say
from tests.nlu.times.reference import NOW, SHANGHAI

SAID = {
    "下周三上午九点半": "12月2日(周三)上午9:30",
    "下周三上午九点": "12月2日(周三)上午9点",
    "下周三上午": "12月2日(周三)上午",
    "明天中午十二点半": "11月26日(周四)中午12:30",
    "今晚八点": "11月25日(周三)晚上8点",
    "下周三": "12月2日(周三)",
    "元旦": "2027年1月1日(周五)",
    "昨天": "2026年11月24日(周二)",
    "今天8点": "2026年11月25日(周三)上午8点",
    "明天上午9点到11点": "11月26日(周四)上午9:00到11:00",
    "明天上午10点到下午2点": "11月26日(周四)上午10:00到下午2:00",
    "今晚10点到明早6点": "11月25日(周三)晚上10:00到11月26日(周四)上午6:00",
    "下周一到周三": "11月30日(周一)到12月2日(周三)",
    "下周": "11月30日(周一)那一周",
    "下个月": "12月",
    "明年": "2027年",
    "这周五之前": "11月27日(周五)之前",
    "明天9点半以后": "11月26日(周四)上午9:30以后",
    "12月1日起": "12月1日(周二)起",
}


@pytest.mark.parametrize(("phrase", "said"), SAID.items())
def test_says_the_date_with_its_weekday(phrase: str, said: str) -> None:
    (span,) = parse(phrase, NOW)

    assert say(span, NOW) == said


def test_says_a_moment() -> None:
    assert say(datetime(2026, 12, 2, 9, 30, tzinfo=SHANGHAI), NOW) == "12月2日(周三)上午9:30"
    assert say(datetime(2025, 12, 2, 0, 5, tzinfo=SHANGHAI), NOW) == "2025年12月2日(周二)凌晨0:05"
