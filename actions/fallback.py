"""Where the classifier saw no intent of ours, or one that is out of scope: the search has the last word."""

from __future__ import annotations

from actions import fallback_replies, finding
from actions.answering import Answering
from actions.answers import what_of_it
from actions.aspects import asks_whole, names_something
from actions.guide import answer_question
from actions.turn import Reply, Turn


class Fallback(Answering):
    """nlu_fallback: the classifier was not sure."""

    action = "action_fallback"

    async def answer(self, turn: Turn) -> Reply:
        """The item that the text is near to, if any; else that it was not understood."""
        if turn.mentions or asks_whole(turn.text) or what_of_it(turn.text) or names_something(turn.text, ()):
            asks = bool(turn.mentions) or asks_whole(turn.text)
            return await answer_question(turn, unknown=None if asks else fallback_replies.not_understood)
        return await fallback_replies.not_understood(turn)


class OutOfScope(Answering):
    """out_of_scope."""

    action = "action_out_of_scope"

    async def answer(self, turn: Turn) -> Reply:
        """Say so; unless the words name an item beyond doubt, or ask on about the one spoken of."""
        if turn.text and _about_an_item(turn):
            return await answer_question(turn)
        return Reply(response="utter_out_of_scope")


def _about_an_item(turn: Turn) -> bool:
    if turn.sure:
        return False
    found = finding.find(turn)
    return isinstance(found, finding.Taken) and (found.named or bool(turn.mentions))
