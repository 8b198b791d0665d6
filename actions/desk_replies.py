"""Requests to a desk that are about an item: find it, ask for it, and go on to the desk once it is named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from actions import answers, browse, checking, fallback_replies, finding
from actions.booking import form
from actions.memory import Pending
from actions.turn import Reply, Turn, Way
from actions.wording import booking, desks, talk
from hall.catalogue.schema import Item

Desk = Callable[[Turn, Item], Reply | Awaitable[Reply]]


async def book(turn: Turn, item: Item) -> Reply:
    """Book a visit for the item."""
    return await form.begin(turn, item)


def apply(turn: Turn, item: Item) -> Reply:
    """Whether and where the item can be applied for online."""
    return Reply(desks.online(item, turn.desk.catalogue, turn.desk.now), ways(item))


# By the intent that asks for it: the desk, and what is said where no item is named.
DESKS: dict[str, tuple[Desk, Callable[[], str]]] = {
    "book_appointment": (book, booking.ask_item),
    "apply_online": (apply, desks.online_of_what),
    checking.INTENT: (checking.check, talk.check_what),
}


async def at_desk(turn: Turn, intent: str) -> Reply:
    """What the desk says about the item; asks for the item where it is not named."""
    if intent == "book_appointment":
        return await form.begin(turn)
    found = finding.find(turn)
    turn.memory.aspects = ()
    if isinstance(found, finding.Taken):
        return await take(turn, intent, found.item)
    if isinstance(found, finding.Unsure):
        return answers.offer(turn, found.items, intent=intent)
    if isinstance(found, finding.Unknown) and turn.sure:
        return await fallback_replies.unknown(turn)
    turn.memory.pending = Pending("item", desk=intent)
    return Reply(DESKS[intent][1](), browse.topic_ways())


async def take(turn: Turn, intent: str, item: Item) -> Reply:
    """Go to the desk with the item."""
    turn.memory.item, turn.memory.pending = item.code, None
    said = DESKS[intent][0](turn, item)
    return await said if isinstance(said, Awaitable) else said


def awaiting(turn: Turn) -> str:
    """The intent of the desk that waits for an item to be named; "" where none does."""
    pending = turn.memory.pending
    waits = pending is not None and pending.kind == "item" and pending.desk in DESKS
    return pending.desk if pending is not None and waits else ""


def item_named(turn: Turn) -> Item | None:
    """The item that is named or was spoken of, where a desk can answer without one."""
    found = finding.find(turn)
    return found.item if isinstance(found, finding.Taken) else None


def ways(item: Item) -> tuple[Way, ...]:
    """Ways on from a desk that is not open: what helps to come prepared."""
    return (
        Way.to("要带什么", "ask_materials", item=item.code),
        Way.to("在哪办", "ask_place", item=item.code),
        Way.to("找工作人员", "human"),
        Way.to(answers.NOT_THIS, "deny", item=item.code),
    )
