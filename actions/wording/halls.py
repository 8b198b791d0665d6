"""Halls in words: open or not, address, how to get there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from actions.wording import hours, places
from actions.wording.texts import sentence
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.schema import Hall

_MOST_COUNTERS = 6


def silent() -> str:
    """The catalogue knows no hall."""
    return "目录里没有写大厅的地址和时间,请找工作人员问。"


def overview(view: CatalogueView, now: datetime) -> str:
    """All halls with address and state."""
    return "\n".join(["我们有这些办事点:", *(_entry(hall, view, now) for hall in view.halls.values())])


def of_hall(hall: Hall, view: CatalogueView, now: datetime) -> str:
    """Everything to find a hall at the right time."""
    usual = hours.usual_week(view.schedule(hall))
    lines = [
        f"【{hall.name}】",
        sentence(hours.of_hall(hall, view, now)),
        sentence(f"地址:{hall.address}") if hall.address else "",
        sentence(f"怎么去:{hall.transport}") if hall.transport else "",
        sentence(f"停车:{hall.parking}") if hall.parking else "",
        f"电话:{hall.phone}" if hall.phone else "",
        sentence(f"平常:{usual}"),
    ]
    return "\n".join(line for line in lines if line)


def hours_of(shown: Sequence[Hall], view: CatalogueView, now: datetime, text: str) -> str:
    """Whether the halls are open: now, or on the day that the text asks for. Halls alike share a line."""
    alike: dict[str, list[str]] = {}
    for hall in shown:
        alike.setdefault(hours.of_hall(hall, view, now, text), []).append(hall.name)
    lines = [sentence(f"{'、'.join(names)}:{said}") for said, names in alike.items()]
    if len(shown) == 1:
        lines.append(sentence(f"平常:{hours.usual_week(view.schedule(shown[0]))}"))
    note = shown[0].hours_note
    if note and (len(shown) == 1 or hours.about_saturday(view.schedule(shown[0]), now, text)):
        lines.append(sentence(note if len(shown) == 1 else f"{shown[0].name}{note}"))
    return "\n".join(lines)


def counters(name: str, there: Sequence[Place], view: CatalogueView, now: datetime, text: str) -> str:
    """Where the counters of a matter are, and when they are open: now or on the day that the text names."""
    lines = [f"【{name}】的窗口:"]
    lines += [
        f"· {places.in_hall(place)}:{hours.at_place(place, view, now, text)}"
        for place in there[:_MOST_COUNTERS]
    ]
    return "\n".join(lines)


def phones(name: str, numbers: Mapping[str, str], view: CatalogueView, now: datetime) -> str:
    """The telephones of a matter, by topic; the hall's where the catalogue has none."""
    main = next(iter(view.halls.values()))
    lines = [f"· {topic}:{number}" for topic, number in numbers.items()] or [f"· {main.name}:{main.phone}"]
    if len(lines) == 1:
        lines = [f"电话:{lines[0].split(':')[1]}"]
    return "\n".join([f"【{name}】", *lines, sentence(f"{main.name}:{hours.of_hall(main, view, now)}")])


def near(
    shown: Sequence[Hall],
    view: CatalogueView,
    now: datetime,
    *,
    metres: Mapping[str, float],
    item: Item | None,
) -> str:
    """The halls in order of distance where it is known, with their state."""
    subject = f"能办【{item.name}】的" if item is not None else "办事"
    head = f"{subject}点,近的在前(直线距离):" if metres else f"{subject}点:"
    lines = [_entry(hall, view, now, metres.get(hall.code)) for hall in shown]
    if not metres:
        lines.append("发来您的位置(聊天框右边“+”里的“位置”),我告诉您哪个近。")
    return "\n".join([head, *lines])


def _entry(hall: Hall, view: CatalogueView, now: datetime, metres: float | None = None) -> str:
    far = f",{_distance(metres)}" if metres is not None else ""
    return f"· {places.with_address(hall.name, hall)}{far}:{hours.of_hall(hall, view, now)}"


def _distance(metres: float) -> str:
    if metres < 100:
        return "不到 100 米"
    return f"约 {round(metres, -2):.0f} 米" if metres < 950 else f"约 {metres / 1000:.1f} 公里"
