"""Applications: not open in this account yet; what the catalogue says about doing it online."""

from __future__ import annotations

from actions.answering import Answering
from actions.desk_replies import at_desk, item_named
from actions.turn import Reply, Turn, Way
from actions.wording import desks


class ApplyOnline(Answering):
    """apply_online."""

    action = "action_apply_online"

    async def answer(self, turn: Turn) -> Reply:
        """Whether and where the item can be applied for online."""
        return await at_desk(turn, "apply_online")


class Progress(Answering):
    """ask_progress."""

    action = "action_progress"
    gives_way = "unsure"

    async def answer(self, turn: Turn) -> Reply:
        """Where to ask, and how long it usually takes."""
        text = desks.progress(turn.desk.catalogue, item_named(turn), turn.desk.now)
        return Reply(text, (Way.to("找工作人员", "human"),))
