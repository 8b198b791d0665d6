from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlu.times import Span, parse, read
from nlu.times.folding import fold
from nlu.times.wording import say

SHANGHAI = ZoneInfo("Asia/Shanghai")

nows = st.datetimes(datetime(2010, 1, 1), datetime(2060, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)
any_nows = st.datetimes(timezones=st.none() | st.timezones())

numerals = st.sampled_from(["一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"])
weekdays = st.builds(
    "".join, st.tuples(st.sampled_from(["周", "星期", "礼拜"]), st.sampled_from("一二三四五六日天"))
)
days = st.integers(1, 28).map(lambda number: f"{number}号")
month_days = st.builds(lambda month, number: f"{month}月{number}日", st.integers(1, 12), st.integers(1, 28))
offsets = st.sampled_from(["明天", "后天", "大后天", "下周一", "下下周二", "下个月3号", "明年5月6号"])
holidays = st.sampled_from(["元旦", "春节", "清明", "五一", "端午", "中秋", "国庆", "圣诞节"])
coming = st.one_of(weekdays, days, month_days, offsets, holidays)
parts = st.sampled_from(["早上", "上午", "中午", "下午", "傍晚", "晚上", "凌晨"])
digital = st.builds(lambda hour, minute: f"{hour}:{minute:02}", st.integers(0, 23), st.integers(0, 59))
spoken = st.builds(
    lambda hour, rest: f"{hour}点{rest}",
    numerals,
    st.sampled_from(["", "钟", "半", "一刻", "整", "十五分", "零五"]),
)
clocks = st.one_of(digital, spoken)
phrases = st.one_of(
    coming,
    parts,
    clocks,
    st.builds(str.__add__, parts, spoken),
    st.builds(str.__add__, coming, parts),
    st.builds(str.__add__, coming, clocks),
    st.builds(lambda day, part, clock: day + part + clock, coming, parts, spoken),
)
ranges = st.builds(
    lambda day, first, to, last: f"{day}{first}{to}{last}",
    coming,
    clocks,
    st.sampled_from(["到", "-", "至"]),
    clocks,
)
limits = st.builds(str.__add__, coming, st.sampled_from(["之前", "以前", "以后", "起", "为止"]))
distances = st.builds(
    lambda number, unit, side: f"{number}{unit}{side}",
    numerals,
    st.sampled_from(["分钟", "刻钟", "个小时", "天", "周", "个星期", "个月", "年"]),
    st.sampled_from(["后", "以后", "内"]),
)
lists = st.builds(
    str.__add__,
    st.sampled_from(
        [
            "周一三五",
            "周二四",
            "周二、周四",
            "3、5、8号",
            "周末",
            "明后天",
            "周一到周三",
            "下周前三天",
            "3到5号",
        ]
    ),
    st.one_of(st.just(""), parts, clocks),
)
stretches = st.sampled_from(
    ["明年上半年", "二季度", "下个季度", "春天", "明年冬天", "下个月第一周", "明天起三天内"]
)
known = st.one_of(phrases, ranges, limits, distances, lists, stretches)


def unhurried(examples: int = 100) -> settings:
    """A busy machine makes no example wrong."""
    return settings(max_examples=examples, deadline=None)


_ALPHABET = (
    "0123456789零一二两三四五六七八九十百廿卅半点时分刻秒号日月年周星期礼拜天今明后昨前大上下本这个末底初旬"
    "早晚中午凌晨傍夜到至-~:./、,()差过内起之以的第最农历闰正腊国庆节元旦工作日小时钟pam《》 后來點個"
)
texts = st.one_of(st.text(max_size=60), st.text(_ALPHABET, max_size=40))


@given(phrases, nows)
@unhurried()
def test_a_future_reading_is_never_past(phrase: str, now: datetime) -> None:
    (span,) = parse(phrase, now)

    assert not span.past
    assert span.end is not None
    assert span.end > now
    if "点" in phrase or ":" in phrase:
        assert span.start >= now


@given(lists, nows)
@unhurried()
def test_no_day_of_a_list_is_past(phrase: str, now: datetime) -> None:
    spans = parse(phrase, now)

    assert spans
    assert not any(span.past for span in spans)
    assert len({span.start for span in spans}) == len(spans)


@given(known, nows)
@unhurried()
def test_said_and_read_back_is_the_same(phrase: str, now: datetime) -> None:
    for span in parse(phrase, now):
        said = say(span, now)
        assert _same(parse(said, now), span), said


@given(nows, st.integers(-3_000_000, 3_000_000))
@unhurried()
def test_any_minute_said_and_read_back_is_the_same(now: datetime, minutes: int) -> None:
    moment = now + timedelta(minutes=minutes)
    (span,) = parse(say(moment, now), now)

    assert (span.start, span.grain) == (moment, "minute")


def _same(spans: list[Span], span: Span) -> bool:
    wanted = (span.start, span.end, span.grain)
    return [(read_back.start, read_back.end, read_back.grain) for read_back in spans] == [wanted]


@given(texts, any_nows)
@unhurried(400)
@example("99999年后", datetime(2026, 11, 25))  # noqa: DTZ001
@example("明天", datetime(9999, 12, 31))  # noqa: DTZ001
@example("昨天上个月去年", datetime(1, 1, 1))  # noqa: DTZ001
@example("十十天后二〇二六十天后", datetime(2026, 11, 25))  # noqa: DTZ001
def test_no_text_is_an_error_and_spans_lie_in_it_in_order(text: str, now: datetime) -> None:
    reading = read(text, now)

    position = 0
    for span in sorted([*reading.spans, *reading.unknown], key=lambda found: found.begin):
        assert position <= span.begin < span.stop <= len(text)
        assert span.text == text[span.begin : span.stop]
        position = span.stop
    assert [span.begin for span in reading.spans] == sorted(span.begin for span in reading.spans)
    for span in reading.spans:
        assert span.start.tzinfo is now.tzinfo
        assert span.end is None or span.start < span.end


@given(st.text())
@unhurried()
def test_folding_moves_no_character(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(phrases, nows)
@unhurried()
def test_what_stands_around_a_time_does_not_change_it(phrase: str, now: datetime) -> None:
    (alone,) = parse(phrase, now)
    (within,) = parse(f"我想约{phrase}办护照", now)

    assert (within.start, within.end, within.grain) == (alone.start, alone.end, alone.grain)
