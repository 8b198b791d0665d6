"""The phrases of said.txt, said_later.txt and said_last.txt.

11-26 is that day; 11-26 15 the hour; 11-26 15:30 the minute; 11-26 上午 that part of the day;
15:00~16:30 from the one to the other, 14:30~ with no end; 11-28~11-29 both days and what lies between;
<12-01 from now to before that day; >12-04 from that day on; 2026-12 the month; w 11-30 the week;
unknown 2027 hangs on days off that are not published. Months without a year are the coming ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nlu.times import Span
from nlu.times import read as reading
from tests.nlu.times.reference import NOW, SHANGHAI, written

PARTS = {
    "凌晨": (0, 6),
    "清晨": (6, 9),
    "上午": (8, 12),
    "中午": (11, 13),
    "下午": (12, 18),
    "傍晚": (17, 19),
    "晚上": (18, 24),
}


def _rows() -> list[tuple[str, str]]:
    files = (Path(__file__).with_name(name) for name in ("said.txt", "said_later.txt", "said_last.txt"))
    lines = "\n".join(file.read_text(encoding="utf-8") for file in files).splitlines()
    rows = [line.partition(" = ") for line in lines if line and not line.startswith("#")]
    return [(phrase, meaning) for phrase, _, meaning in rows]


def _day(short: str) -> datetime:
    year = "" if len(short) > 5 else "2026-" if short >= "11" else "2027-"
    return datetime.fromisoformat(year + short).replace(tzinfo=SHANGHAI)


def _meaning(short: str) -> str:
    whole = timedelta(days=1)
    if short[0] == "<":
        return written(Span(NOW, _day(short[1:]), "day"))
    if short[0] == ">":
        return written(Span(_day(short[1:]), None, "day"))
    if short[0] == "w":
        return written(Span(_day(short[2:]), _day(short[2:]) + 7 * whole, "week"))
    if len(short) == 7:
        first = datetime.fromisoformat(short + "-01").replace(tzinfo=SHANGHAI)
        return written(Span(first, (first + 31 * whole).replace(day=1), "month"))
    if " " in short:
        return _time(*short.split(" "))
    first_day, _, last_day = short.partition("~")
    return written(Span(_day(first_day), _day(last_day or first_day) + whole, "day"))


def _time(date: str, clock: str) -> str:
    day = _day(date)
    if clock in PARTS:
        first, last = PARTS[clock]
        return written(Span(day + timedelta(hours=first), day + timedelta(hours=last), "hour"))
    if len(clock) == 2:
        start = day + timedelta(hours=int(clock))
        return written(Span(start, start + timedelta(hours=1), "hour"))
    first_clock, to, last_clock = clock.partition("~")
    start = _at(day, first_clock)
    if not to:
        return written(Span(start, start + timedelta(minutes=1), "minute"))
    return written(Span(start, _at(day, last_clock) if last_clock else None, "minute"))


def _at(day: datetime, clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return day + timedelta(hours=int(hours), minutes=int(minutes))


NOT_YET = {"中午不休息的话12点半去": "a condition about the hall is read as a time"}


def _marked(phrase: str, meaning: str) -> object:
    """Phrases that are known to be read wrong fail, and say so when they no longer do."""
    wrong = NOT_YET.get(phrase)
    return pytest.param(
        phrase, meaning, marks=[pytest.mark.xfail(reason=wrong, strict=True)] if wrong else []
    )


@pytest.mark.parametrize(("phrase", "meaning"), [_marked(*row) for row in _rows()])
def test_what_people_say_is_read_as_meant(phrase: str, meaning: str) -> None:
    found = reading(phrase, NOW)
    unknown = [f"unknown {time.year}" for time in found.unknown]
    short = [] if meaning == "none" else meaning.split(" | ")
    wanted = [part if part.startswith("unknown") else _meaning(part) for part in short]

    assert [written(span) for span in found.spans if not span.unwanted] + unknown == wanted
