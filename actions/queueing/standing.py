"""The citizen's own numbers: where they stand, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import queueing
from hall.queue import service as queue
from hall.queue.views import TicketView


async def mine(turn: Turn) -> tuple[TicketView, ...]:
    """The citizen's open numbers of today."""
    desk = turn.desk
    async with desk.read() as session:
        return await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules)


def told(turn: Turn, tickets: Sequence[TicketView], *, more: bool = False) -> Reply:
    """Where the numbers stand. `more`: another number can be taken from here."""
    if not tickets:
        return Reply(queueing.no_ticket(), (Way.to("取号", "take_ticket"), Way.to("看排队", "ask_queue")))
    found = ways(tickets)
    if more:
        found = (*found[: MOST_WAYS - 1], Way.to("再办别的事,再取号", "take_ticket", do="another"))
    return Reply(queueing.mine(turn.desk.catalogue, tuple(tickets)), found)


def ways(tickets: Sequence[TicketView]) -> tuple[Way, ...]:
    """What can be done with numbers: come back, look again, give back."""
    several = len(tickets) > 1

    def named(title: str, ticket: TicketView) -> str:
        return f"{title} {ticket.number}" if several else title

    back = [
        Way.to(named("我回来了,接着排", ticket), "take_ticket", do="rejoin", value=str(ticket.id))
        for ticket in tickets
        if ticket.can_come_back
    ]
    leave = [
        Way.to(named("退号", ticket), "take_ticket", do="leave", value=str(ticket.id))
        for ticket in tickets
        if ticket.state != "serving"
    ]
    found = [*back, Way.to("看排到哪了", "ask_queue"), *leave]
    return tuple(found[:MOST_WAYS])
