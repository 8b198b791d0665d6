"""Days and times of day as they are said: 12月2日(周三), 9:00–12:00. Local days and times, Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

_WEEKDAYS = "一二三四五六日"

Span = tuple[time, time]


def weekday(day: date) -> str:
    """周一 … 周日."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def dated(day: date) -> str:
    """12月2日(周三)."""
    return f"{day.month}月{day.day}日({weekday(day)})"


def near_day(day: date, today: date) -> str:
    """今天, 明天, 后天, or the date; with the weekday where it is not today."""
    names = {0: "今天", 1: "明天", 2: "后天"}
    name = names.get((day - today).days)
    if name is None:
        return dated(day)
    return name if day == today else f"{name}({weekday(day)})"


def clock(moment: time) -> str:
    """9:00."""
    return f"{moment.hour}:{moment.minute:02d}"


def spans(opened: Sequence[Span]) -> str:
    """9:00–12:00、13:30–17:00; 休息 for none."""
    return "、".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in opened) or "休息"


def week(days: Sequence[Sequence[Span]]) -> str:
    """The hours of a week from Monday, days alike together: 周一至周五 9:00–12:00;周六、周日休息."""
    groups: list[tuple[list[int], Sequence[Span]]] = []
    for number, opened in enumerate(days):
        if groups and tuple(groups[-1][1]) == tuple(opened):
            groups[-1][0].append(number)
        else:
            groups.append(([number], opened))
    return ";".join(_group(numbers, opened) for numbers, opened in groups)


def _group(numbers: list[int], opened: Sequence[Span]) -> str:
    first, last = _WEEKDAYS[numbers[0]], _WEEKDAYS[numbers[-1]]
    if len(numbers) == 1:
        name = f"周{first}"
    elif len(numbers) == 2:
        name = f"周{first}、周{last}"
    else:
        name = f"周{first}至周{last}"
    return f"{name} {spans(opened)}" if opened else f"{name}休息"
