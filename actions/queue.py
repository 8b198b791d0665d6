"""Tickets and the queue: not open in this account yet."""

from __future__ import annotations

from actions.answering import Answering
from actions.desk_replies import item_named
from actions.turn import Reply, Turn, Way
from actions.wording import desks


class TakeTicket(Answering):
    """take_ticket."""

    action = "action_take_ticket"
    gives_way = "unsure"

    async def answer(self, turn: Turn) -> Reply:
        """Where tickets are taken, and until when."""
        text = desks.ticket(turn.desk.catalogue, item_named(turn), turn.desk.now)
        return Reply(text, (Way.to("大厅在哪", "hall_info", info="address"), Way.to("找工作人员", "human")))


class Queue(Answering):
    """ask_queue."""

    action = "action_queue"
    gives_way = "unsure"

    async def answer(self, turn: Turn) -> Reply:
        """That it is not known here, and whom to ask."""
        text = desks.queue(turn.desk.catalogue, item_named(turn), turn.desk.now)
        return Reply(text, (Way.to("几点开门", "hall_info", info="hours"), Way.to("找工作人员", "human")))
