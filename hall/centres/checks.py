"""Whether a centre's file holds together: names that it uses are names that it gives. Pure."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator

from hall.catalogue.problems import Problem
from hall.centres.schema import CentreFile


def disagreements(content: CentreFile) -> tuple[Problem, ...]:
    """What in the file contradicts itself, in Chinese; empty when nothing does."""
    return (*_repeated(content), *_unknown(content), *_circles(content))


def _repeated(content: CentreFile) -> Iterator[Problem]:
    keys: dict[str, Iterable[str]] = {
        "centres": (centre.code for centre in content.centres),
        "halls": (hall.code for hall in content.halls),
        "counters": (f"{counter.hall}/{counter.group}" for counter in content.counters),
        "special_days": (
            f"{day.date} {day.centre}/{day.hall}/{day.group}".rstrip(" /") for day in content.special_days
        ),
        "topics": (topic.name for topic in content.topics),
        "life_events": (event.code for event in content.life_events),
        "info": (info.id for info in content.info),
    }
    for field, found in keys.items():
        for key, times in Tally(found).items():
            if times > 1:
                yield Problem(field, f"{field}:“{key}”写了 {times} 次")


def _unknown(content: CentreFile) -> Iterator[Problem]:
    centres = {centre.code for centre in content.centres}
    halls = {hall.code for hall in content.halls}
    groups = {(counter.hall, counter.group) for counter in content.counters}
    for centre in content.centres:
        if centre.parent is not None and centre.parent not in centres:
            yield Problem("centres", f"中心“{centre.code}”的上级“{centre.parent}”不存在")
    for hall in content.halls:
        if hall.centre not in centres:
            yield Problem("halls", f"大厅“{hall.code}”所属的中心“{hall.centre}”不存在")
    for counter in content.counters:
        if counter.hall not in halls:
            yield Problem("counters", f"窗口“{counter.name}”所在的大厅“{counter.hall}”不存在")
    for day in content.special_days:
        known = (not day.centre or day.centre in centres) and (not day.hall or day.hall in halls)
        if not known or (day.group and (day.hall, day.group) not in groups):
            yield Problem("special_days", f"{day.date} 的适用范围不存在:{day.centre}/{day.hall}/{day.group}")


def _circles(content: CentreFile) -> Iterator[Problem]:
    parents = {centre.code: centre.parent for centre in content.centres}
    for code in parents:
        above, seen = parents[code], {code}
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == code:
            yield Problem("centres", f"中心“{code}”的上级绕回了自己")
