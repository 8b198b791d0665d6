"""For whom something is done: consent, name, ID number and phone, for the citizen or somebody they act for.

Used by forms: `state` is a dict in the form, changed in place. `hint` before `ask` where a sentence may say
for whom; `take` with each turn, also where nothing is open (a correction, 换个人); `again` after a question
in between. Where consent is refused the form is left, and the reply says what is possible without.
"""

from __future__ import annotations

from typing import Any

from actions.people import relations, steps
from actions.people.filling import Filling, Whose
from actions.people.keeping import Keeping
from actions.turn import Reply, Turn, Way
from actions.wording import people as wording

__all__ = ["Whose", "again", "ask", "change", "change_way", "hint", "is_open", "take"]


def hint(state: dict[str, Any], text: str) -> None:
    """Remember for whom a sentence says it is (给我妈约, 帮朋友办); nothing where it says nothing."""
    whom = relations.in_sentence(text)
    if whom is not None:
        state["for"] = "self" if whom.kin == "self" else "other"
        state.update(kin=whom.kin, called=whom.called if whom.kin != "self" else "")


def is_open(state: dict[str, Any]) -> bool:
    """Whether a question is waiting for its answer."""
    return bool(state.get("ask"))


async def ask(turn: Turn, state: dict[str, Any]) -> Reply | Whose:
    """The next question; whom it is for at once, where all of it is known."""
    async with turn.desk.read() as session:
        return await Filling(turn, Keeping.at(turn.desk, session), state).next()


async def take(turn: Turn, state: dict[str, Any]) -> Reply | Whose | None:
    """What follows from what the citizen said; None where it is no answer."""
    step = steps.read(turn, state)
    if step is None:
        return None
    async with turn.desk.session() as session:
        return await Filling(turn, Keeping.at(turn.desk, session), state).take(step)


async def again(turn: Turn, state: dict[str, Any]) -> Reply:
    """The open question once more; where none is left, a way on with whom it is for."""
    found = await ask(turn, state)
    if isinstance(found, Reply):
        return found
    return Reply(wording.known(found.named), (steps.way("继续", "person", str(found.person_id)),))


async def change(turn: Turn, state: dict[str, Any]) -> Reply | Whose:
    """Ask for whom it is, though it was known: the people kept, somebody new, the citizen."""
    state.clear()
    state["for"] = "other"
    return await ask(turn, state)


def change_way() -> Way:
    """The way on that asks for whom it is."""
    return steps.way("换个人", "for")
