"""What to bring, in words: one line in a guide, a numbered list on its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions import situations
from actions.wording.texts import shortened
from hall.catalogue.schema import Item, Material
from hall.wording.amounts import sheets

MOST_IN_LINE = 5
MOST_IN_LIST = 10
_NAME_IN_LINE = 18
_STANDARD = 26
_COMMON = 100
_SILENT = "目录里没有写要带什么"
_EXEMPT = re.compile("^可?免提交[:,、 ]*")
_ORIGINAL = re.compile("^原件[,;。、]?")
_SAYS_NOT_NEEDED = re.compile("不用|可不|可以不|免|不必|不再")
_DEFERRED = "可后补(容缺:先受理,过后补交)"


def in_line(item: Item, known: Mapping[str, str]) -> str:
    """What everybody brings, and how many more depend on circumstances: the guide's line."""
    if not item.materials_known:
        return f"{_SILENT},来前先打电话问"
    sure = [material for material in situations.certain(item, known) if material.necessity == "必要"]
    more = [m for m in situations.uncertain(item, known) if m.necessity == "必要"]
    if not sure and not more:
        return "不用带材料" if not item.materials else "没有必须带的"
    told = "、".join(shortened(_short(material), _NAME_IN_LINE)[0] for material in sure[:MOST_IN_LINE])
    if len(sure) > MOST_IN_LINE:
        told += f"等 {len(sure)} 样"
    if not more:
        return told
    return f"{told};另有 {len(more)} 样看您的情况" if told else f"{len(more)} 样,看您的情况"


def in_list(item: Item, known: Mapping[str, str]) -> str:
    """A numbered list: sheets, what must be right about it, and what need not be brought."""
    if not item.materials_known:
        return f"{_SILENT}。"
    listed = (*situations.certain(item, known), *situations.uncertain(item, known))
    if not listed:
        return "不用带材料。"
    lines = [f"{number}. {_line(item, known, m)}" for number, m in enumerate(listed[:MOST_IN_LIST], 1)]
    if len(listed) > MOST_IN_LIST:
        lines.append(f"…共 {len(listed)} 样,其余见完整指南")
    return "\n".join(lines)


def about(item: Item, known: Mapping[str, str], word: str, written: re.Pattern[str]) -> str:
    """A document's line on the list, or that it is not on it; `word` is what the citizen calls it."""
    if not item.materials_known:
        return f"{_SILENT}。"
    found = [
        material
        for material in (*situations.certain(item, known), *situations.uncertain(item, known))
        if written.search(material.name)
    ]
    if not found:
        said = next((entry.a for entry in item.faq if word in entry.q or word in entry.a), "")
        return f"材料清单里没有{word}。{shortened(said, _COMMON)[0]}"
    return "\n".join(f"要:{_line(item, known, material)}" for material in found)


def count(item: Item, known: Mapping[str, str]) -> int:
    """How many materials the list shows."""
    return len(situations.certain(item, known)) + len(situations.uncertain(item, known))


def _short(material: Material) -> str:
    only_copies = material.copies and not material.originals and "复印件" not in material.name
    return f"{material.name}复印件" if only_copies else material.name


def _line(item: Item, known: Mapping[str, str], material: Material) -> str:
    told = material.name
    if counted := sheets(material):
        told += f":{counted}"
    if not all(known.get(name) in choices for name, choices in material.when.items()):
        told += f"({situations.condition(item, material.when)}才要)"
    notes = [note for note in (_necessity(material), _exempt(material), _standard(material)) if note]
    return f"{told}——{';'.join(notes)}" if notes else told


def _necessity(material: Material) -> str:
    return {"非必要": "有就带", "容缺后补": _DEFERRED}.get(material.necessity, "")


def _exempt(material: Material) -> str:
    if not material.exempt:
        return ""
    told = shortened(_EXEMPT.sub("", material.exempt), _STANDARD)[0].rstrip("。")
    if not told or _SAYS_NOT_NEEDED.search(told):
        return told or "可以不带"
    return f"{told},可以不带"


def _standard(material: Material) -> str:
    told = _ORIGINAL.sub("", material.standard) or material.note
    return shortened(told, _STANDARD)[0].rstrip("。")
