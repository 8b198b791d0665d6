"""Where nothing fits: say so, keep the question for the admin, offer another way."""

from __future__ import annotations

from actions import browse, kept_questions
from actions.turn import Reply, Turn
from actions.wording import talk


async def unknown(turn: Turn) -> Reply:
    """A service that the catalogue does not have: kept for the admin, in the turn's transaction."""
    kept = await kept_questions.keep(turn, turn.text)
    turn.memory.pending = None
    return Reply(talk.unknown(turn.text, kept=kept), browse.topic_ways())


async def not_understood(turn: Turn) -> Reply:
    """Neither an intent nor an item was clear: kept, too."""
    await kept_questions.keep(turn, turn.text)
    return Reply(talk.not_understood(), browse.topic_ways())
