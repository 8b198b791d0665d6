"""What stands on an item's page, from the item, what was chosen, and the time. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.h5 import papers
from bot.h5.facts import Fact, facts, lead
from bot.h5.links import item_href, outside, phones
from bot.h5.places import spots_of_item
from hall.catalogue.applicable import Applicable, applicable, open_questions, valid_choices
from hall.catalogue.schema import Circumstance, Item
from hall.catalogue.view import CatalogueView

_SUMMARY_MATERIALS: Final = 4
_NUMBERED: Final = re.compile(r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[.、.)）]\s*")


def guide(view: CatalogueView, item: Item, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The values of the item's template; `now` is local time, `query` the circumstances chosen by tapping.

    What the query names beside the item's own circumstances is passed over.
    """
    chosen = valid_choices(item, query)
    found = applicable(item, chosen)
    grouped = papers.groups(item, found)
    told = facts(item, found)
    return {
        "item": item,
        "lead": lead(item, found),
        "questions": _questions(item, chosen),
        "chosen_words": "、".join(_labels(item, chosen)),
        "afresh": item_href(item.code) if chosen else "",
        "facts": told,
        "notes": found.notes,
        "groups": grouped,
        "papers_count": papers.count(grouped),
        "materials_known": item.materials_known,
        "texts": _texts(item, found),
        "spots": spots_of_item(view, item, found, now),
        "phone": phones(item.phone),
        "complaint_phone": phones(item.complaint_phone),
        "result_sample": outside(item.result.sample),
        "remedy": _remedy(item),
        "related": view.siblings(item.code),
        "summary": _summary(found, told),
        "version": _version(item),
    }


def steps(text: str) -> tuple[str, ...]:
    """The steps of a process whose lines are all numbered, without their numbers; else nothing."""
    lines = [line for line in text.splitlines() if line.strip()]
    matched = [(_NUMBERED.match(line), line) for line in lines]
    if len(lines) < 2 or any(found is None for found, _ in matched):
        return ()
    return tuple(line[found.end() :].strip() for found, line in matched if found is not None)


def _questions(item: Item, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """Circumstances that were chosen, and those on which something still depends."""
    shown = {circumstance.id for circumstance in open_questions(item, chosen)} | set(chosen)
    asked = [circumstance for circumstance in item.circumstances if circumstance.id in shown]
    return [_question(item, circumstance, place, chosen) for place, circumstance in enumerate(asked, 1)]


def _question(
    item: Item, circumstance: Circumstance, place: int, chosen: Mapping[str, str]
) -> dict[str, Any]:
    anchor = f"q{place}"
    others = {name: choice for name, choice in chosen.items() if name != circumstance.id}

    def href(choice: str) -> str:
        """A second tap takes the choice back."""
        taken_back = chosen.get(circumstance.id) == choice
        return item_href(item.code, others if taken_back else {**others, circumstance.id: choice}, anchor)

    return {
        "anchor": anchor,
        "text": circumstance.question,
        "answered": circumstance.id in chosen,
        "choices": [
            {
                "label": choice.label,
                "note": choice.note,
                "chosen": chosen.get(circumstance.id) == choice.id,
                "href": href(choice.id),
            }
            for choice in circumstance.choices
        ],
    }


def _labels(item: Item, chosen: Mapping[str, str]) -> list[str]:
    named = [(circumstance, chosen.get(circumstance.id, "")) for circumstance in item.circumstances]
    choices = [circumstance.choice(choice) for circumstance, choice in named]
    return [choice.label for choice in choices if choice is not None]


def _texts(item: Item, found: Applicable) -> list[dict[str, Any]]:
    parts = [
        ("who", "谁可以办", found.conditions),
        ("counter", "窗口怎么办", item.process.counter),
        ("online", "网上怎么办", item.process.online),
    ]
    return [
        {"id": id_, "name": name, "text": text, "steps": steps(text)} for id_, name, text in parts if text
    ]


def _remedy(item: Item) -> str:
    """Where to turn against the decision (行政复议法, 行政诉讼法)."""
    ways = [
        f"向{item.review}申请行政复议" if item.review else "",
        f"向{item.litigation}提起行政诉讼" if item.litigation else "",
    ]
    told = ",也可以".join(way for way in ways if way)
    return f"对办理结果不服,可以{told}。" if told else ""


def _version(item: Item) -> str:
    """The version that the page shows: 2026-10-08 版, or its number where no day is known."""
    if item.effective is not None:
        return f"{item.effective.isoformat()} 版"
    return f"第 {item.version} 版" if item.version else ""


def _summary(found: Applicable, told: list[Fact]) -> str:
    """The page in a sentence, for a card that is shared."""
    names = [material.name for material in found.materials[:_SUMMARY_MATERIALS]]
    more = "等" if len(found.materials) > _SUMMARY_MATERIALS else ""
    brought = f"带:{'、'.join(names)}{more}。" if names else ""
    return f"{brought}{told[0].name}:{told[0].value};{told[1].name}:{told[1].value}"
