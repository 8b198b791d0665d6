"""Filling in one's own data, or somebody's whom one acts for, before anything is booked (申报人信息库)."""

from __future__ import annotations

from typing import Any

from actions import forms, whose
from actions.turn import Reply, Turn, Way
from actions.whose import Whose
from actions.wording import people_data as wording

KIND = "people"
SHOW = Way.to("看我的信息", "my_data")


async def begin(turn: Turn, state: dict[str, Any]) -> Reply:
    """Begin to fill in; `state` as `actions.whose` keeps it."""
    form: dict[str, Any] = {"kind": KIND, "whose": state}
    await forms.start(turn, form)
    return _reply(turn, await whose.ask(turn, form["whose"]))


class PeopleForm:
    """The form that asks for people and for nothing else."""

    async def take(self, turn: Turn) -> Reply | None:
        """What follows from what was said."""
        found = await whose.take(turn, _state(turn))
        return _reply(turn, found) if found is not None else None

    async def again(self, turn: Turn) -> Reply:
        """The open question once more."""
        return await whose.again(turn, _state(turn))

    def leave(self, turn: Turn) -> str:
        """What stays."""
        return wording.left()


def _state(turn: Turn) -> dict[str, Any]:
    state: dict[str, Any] = (turn.memory.form or {})["whose"]
    return state


def _reply(turn: Turn, found: Reply | Whose) -> Reply:
    if isinstance(found, Reply):
        return found
    turn.memory.form = None
    another = Way.to("再记一个替办的人", "my_data", do="fill_other")
    return Reply(wording.saved(found.named), (SHOW, another))


forms.register(KIND, PeopleForm())
