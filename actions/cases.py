"""Applications: not open in this account yet; what the catalogue says about doing it online."""

from __future__ import annotations

from actions.answering import Answering
from actions.appointments import item_named, item_or_reply, ways
from actions.turn import Reply, Turn, Way
from actions.wording import desks


class ApplyOnline(Answering):
    """apply_online."""

    action = "action_apply_online"

    async def answer(self, turn: Turn) -> Reply:
        """Whether and where the item can be applied for online."""
        found = await item_or_reply(turn, desks.online_of_what())
        if isinstance(found, Reply):
            return found
        return Reply(desks.online(found, turn.desk.catalogue, turn.desk.now), ways(found))


class Progress(Answering):
    """ask_progress."""

    action = "action_progress"

    async def answer(self, turn: Turn) -> Reply:
        """Where to ask, and how long it usually takes."""
        text = desks.progress(turn.desk.catalogue, item_named(turn), turn.desk.now)
        return Reply(text, (Way.to("找工作人员", "human"),))
