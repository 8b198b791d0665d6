"""Numbers and the queue: 现场取号, 签到, 排队查询."""

from __future__ import annotations

from actions import finding
from actions.answering import Answering
from actions.guide_replies import answer_question
from actions.queueing import asking, errands, form, numbers, presence, taking
from actions.turn import Reply, Turn, Way
from actions.wording import queueing

# What registers itself as a form is loaded with the actions that begin it.
FORMS = (form.TicketForm,)


class TakeTicket(Answering):
    """take_ticket: a number, by words, by a choice, or by a code scanned in the hall."""

    action = "action_take_ticket"

    async def answer(self, turn: Turn) -> Reply:
        """Take it, or ask what is missing."""
        do, value = turn.given("do"), turn.given("value")
        if do in {"scan", "group", "plain"}:
            return await _at(turn, do, value)
        if do in {"leave", "leave_sure"} and value.isdecimal():
            return await numbers.give_back(turn, int(value), sure=do == "leave_sure")
        if do == "rejoin" and value.isdecimal():
            return await numbers.come_back(turn, int(value))
        if _means_something_else(turn):
            return await answer_question(turn)
        hall = presence.known(turn)
        if do == "another" and hall is not None:
            return await taking.ask_what_for(turn, hall)
        return await taking.take(turn)


async def _at(turn: Turn, do: str, value: str) -> Reply:
    """At a hall by code `hall` or `hall:group`; only a scanned code shows that the citizen is there."""
    code, _, group = value.partition(":")
    hall = turn.desk.catalogue.hall(code)
    if hall is None:
        return Reply(queueing.unknown_code(), (Way.to("大厅在哪", "hall_info", info="address"),))
    if do == "scan":
        presence.noted(turn, hall)
    elif presence.known(turn) != hall:
        return await taking.ask_presence(turn, None)
    return await taking.at_hall(turn, hall, group=group, plain=do == "plain")


def _means_something_else(turn: Turn) -> bool:
    """Whether the words name a matter and say nothing of a queue, and the classifier is not sure either."""
    if turn.sure or not turn.text or errands.QUEUE_WORDS.search(turn.text):
        return False
    return finding.beyond_doubt(turn) is not None


class Queue(Answering):
    """ask_queue: how many wait, how long, when it is quiet."""

    action = "action_queue"

    async def answer(self, turn: Turn) -> Reply:
        """Of the citizen's own number, of a counter, or of the hall."""
        if _means_something_else(turn):
            return await answer_question(turn)
        return await asking.asked(turn)
