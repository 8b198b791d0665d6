"""Appointments: not open in this account yet; what the catalogue says, and how to come today."""

from __future__ import annotations

from actions.answering import Answering
from actions.desk_replies import at_desk, item_named
from actions.turn import Reply, Turn, Way
from actions.wording import desks


class BookAppointment(Answering):
    """book_appointment."""

    action = "action_book_appointment"

    async def answer(self, turn: Turn) -> Reply:
        """Whether the item can be booked, and how to come today."""
        return await at_desk(turn, "book_appointment")


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
    gives_way = "unsure"
    what = "改"


class CancelAppointment(_Elsewhere, Answering):
    """cancel_appointment."""

    action = "action_cancel_appointment"
    gives_way = "unsure"
    what = "取消"


class MyAppointments(_Elsewhere, Answering):
    """my_appointments."""

    action = "action_my_appointments"
    gives_way = "unsure"
    what = "改"
