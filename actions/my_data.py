"""What the conversation holds about a citizen, and forgetting it."""

from __future__ import annotations

import re

from actions import matters
from actions.answering import Answering
from actions.guide_replies import answer_question
from actions.turn import Reply, Turn, Way
from actions.wording import desks

_ERASE = "erase"
# Citizens speak of them as data that are kept about them (我的身份证照片).
_KEPT_ALIKE = frozenset({"身份证"})
# Without one of these words a text is not about what is kept here (注销).
_DATA = re.compile(
    r"我|你们|信息|资料|数据|隐私|账[号户]|绑|授权|同意|记录|手机|电话|照片|实名|个人|地址|名字|销号|清|删"
)


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
        if turn.text and not _is_about_data(turn):
            return await answer_question(turn)
        item = turn.desk.catalogue.get(memory.item)
        text = desks.my_data(item, memory.known(memory.item))
        erase = (Way.to("清掉", "my_data", info=_ERASE),) if item is not None else ()
        return Reply(text, (*erase, Way.to("找工作人员", "human")))


def _is_about_data(turn: Turn) -> bool:
    """Whether a text is about what this conversation keeps, not what an office does (医保里登记的手机号)."""
    if not _DATA.search(turn.text):
        return False
    return not matters.speaks_of_any(turn.desk.catalogue, turn.text, but=_KEPT_ALIKE)
