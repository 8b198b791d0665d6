"""The citizen's own materials: the list for their case now; photographs with the desk to come."""

from __future__ import annotations

from actions import browse, checking, documents
from actions.answering import Answering
from actions.desk_replies import at_desk, item_named
from actions.memory import Pending
from actions.turn import Reply, Turn, Way
from actions.wording import desks, talk


class CheckMaterials(Answering):
    """check_materials."""

    action = "action_check_materials"

    async def answer(self, turn: Turn) -> Reply:
        """What must be brought in this case, held against what the citizen says they have."""
        spoken_of = turn.desk.catalogue.get(turn.memory.item)
        if turn.text and documents.only_lists(turn.text):
            if spoken_of is not None:
                return checking.check(turn, spoken_of)
            turn.memory.pending = Pending("item", desk=checking.INTENT)
            return Reply(talk.check_what(), browse.topic_ways())
        return await at_desk(turn, checking.INTENT)


class UploadMaterial(Answering):
    """upload_material."""

    action = "action_upload_material"
    gives_way = "always"

    async def answer(self, turn: Turn) -> Reply:
        """That photographs are not taken here yet."""
        item = item_named(turn)
        entities = {"item": item.code} if item is not None else {}
        ways = (Way.to("列出要带什么", "check_materials", **entities), Way.to("找工作人员", "human"))
        return Reply(desks.upload(item), ways)
