"""Appointments: not open in this account yet; what the catalogue says, and how to come today."""

from __future__ import annotations

from actions import answers, browse, fallback_replies, finding
from actions.answering import Answering
from actions.memory import Pending
from actions.turn import Reply, Turn, Way
from actions.wording import desks
from hall.catalogue.schema import Item


async def item_or_reply(turn: Turn, of_what: str) -> Item | Reply:
    """The item that a request to a desk is about; a reply where it must first be asked, or is unknown."""
    found = finding.find(turn)
    if isinstance(found, finding.Taken):
        turn.memory.item, turn.memory.pending = found.item.code, None
        return found.item
    turn.memory.aspects = ()
    if isinstance(found, finding.Unsure):
        return answers.offer(turn, found.items, intent=turn.intent)
    if isinstance(found, finding.Unknown) and turn.sure:
        return await fallback_replies.unknown(turn)
    turn.memory.pending = Pending("item")
    return Reply(of_what, browse.topic_ways())


def item_named(turn: Turn) -> Item | None:
    """The item that is named or was spoken of, where a desk can answer without one."""
    found = finding.find(turn)
    return found.item if isinstance(found, finding.Taken) else None


class BookAppointment(Answering):
    """book_appointment."""

    action = "action_book_appointment"

    async def answer(self, turn: Turn) -> Reply:
        """Whether the item can be booked, and how to come today."""
        found = await item_or_reply(turn, desks.booking_of_what(turn.desk.catalogue))
        if isinstance(found, Reply):
            return found
        text = desks.booking(found, turn.desk.catalogue, turn.desk.now)
        return Reply(text, ways(found))


class _Elsewhere:
    """Appointments made elsewhere: `what` cannot be done with them here."""

    what = ""

    async def answer(self, turn: Turn) -> Reply:
        """That there is none here, and whom to call."""
        view = turn.desk.catalogue
        text = desks.bookings_elsewhere(self.what, view, item_named(turn), turn.desk.now)
        return Reply(text, (Way.to("找工作人员", "human"),))


class ChangeAppointment(_Elsewhere, Answering):
    """change_appointment."""

    action = "action_change_appointment"
    what = "改"


class CancelAppointment(_Elsewhere, Answering):
    """cancel_appointment."""

    action = "action_cancel_appointment"
    what = "取消"


class MyAppointments(_Elsewhere, Answering):
    """my_appointments."""

    action = "action_my_appointments"
    what = "改"


def ways(item: Item) -> tuple[Way, ...]:
    """Ways on from a desk that is not open: what helps to come prepared."""
    return (
        Way.to("要带什么", "ask_materials", item=item.code),
        Way.to("在哪办", "ask_place", item=item.code),
        Way.to("找工作人员", "human"),
        Way.to(answers.NOT_THIS, "deny", item=item.code),
    )
