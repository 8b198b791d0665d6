"""Ratings, complaints, suggestions, lost and found: where they are taken today."""

from __future__ import annotations

from actions import finding
from actions.answering import Answering
from actions.turn import Reply, Turn, Way
from actions.wording import desks

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
        """Where a complaint is taken."""
        view = turn.desk.catalogue
        item = finding.beyond_doubt(turn)
        ways = (Way.to(item.name, "ask_guide", item=item.code),) if item is not None else ()
        return Reply(desks.complaint(view, view.get(turn.memory.item)), (*ways, *_PERSON))


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
