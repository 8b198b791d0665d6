"""What must be brought in the citizen's case, held against what they say they have.

The check that looks at photographs (一次性告知) is a desk of its own; this one lists and compares words.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions import answers, documents, situations
from actions.memory import ANY
from actions.turn import Reply, Turn, Way
from actions.wording import checklist
from hall.catalogue.schema import Item, Material

# What a pending question of this desk carries.
DESK = "materials"
INTENT = "check_materials"


@dataclass(frozen=True, slots=True)
class Held:
    """The materials by what the citizen says of them."""

    have: tuple[Material, ...]
    lack: tuple[Material, ...]
    unsaid: tuple[Material, ...]


def check(turn: Turn, item: Item) -> Reply:
    """List what must be brought in this case; ask the circumstance that it depends on first."""
    memory = turn.memory
    memory.item, memory.pending, memory.aspects = item.code, None, ("materials",)
    if turn.given("choice") == ANY:
        memory.forget(item.code)
    memory.learn(item.code, answers.learned(turn, item))
    known = memory.known(item.code)
    circumstance = situations.open_circumstance(item, ["materials"], known)
    needed = situations.certain(item, known)
    if circumstance is None:
        needed = (*needed, *situations.uncertain(item, known))
    held = hold(needed, turn.text)
    said = held.have or held.lack
    if circumstance is None:
        text = checklist.told(item, known, held.have, held.lack, held.unsaid)
        return Reply(text, _ways(item))
    before = checklist.told(item, known, held.have, held.lack, held.unsaid) if said else ""
    return answers.ask(turn, item, circumstance, intent=INTENT, before=before, desk=DESK)


def hold(needed: tuple[Material, ...], text: str) -> Held:
    """Which of the materials a text says to be at hand or lacking (我有身份证没有户口本)."""
    said = documents.named(text)
    have, lack, unsaid = [], [], []
    for material in needed:
        marks = {there for pattern, there in said if pattern.search(material.name)}
        if not marks:
            unsaid.append(material)
        elif marks == {True}:
            have.append(material)
        else:
            lack.append(material)
    return Held(tuple(have), tuple(lack), tuple(unsaid))


def _ways(item: Item) -> tuple[Way, ...]:
    ways = [
        Way.to("换一种情况", "check_materials", item=item.code, choice=ANY) if item.circumstances else None,
        Way.to("流程", "ask_process", item=item.code),
        Way.to("在哪办", "ask_place", item=item.code),
        Way.to("预约", "book_appointment", item=item.code) if item.bookable else None,
        Way.to(answers.NOT_THIS, "deny", item=item.code),
    ]
    return tuple(way for way in ways if way is not None)
