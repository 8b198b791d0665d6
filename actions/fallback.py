"""Where the classifier saw no intent of ours, or one that is out of scope: the search has the last word."""

from __future__ import annotations

from actions import answers, fallback_replies, finding, hall_replies
from actions.answering import Answering
from actions.answers import what_of_it
from actions.aspects import asks_whole, names_something
from actions.guide_replies import answer_question
from actions.turn import Reply, Turn
from actions.wording import talk

# How sure the search must be of an item, where the classifier is sure that a text is out of scope: one of
# 79 held-back texts out of scope is answered so.
BEYOND_DOUBT = 0.9
# From this confidence on the classifier's refusal is beyond doubt and no items are offered.
REFUSED_FROM = 0.97


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
        if not turn.text:
            return Reply(response="utter_out_of_scope")
        if finding.beyond_doubt(turn, BEYOND_DOUBT if turn.sure else 0.0) is not None:
            return await answer_question(turn)
        found = finding.find(turn)
        if isinstance(found, finding.NotNamed) and turn.mentions:
            return hall_replies.of_centre(turn) or Reply(response="utter_out_of_scope")
        if isinstance(found, finding.Taken) and turn.mentions and not turn.sure:
            return await answer_question(turn)
        if isinstance(found, finding.Unsure) and _worth_offering(turn, found):
            turn.memory.aspects = ()
            return answers.offer(turn, found.items, talk.perhaps())
        return Reply(response="utter_out_of_scope")


def _worth_offering(turn: Turn, found: finding.Unsure) -> bool:
    """Whether items may be offered in place of a refusal: the refusal is doubtful and an item likely."""
    return turn.confidence < REFUSED_FROM and found.confidence >= finding.LIKELY
