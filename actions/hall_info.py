"""Questions about the halls."""

from __future__ import annotations

from actions import hall_replies
from actions.answering import Answering
from actions.guide_replies import answer_question
from actions.turn import Reply, Turn


class HallInfo(Answering):
    """hall_info."""

    action = "action_hall_info"
    gives_way = "always"

    async def answer(self, turn: Turn) -> Reply:
        """Open now, where, how to get there, parking and the small things."""
        if not turn.sure and hall_replies.has_nothing_on(turn):
            return await answer_question(turn)
        return hall_replies.answer(turn)
