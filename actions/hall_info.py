"""Questions about the halls."""

from __future__ import annotations

from actions import counters, hall_replies
from actions.answering import Answering
from actions.answers import LONGEST_NAME
from actions.guide_replies import answer_question
from actions.turn import Reply, Turn


class HallInfo(Answering):
    """hall_info."""

    action = "action_hall_info"
    gives_way = "always"

    async def answer(self, turn: Turn) -> Reply:
        """Open now, where, how to get there, parking and the small things."""
        if (found := counters.asked_for(turn)) is not None:
            return found
        if _of_item_spoken_of(turn) or (not turn.sure and hall_replies.has_nothing_on(turn)):
            return await answer_question(turn)
        return hall_replies.answer(turn)


def _of_item_spoken_of(turn: Turn) -> bool:
    """Whether a word or two (地址, 在几楼) ask for the place of the item spoken of."""
    asked = {mention.aspect for mention in turn.mentions}
    short = bool(turn.text) and len(turn.text) <= LONGEST_NAME
    if hall_replies.asks_near(turn):
        return False
    return short and asked == {"place"} and turn.memory.item in turn.desk.catalogue.items and not turn.halls
