"""When it is quiet at a counter, in words. Pure."""

from __future__ import annotations

from hall.queue.outlook import HalfDay, Outlook

_WEEKDAYS = "一二三四五六日"
_PARTS = {"morning": "上午", "afternoon": "下午"}
# Half days named at a time, and how much shorter than the busiest a quiet one must be to be worth a word.
_MOST = 2
_WORTH_A_WORD = 0.8


def told(found: Outlook, *, asked: bool) -> str:
    """When it is quiet as a rule; "" where that is not known and was not `asked`."""
    if not found.has_history or not found.busy:
        return "还没攒够排队记录,哪天人少说不准。" if asked else ""
    busiest = found.busy[0]
    quiet = [half for half in found.quiet[:_MOST] if half.minutes < busiest.minutes * _WORTH_A_WORD]
    if not quiet:
        return "平常每天差不多,没有特别空的时候。" if asked else ""
    times = "、".join(_half(half) for half in quiet)
    crowded = f"{_half(busiest)}人最多(约 {busiest.minutes:.0f} 分钟)"
    return f"平常{times}人少(约等 {_minutes(quiet)} 分钟),{crowded}。"


def _half(half: HalfDay) -> str:
    return f"周{_WEEKDAYS[half.weekday]}{_PARTS[half.part]}"


def _minutes(halves: list[HalfDay]) -> str:
    return f"{max(1, round(sum(half.minutes for half in halves) / len(halves)))}"
