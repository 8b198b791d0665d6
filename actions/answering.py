"""What every action of ours does around its own answer.

Before: words that try to steer the bot are out of scope, a short answer to a circumstance that the bot asked
is taken as such, whatever intent the classifier saw in it (丢了 is no lost property then), and a form that is
being filled looks whether it was meant. After: a question that was left open is asked again, so that a
question in between does not end it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import answers, checking, desk_replies, distress, finding, forms, guide_replies, situations
from actions.aspects import asks_whole
from actions.booking import appealing, asking, form
from actions.memory import Pending
from actions.mischief import is_mischief
from actions.own_desk import attend
from actions.people.asked import open_question
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import talk

BOOKING = "action_book_appointment"

# A longer text is a question of its own and not the answer to a circumstance.
LONGEST_ANSWER = 14


class Answering(Action, ABC):  # type: ignore[misc] # rasa_sdk ships no types
    """An action of ours: give it a name, and what it answers."""

    action: ClassVar[str]
    # Whether a circumstance that was asked before is asked again after this answer.
    goes_on: ClassVar[bool] = True
    # When words in which the search finds an item beyond doubt are a guide question after all.
    gives_way: ClassVar[Literal["never", "unsure", "always"]] = "never"

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer one turn: utterances to the dispatcher, changed slots as events."""
        desk = await attend(tracker.sender_id)
        turn = Turn.of(desk, tracker)
        reply = await self._reply(turn)
        _say(dispatcher, reply)
        return turn.memory.events()

    @abstractmethod
    async def answer(self, turn: Turn) -> Reply:
        """What this action says."""

    async def _reply(self, turn: Turn) -> Reply:
        if distress.is_despair(turn.text):
            return _care(turn)
        if is_mischief(turn.text):
            return Reply(response="utter_out_of_scope")
        awaited, filling = turn.memory.pending, turn.memory.form
        # What is asked about a person comes before items that were offered to a question in between.
        if open_question(filling) and (filled := await forms.take(turn)) is not None:
            return _settled(turn, awaited, filled)
        reply = _circumstance_answer(turn, awaited) or await _item_answer(turn, awaited)
        if reply is None:
            if (filled := await forms.take(turn) or await appealing.heard(turn)) is not None:
                return _settled(turn, awaited, filled)
            reply = await self._answered(turn)
            if not self.goes_on and reply.response != "utter_deny":
                return reply
        return await _gone_on(turn, awaited, filling, reply)

    async def _answered(self, turn: Turn) -> Reply:
        if self.action != BOOKING and asking.wants_to_book(turn):
            return await form.begin(turn)
        if _gives_way(turn, self.gives_way):
            return await guide_replies.answer_question(turn)
        return await self.answer(turn)


def _settled(turn: Turn, awaited: Pending | None, filled: Reply) -> Reply:
    """The form goes on: a question in between that was left open is not asked again."""
    if turn.memory.pending is awaited:
        turn.memory.pending = None
    return filled


async def _gone_on(
    turn: Turn, awaited: Pending | None, filling: dict[str, Any] | None, reply: Reply
) -> Reply:
    """The answer with the question that was left open before it: the form's, or a circumstance."""
    # What this answer itself has just asked is not asked again, and waits for no other question.
    if turn.memory.pending is not None and turn.memory.pending is not awaited:
        return reply
    if filling is not None and filling is turn.memory.form and forms.active(turn):
        return await forms.gone_on(turn, reply)
    if awaited is not None and awaited is turn.memory.pending:
        return _asked_again(turn, awaited, reply)
    return reply


def _care(turn: Turn) -> Reply:
    """Whom to call; what the words also name (没发工资活不下去了) is one way on, never the answer."""
    item = finding.beyond_doubt(turn)
    ways = (Way.to(item.name, "ask_guide", item=item.code),) if item is not None else ()
    return Reply(talk.despair(), (Way.to("找工作人员", "human"), *ways))


def _gives_way(turn: Turn, when: Literal["never", "unsure", "always"]) -> bool:
    """Whether the text is a guide question, though the classifier saw another intent in it."""
    if when == "never" or (when == "unsure" and turn.sure and not asks_whole(turn.text)):
        return False
    if finding.beyond_doubt(turn) is not None:
        return True
    return not turn.sure and finding.likely(turn)


def _circumstance_answer(turn: Turn, awaited: Pending | None) -> Reply | None:
    """The answer to what was asked before, where the text is the awaited choice."""
    if awaited is None or awaited.kind != "circumstance" or not turn.text or len(turn.text) > LONGEST_ANSWER:
        return None
    item = turn.desk.catalogue.get(awaited.item)
    circumstance = item.circumstance(awaited.circumstance) if item else None
    if item is None or circumstance is None:
        return None
    choice = situations.picked(circumstance, turn.text)
    if choice is None:
        return None
    turn.memory.learn(item.code, {circumstance.id: choice})
    if awaited.desk == checking.DESK:
        return checking.check(turn, item)
    return answers.about(turn, item, list(turn.memory.aspects) or ["materials"])


async def _item_answer(turn: Turn, awaited: Pending | None) -> Reply | None:
    """The answer about one of the items just offered, where a few words pick it (首次的)."""
    if awaited is None or awaited.kind != "item" or not turn.text or len(turn.text) > LONGEST_ANSWER:
        return None
    item = finding.among_offered(turn)
    if item is None:
        return None
    if awaited.desk in desk_replies.DESKS:
        return await desk_replies.take(turn, awaited.desk, item)
    asked = list(turn.memory.aspects) if answers.only_names(turn) else answers.asked(turn, item)
    return answers.about(turn, item, asked or ["whole"])


def _asked_again(turn: Turn, awaited: Pending, reply: Reply) -> Reply:
    item = turn.desk.catalogue.get(awaited.item)
    circumstance = item.circumstance(awaited.circumstance) if item else None
    if item is None or circumstance is None or reply.response:
        return reply
    intent = "check_materials" if awaited.desk else answers.intent_of(turn.memory.aspects)
    again = answers.ask(turn, item, circumstance, intent=intent, desk=awaited.desk)
    text = f"{reply.text}\n\n{talk.going_on(item, circumstance.question)}"
    return Reply(text, again.ways[:MOST_WAYS])


def _say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    if reply.response:
        dispatcher.utter_message(response=reply.response, **reply.values)
        return
    buttons = [{"title": way.title, "payload": way.payload} for way in reply.ways[:MOST_WAYS]]
    dispatcher.utter_message(text=reply.text, buttons=buttons)
