"""The form of a number: where the citizen is, then what they came for."""

from __future__ import annotations

from actions import forms
from actions.queueing import errands, presence, taking
from actions.queueing.presence import Away
from actions.turn import Reply, Turn
from actions.wording import queueing
from hall.catalogue.schema import Item
from hall.centres.schema import Hall

# Intents under which words that name a matter answer what the number is for.
_ANSWERS = frozenset({"take_ticket", "ask_guide", "ask_place", "ask_process", "affirm", "out_of_scope"})


class TicketForm:
    """Asks for a position or a scanned code, and for the matter; nothing is taken before both are known."""

    async def take(self, turn: Turn) -> Reply | None:
        """A position, or the matter that the number is for."""
        if turn.desk.position is not None:
            return await self._at(turn)
        if not turn.text or turn.mentions or (turn.sure and turn.intent not in _ANSWERS):
            return None
        hall = self._hall(turn)
        return await _for_matter(turn, hall) if hall is not None else await self._matter(turn)

    async def again(self, turn: Turn) -> Reply:
        """Where the citizen is, or what they came for, once more."""
        hall = self._hall(turn)
        return taking.what_for(turn, hall) if hall is not None else taking.where(turn, _item(turn))

    def leave(self, turn: Turn) -> str:
        """Nothing was taken."""
        return queueing.nothing_taken()

    async def _at(self, turn: Turn) -> Reply | None:
        found = presence.by_position(turn)
        if isinstance(found, Hall):
            return await taking.at_hall(turn, found, item=_item(turn))
        return taking.away(turn, found) if isinstance(found, Away) else None

    async def _matter(self, turn: Turn) -> Reply | None:
        item = errands.item_named(turn)
        if item is None or turn.memory.form is None or item.code == turn.memory.form.get("item"):
            return None
        turn.memory.form["item"] = item.code
        return taking.where(turn, item)

    @staticmethod
    def _hall(turn: Turn) -> Hall | None:
        return turn.desk.catalogue.hall(str((turn.memory.form or {}).get("hall") or ""))


def _item(turn: Turn) -> Item | None:
    return turn.desk.catalogue.get(str((turn.memory.form or {}).get("item") or ""))


async def _for_matter(turn: Turn, hall: Hall) -> Reply | None:
    """The number for the department or the matter that the words name."""
    found = errands.matter(turn)
    group = errands.group_named(turn.desk.catalogue, hall, turn.text)
    if group is not None and not (found.named and found.item is not None):
        return await taking.at_hall(turn, hall, group=group)
    if not found.named or (found.item is None and not found.among):
        return None
    return await taking.for_matter(turn, hall, found)


forms.register(taking.FORM, TicketForm())
