"""Where nothing fits: say so, keep the question for the admin, offer another way."""

from __future__ import annotations

from actions import browse
from actions.turn import Reply, Turn
from actions.wording import talk
from hall.catalogue.questions import keep_question


async def unknown(turn: Turn) -> Reply:
    """A service that the catalogue does not have: kept for the admin, in the turn's transaction."""
    async with turn.desk.session() as session:
        await keep_question(session, turn.text, turn.desk.now)
    turn.memory.pending = None
    return Reply(talk.unknown(turn.text), browse.topic_ways())


async def not_understood(turn: Turn) -> Reply:
    """Neither an intent nor an item was clear: kept, too."""
    if turn.text:
        async with turn.desk.session() as session:
            await keep_question(session, turn.text, turn.desk.now)
    return Reply(talk.not_understood(), browse.topic_ways())
