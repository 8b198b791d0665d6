"""What the conversation holds about a citizen, and forgetting it."""

from __future__ import annotations

from actions.answering import Answering
from actions.turn import Reply, Turn, Way
from actions.wording import desks

_ERASE = "erase"


class MyData(Answering):
    """my_data."""

    action = "action_my_data"
    gives_way = "always"
    goes_on = False

    async def answer(self, turn: Turn) -> Reply:
        """What is kept; cleared where the citizen chose so."""
        memory = turn.memory
        if turn.given("info") == _ERASE:
            memory.clear()
            return Reply(desks.forgotten())
        item = turn.desk.catalogue.get(memory.item)
        text = desks.my_data(item, memory.known(memory.item))
        erase = (Way.to("清掉", "my_data", info=_ERASE),) if item is not None else ()
        return Reply(text, (*erase, Way.to("找工作人员", "human")))
