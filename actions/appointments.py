"""Appointments: booking a visit, moving and cancelling one, and which there are."""

from __future__ import annotations

from actions.answering import Answering
from actions.booking import appealing, form, own, waits
from actions.booking.asking import about_booking
from actions.queueing import taking
from actions.turn import Reply, Turn


class BookAppointment(Answering):
    """book_appointment."""

    action = "action_book_appointment"

    async def answer(self, turn: Turn) -> Reply:
        """Book a visit; also an appeal, and what a place that came free is answered with."""
        match turn.given("do"):
            case "appeal":
                return await appealing.begin(turn)
            case "accept":
                return await waits.accept(turn, turn.given("value"))
            case "unwait":
                return await waits.leave(turn, turn.given("value"))
        if (said := about_booking(turn)) is not None:
            return said
        return await form.begin(turn)


class ChangeAppointment(Answering):
    """change_appointment."""

    action = "action_change_appointment"
    gives_way = "unsure"

    async def answer(self, turn: Turn) -> Reply:
        """Move an appointment."""
        return await own.change(turn)


class CancelAppointment(Answering):
    """cancel_appointment."""

    action = "action_cancel_appointment"
    gives_way = "unsure"

    async def answer(self, turn: Turn) -> Reply:
        """Cancel an appointment; who has a number out and says 退号 means that."""
        return await taking.of_own(turn) or await own.cancel(turn)


class MyAppointments(Answering):
    """my_appointments."""

    action = "action_my_appointments"
    gives_way = "unsure"

    async def answer(self, turn: Turn) -> Reply:
        """The appointments there are."""
        return await own.listed(turn)
