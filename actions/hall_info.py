"""Questions about the halls."""

from __future__ import annotations

from actions import hall_replies
from actions.answering import Answering
from actions.turn import Reply, Turn


class HallInfo(Answering):
    """hall_info."""

    action = "action_hall_info"

    async def answer(self, turn: Turn) -> Reply:
        """Open now, where, how to get there, parking and the small things."""
        return hall_replies.answer(turn)
