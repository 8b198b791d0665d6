"""A whole answer about one item: its name, the lines, what the answer rests on. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from actions import situations
from actions.aspects import Aspect
from actions.wording import hours, lines, materials, places
from actions.wording.lines import Told
from actions.wording.texts import sentence, shortened
from hall.catalogue.schema import Circumstance, Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import Hall

MOST_CHOICES = 5
_NAME = 60


def header(item: Item) -> str:
    """【name】 and the department, so that a wrong guess is seen."""
    return f"【{shortened(item.name, _NAME)[0]}】{item.department}"


def footer(item: Item) -> str:
    """The version that the answer rests on: 指南 2026-10-08 版."""
    if item.effective is not None:
        return f"指南 {item.effective.isoformat()} 版"
    return f"指南第 {item.version} 版" if item.version else ""


def answer(told: Told, aspects: Sequence[Aspect], *, link: str = "") -> str:
    """The answer to `aspects`: one in full, several in a line each."""
    parts = [header(told.item)]
    if named := situations.labels(told.item, told.known):
        parts.append(f"按您的情况:{'、'.join(named)}")
    if len(aspects) == 1:
        parts.append(_titled(told, aspects[0]))
    else:
        parts += [_one_of_several(told, aspect) for aspect in aspects]
    if notes := _notes(told, aspects):
        parts.append(notes)
    parts.append(_foot(told, aspects, link))
    return "\n".join(part for part in parts if part)


def _one_of_several(told: Told, aspect: Aspect) -> str:
    return lines.line(told, aspect) if aspect == "whole" else lines.short(told, aspect)


def _titled(told: Told, aspect: Aspect) -> str:
    if aspect != "materials" or not told.item.materials:
        return lines.line(told, aspect)
    number = materials.count(told.item, told.known)
    return f"要带 {number} 样:\n{lines.line(told, aspect)}" if number else lines.line(told, aspect)


def _notes(told: Told, aspects: Sequence[Aspect]) -> str:
    """What a variant says in its own words, where it bears on what was asked."""
    if not {"time_limit", "fee", "place", "materials", "whole", "conditions", "process"} & set(aspects):
        return ""
    return "\n".join(f"注意:{shortened(note, 80)[0]}" for note in situations.notes(told.item, told.known))


def _foot(told: Told, aspects: Sequence[Aspect], link: str) -> str:
    """Version and source; the telephone where the catalogue was silent; the full guide where it is long."""
    parts = [footer(told.item)]
    if any("目录里没有写" in lines.short(told, aspect) for aspect in aspects) and told.item.phone:
        parts.append(f"可打 {told.item.phone} 问")
    if link and {"whole", "materials", "process"} & set(aspects):
        parts.append(f'<a href="{link}">完整指南</a>')
    return " · ".join(part for part in parts if part)


def common_answer(item: Item, said: str) -> str:
    """What the item's common questions (常见问题) say."""
    return "\n".join((header(item), sentence(shortened(said, lines.LONG_FIELD)[0]), footer(item)))


def documents_answer(
    item: Item, known: Mapping[str, str], named: Sequence[tuple[str, re.Pattern[str]]]
) -> str:
    """Whether the documents that were asked about are on the list, and how they are wanted."""
    found = [materials.about(item, known, word, written) for word, written in named]
    return "\n".join((header(item), *found, footer(item)))


def hall_answer(item: Item, view: CatalogueView, now: datetime, named: Sequence[Hall], text: str) -> str:
    """Whether the halls that were asked about do the item, where in them, and when."""
    doing = {place.hall.code: place for place in places.halls(item, view)}
    lines_ = []
    for hall in named:
        place = doing.get(hall.code)
        if place is None:
            lines_.append(f"{hall.name}办不了这件事。")
        else:
            when = sentence(hours.at_place(place, view, now, text))
            lines_.append(f"{sentence(f'{places.full(place)}能办')}\n{when}")
    if not any(hall.code in doing for hall in named) and doing:
        lines_.append(f"请到:{'、'.join(places.full(place) for place in doing.values())}。")
    return "\n".join((header(item), *lines_, footer(item)))


def question(item: Item, circumstance: Circumstance, aspects: Sequence[Aspect], before: str = "") -> str:
    """A circumstance asked, with what hangs on it; after what could be said already, or the item's name."""
    asked = [lines.TITLES[aspect] for aspect in aspects if aspect != "whole" and "都要带" not in before]
    why = f"{'、'.join(asked)},看您的情况:" if asked else ""
    return f"{before or header(item)}\n{why}{circumstance.question}"


def before_asking(told: Told, aspects: Sequence[Aspect]) -> str:
    """What everybody brings, where nothing is known yet of the circumstances that the rest depends on."""
    if list(aspects) != ["materials"] or told.known or not situations.certain(told.item, told.known):
        return ""
    return f"{header(told.item)}\n都要带:{materials.in_line(told.item, told.known)}"


def which_of(items: Sequence[Item], *, again: bool = False) -> str:
    """Asked where one of several items may be meant; `again` where they were just offered."""
    if again:
        return "先说定是哪一件,我再接着答:"
    return "您要办的是哪一件?" if len(items) > 1 else f"您问的是【{items[0].name}】吗?"
