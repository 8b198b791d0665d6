"""What stands on an item's page, from the item, what was chosen, and the time. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from hall.catalogue.applicable import Applicable, Limit, applicable, open_questions, valid_choices
from hall.catalogue.schema import Circumstance, Item, Material
from hall.catalogue.view import CatalogueView, Place
from hall.centres.opening import DayHours, Opening, opening, schedule_of
from hall.centres.schema import Counter, Hall
from hall.wording import dates
from hall.wording.amounts import counted, sheets

_SUMMARY_MATERIALS = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the points at the top of the page."""

    name: str
    value: str
    note: str = ""
    wide: bool = False


def guide(view: CatalogueView, item: Item, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The values of the item's template; `now` is local time, `query` the circumstances chosen by tapping."""
    chosen = valid_choices(item, query)
    found = applicable(item, chosen)
    materials = [_material(item, material, chosen) for material in (*found.materials, *found.possible)]
    facts = _facts(item, found)
    return {
        "item": item,
        "questions": _questions(item, chosen),
        "chosen_words": "、".join(_labels(item, chosen)),
        "facts": facts,
        "notes": found.notes,
        "materials": materials,
        "texts": _texts(item, found),
        "places": [_place(view, place, now) for place in view.offered_at(item.code)],
        "related": view.siblings(item.code),
        "summary": _summary(found, facts),
        "version_date": item.effective.isoformat() if item.effective else f"第 {item.version or 1}",
    }


def today_in(view: CatalogueView, hall: Hall, now: datetime, counter: Counter | None = None) -> str:
    """Today's state of a hall or one of its counters, in a sentence."""
    return _state(opening(schedule_of(hall, view.special_days, counter), now), now)


def _state(state: Opening, now: datetime) -> str:
    hours = _hours(state.today)
    if state.state == "open" and state.closes is not None:
        return f"现在开着,到 {dates.clock(state.closes.time())}。今天 {hours}"
    if state.state == "unknown":
        return f"这一天的放假安排还没公布,平时 {hours},来前请打电话问"
    told = "今天不开" if not state.today.spans else "现在没开"
    told += f"({state.today.reason})" if state.today.reason else ""
    if state.opens is None:
        return told
    day = dates.near_day(state.opens.date(), now.date())
    sure = "" if state.opens_certain else "(以放假通知为准)"
    return f"{told},下次开门 {day} {dates.clock(state.opens.time())}{sure}"


def _hours(day: DayHours) -> str:
    return dates.spans(day.spans)


def _questions(item: Item, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """Circumstances that were chosen, and those on which something still depends."""
    shown = {circumstance.id for circumstance in open_questions(item, chosen)} | set(chosen)
    return [_question(item, found, chosen) for found in item.circumstances if found.id in shown]


def _question(item: Item, circumstance: Circumstance, chosen: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": circumstance.id,
        "text": circumstance.question,
        "answered": circumstance.id in chosen,
        "choices": [
            {
                "label": choice.label,
                "chosen": chosen.get(circumstance.id) == choice.id,
                "href": _href(item, {**chosen, circumstance.id: choice.id}),
            }
            for choice in circumstance.choices
        ],
    }


def _href(item: Item, chosen: Mapping[str, str]) -> str:
    return f"/h5/items/{quote(item.code, safe='')}?{urlencode(chosen)}"


def _labels(item: Item, chosen: Mapping[str, str]) -> list[str]:
    found = []
    for circumstance in item.circumstances:
        choice = circumstance.choice(chosen.get(circumstance.id, ""))
        if choice is not None:
            found.append(choice.label)
    return found


def _facts(item: Item, found: Applicable) -> list[Fact]:
    facts = [
        Fact("多久办好", _limit(found), _legal(found)),
        Fact("收费", _fees(found), _waivable(found), wide=len(found.fees) > 1),
    ]
    if found.visits is not None:
        facts.append(Fact("要跑几趟", f"{found.visits} 趟" if found.visits else "不用跑", item.visit_reason))
    if item.handling:
        facts.append(Fact("怎么办", "、".join(item.handling), item.scope))
    if item.result.name:
        facts.append(Fact("办成后给您", item.result.name, _delivery(item)))
    if item.proxy:
        facts.append(Fact("能不能代办", item.proxy, wide=True))
    if item.online_url:
        facts.append(Fact("网上办", item.online_url, wide=True))
    return facts


def _limit(found: Applicable) -> str:
    if found.kind == "即办件" and not found.promised.amount:
        return "当场办完"
    limit = found.promised if found.promised.amount is not None else found.legal
    if limit.amount is None:
        return "目录里没有写"
    return "当场办完" if limit.amount == 0 else counted(limit.amount, limit.unit)


def _legal(found: Applicable) -> str:
    notes = [found.promised.note]
    if found.legal.amount and _differs(found.legal, found.promised):
        notes.append(f"法定最长 {counted(found.legal.amount, found.legal.unit)}")
    return ";".join(note.rstrip("。") for note in notes if note)


def _differs(legal: Limit, promised: Limit) -> bool:
    return promised.amount is not None and (legal.amount, legal.unit) != (promised.amount, promised.unit)


def _fees(found: Applicable) -> str:
    if not found.fees_known:
        return "目录里没有写"
    if not found.fees:
        return "不收费"
    return ";".join(f"{fee.name} {fee.standard}".strip() for fee in found.fees)


def _waivable(found: Applicable) -> str:
    return ";".join(f"减免:{fee.waivable}" for fee in found.fees if fee.waivable)


def _delivery(item: Item) -> str:
    return item.delivery_note or ("可以寄到家" if item.delivery else "")


def _material(item: Item, material: Material, chosen: Mapping[str, str]) -> dict[str, Any]:
    lines = [_condition(item, material, chosen), _amount(material), material.standard, material.note]
    if material.valid_days:
        lines.append(f"开具不超过 {material.valid_days} 天")
    lines += [material.source_note and f"从哪里来:{material.source_note}", material.exempt]
    return {
        "name": material.name,
        "later": material.necessity == "容缺后补",
        "optional": material.necessity == "非必要",
        "exempt": material.exempt,
        "lines": [line for line in lines if line],
        "blank_form": material.blank_form,
        "sample": material.sample,
    }


def _amount(material: Material) -> str:
    told = [sheets(material), material.form, material.page_format]
    return " · ".join(part for part in told if part)


def _condition(item: Item, material: Material, chosen: Mapping[str, str]) -> str:
    """Under which circumstances it is asked for, where that is still open."""
    named = []
    for name, choices in material.when.items():
        circumstance = item.circumstance(name)
        if name in chosen or circumstance is None:
            continue
        labels = [choice.label for choice in circumstance.choices if choice.id in choices]
        named.append("或".join(labels))
    return f"{'、'.join(named)}才要" if named else ""


def _texts(item: Item, found: Applicable) -> list[dict[str, str]]:
    parts = [
        ("谁可以办", found.conditions),
        ("窗口怎么办", item.process.counter),
        ("网上怎么办", item.process.online),
    ]
    return [{"name": name, "text": text} for name, text in parts if text]


def _place(view: CatalogueView, place: Place, now: datetime) -> dict[str, str]:
    return {
        "name": place.hall.name,
        "counter": place.counter,
        "address": place.hall.address,
        "transport": place.hall.transport,
        "phone": place.hall.phone,
        "today": today_in(view, place.hall, now, place.group),
    }


def _summary(found: Applicable, facts: list[Fact]) -> str:
    names = [material.name for material in found.materials[:_SUMMARY_MATERIALS]]
    brought = f"带:{'、'.join(names)}。" if names else ""
    return f"{brought}{facts[0].name}:{facts[0].value};收费:{facts[1].value}"
