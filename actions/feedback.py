"""Ratings, complaints, suggestions, lost and found: where they are taken today."""

from __future__ import annotations

import re

from actions import finding
from actions.answering import Answering
from actions.guide_replies import answer_question
from actions.turn import Reply, Turn, Way
from actions.wording import desks
from hall.catalogue.schema import Item

_COMPLAINS = re.compile(r"投诉|举报|告状|反映")
# Reported is what others do; complained of is what happened here.
_REPORTS = re.compile(r"举报(?!.*(?:窗口|你们|工作人员|办事员|态度|收费|红包))")
_PERSON = (Way.to("找工作人员", "human"),)


class Rate(Answering):
    """rate_service."""

    action = "action_rate"
    gives_way = "always"

    async def answer(self, turn: Turn) -> Reply:
        """Where to praise or blame."""
        view = turn.desk.catalogue
        return Reply(desks.rating(view, view.get(turn.memory.item)), _PERSON)


class Complain(Answering):
    """complain."""

    action = "action_complain"

    async def answer(self, turn: Turn) -> Reply:
        """Where a complaint is taken; the item for it (拖欠工资投诉) where one is named."""
        view = turn.desk.catalogue
        item = finding.beyond_doubt(turn, without=_COMPLAINS)
        doubtful = not turn.sure and not _COMPLAINS.search(turn.text)
        if (item is not None and _takes_complaints(item)) or (doubtful and finding.likely(turn)):
            return await answer_question(turn)
        if _REPORTS.search(turn.text):
            return Reply(desks.report(), _PERSON)
        return Reply(desks.complaint(view, view.get(turn.memory.item)), _PERSON)


def _takes_complaints(item: Item) -> bool:
    return any(_COMPLAINS.search(name) for name in (item.name, *item.aliases))


class Suggest(Answering):
    """suggest."""

    action = "action_suggest"
    gives_way = "always"

    async def answer(self, turn: Turn) -> Reply:
        """Where a suggestion is taken."""
        view = turn.desk.catalogue
        return Reply(desks.suggestion(view, view.get(turn.memory.item)), _PERSON)


class LostFound(Answering):
    """lost_found."""

    action = "action_lost_found"
    gives_way = "always"

    async def answer(self, turn: Turn) -> Reply:
        """Whom to ask for things left behind."""
        return Reply(desks.lost(turn.desk.catalogue, turn.desk.now), _PERSON)
