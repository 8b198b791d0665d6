"""A person: how to reach one today."""

from __future__ import annotations

from actions.answering import Answering
from actions.turn import Reply, Turn, Way
from actions.wording import desks


class Human(Answering):
    """human."""

    action = "action_human"
    goes_on = False

    async def answer(self, turn: Turn) -> Reply:
        """Telephone and hours, for the item spoken of; whatever was awaited is let go."""
        view = turn.desk.catalogue
        turn.memory.settle()
        text = desks.person(view, view.get(turn.memory.item), turn.desk.now)
        return Reply(
            text,
            (Way.to("按主题找", "ask_guide", topic="*"), Way.to("大厅在哪", "hall_info", info="address")),
        )
