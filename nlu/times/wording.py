"""Says a time so that it is understood the same, by people and by `parse`: 12月2日(周三)上午9:30."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from nlu.times.reading import read
from nlu.times.span import Span

_WEEKDAYS = "一二三四五六日"
_PARTS = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
_WHOLE_PARTS: dict[tuple[float, float], str] = {
    (8, 12): "上午",
    (11, 13): "中午",
    (12, 18): "下午",
    (18, 24): "晚上",
    (6, 9): "清晨",
    (17, 19): "傍晚",
    (0, 6): "凌晨",
    (22, 24): "深夜",
}
_DAY = timedelta(days=1)


def say(time: Span | datetime, now: datetime) -> str:
    """A time with its weekday, in words that `parse` reads back as the same start, end and grain.

    The year is named where it is not this one, or where without it another would be understood. What is
    told from now to the second (半小时后) is said to the minute.
    """
    span = time if isinstance(time, Span) else Span(time, time + timedelta(minutes=1), "minute")
    wording = ""
    for wording in _wordings(span, now):
        if _means(wording, span, now):
            break
    return wording


def _means(wording: str, span: Span, now: datetime) -> bool:
    """Is it read as this span? Nothing hangs on working days here: the wording names none."""
    spans = read(wording, now).spans
    if len(spans) != 1:
        return False
    return (spans[0].start, spans[0].end, spans[0].grain) == (span.start, span.end, span.grain)


def _wordings(span: Span, now: datetime) -> Iterator[str]:
    """From the shortest that may do to the one that leaves nothing open."""
    for year in (False, True) if span.start.year == now.year else (True,):
        yield from _whole(span, year)
        yield from _limits(span, now, year)
    yield _moment(span.start, year=True, seconds=span.grain == "second")


def _whole(span: Span, year: bool) -> Iterator[str]:
    start = span.start
    match span.grain:
        case "year":
            yield f"{start.year}年"
        case "month":
            yield _year(start, year) + f"{start.month}月"
        case "week":
            yield _date(start, year) + "那一周"
        case "day":
            yield _date(start, year)
        case "hour":
            midnight = _midnight(start)
            hours = _hours(midnight, start), _hours(midnight, span.end or start)
            if hours in _WHOLE_PARTS:
                yield _date(start, year) + _WHOLE_PARTS[hours]
            yield _date(start, year) + _part(start) + f"{_hour(start)}点"
        case _:
            yield _moment(start, year, seconds=span.grain == "second")


def _limits(span: Span, now: datetime, year: bool) -> Iterator[str]:
    if span.end is None:
        yield _date(span.start, year) + "起" if span.grain == "day" else _moment(span.start, year) + "以后"
        return
    if span.grain == "day":
        if span.start != _midnight(span.start):
            yield _date(span.end, year) + "之前"
        yield _date(span.start, year) + "到" + _date(span.end - _DAY, year)
        return
    seconds = bool(span.start.second or span.end.second)
    begin, end = _moment(span.start, year, seconds), _moment(span.end, year, seconds)
    yield end + "之前"
    if span.start.date() == span.end.date():
        if _part(span.start) == _part(span.end):
            yield begin + "到" + _clock(span.end, seconds)
        yield begin + "到" + _part(span.end) + _clock(span.end, seconds)
    yield begin + "到" + end


def _midnight(day: datetime) -> datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _hours(midnight: datetime, moment: datetime) -> float:
    return (moment - midnight) / timedelta(hours=1)


def _year(day: datetime, named: bool) -> str:
    return f"{day.year}年" if named else ""


def _date(day: datetime, year: bool) -> str:
    return f"{_year(day, year)}{day.month}月{day.day}日(周{_WEEKDAYS[day.weekday()]})"


def _part(moment: datetime) -> str:
    return next(name for beyond, name in _PARTS if moment.hour < beyond)


def _hour(moment: datetime) -> int:
    return moment.hour if moment.hour <= 12 else moment.hour - 12


def _clock(moment: datetime, seconds: bool = False) -> str:
    clock = f"{_hour(moment)}:{moment.minute:02}"
    return clock + f":{moment.second:02}" if seconds else clock


def _moment(moment: datetime, year: bool, seconds: bool = False) -> str:
    return _date(moment, year) + _part(moment) + _clock(moment, seconds)
