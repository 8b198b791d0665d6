"""Keeping a question that nothing answered, for the admin: never what may be an answer about a person."""

from __future__ import annotations

import re

from actions.people import reading
from actions.people.asked import open_question
from actions.turn import Turn
from hall.catalogue.questions import keep_question

# A name by itself, said too late for the form that asked for it.
_LONGEST_NAME = 5
_NUMBER = re.compile(r"\d{7,}")


async def keep(turn: Turn, text: str) -> bool:
    """Keep the question, in the turn's transaction; False where it was not: nothing may say that it was."""
    if not text or _may_be_personal(turn, text):
        return False
    async with turn.desk.session() as session:
        await keep_question(session, text, turn.desk.now)
    return True


def _may_be_personal(turn: Turn, text: str) -> bool:
    if open_question(turn.memory.form) or _NUMBER.search(text):
        return True
    return len(text) <= _LONGEST_NAME and bool(reading.read(text, "name").name)
