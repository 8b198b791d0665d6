"""Taking a number: who may, for which counters, and what an appointment does to it."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import forms
from actions.queueing import arriving, errands, numbers, presence, standing
from actions.queueing.presence import Away
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import queueing
from hall.catalogue.schema import Item
from hall.centres.schema import Hall

FORM = "ticket"
# Several at once, or one for somebody else.
_MORE_THAN_ONE = re.compile(
    r"(?:[两二三四五2-9]|几)(?:个|张)(?:号|票|人)|也取一?[个张]|帮.{1,4}(?:也)?取|给.{1,6}也取"
)

_GIVES_BACK = re.compile(r"退(?:掉|了)?(?:这个|我的|刚才的)?号|号(?:退|不要)|不等了|不排了|取消(?:取|排)?号")
_COMES_BACK = re.compile(r"回来了|接着排|重新排进|排回去")


async def take(turn: Turn) -> Reply:
    """What a request for a number is answered with."""
    if _MORE_THAN_ONE.search(turn.text):
        return Reply(queueing.one_each(), (Way.to("给我自己取号", "take_ticket"), *numbers.aside(None)))
    if (own := await of_own(turn)) is not None:
        return own
    found = errands.matter(turn)
    item = found.item if found.named else None
    hall = presence.by_position(turn) or presence.known(turn)
    if isinstance(hall, Hall):
        return await for_matter(turn, hall, found) if found.named else await at_hall(turn, hall)
    tickets = await standing.mine(turn)
    if tickets and item is None:
        return standing.told(turn, tickets)
    return await ask_presence(turn, item)


async def of_own(turn: Turn) -> Reply | None:
    """Giving back or coming back in words; None where neither is said, or no number is out."""
    back, leave = _COMES_BACK.search(turn.text), _GIVES_BACK.search(turn.text)
    if not back and not leave:
        return None
    tickets = await standing.mine(turn)
    meant = [ticket for ticket in tickets if leave or ticket.can_come_back]
    if len(meant) != 1:
        return standing.told(turn, tickets) if tickets else None
    if leave:
        return await numbers.give_back(turn, meant[0].id, sure=False)
    return await numbers.come_back(turn, meant[0].id)


async def at_hall(
    turn: Turn, hall: Hall, *, item: Item | None = None, group: str = "", plain: bool = False
) -> Reply:
    """The citizen is in the hall: check an appointment in, or take a number for what they came for.

    `plain`: a number without the appointment.
    """
    if turn.memory.form is not None and turn.memory.form["kind"] == FORM:
        turn.memory.form = None
    if not plain and (checked := await arriving.check_in(turn, hall)) is not None:
        return checked
    view = turn.desk.catalogue
    if group:
        return await numbers.join(turn, hall, group, item)
    if item is not None:
        place = errands.place_in(view, item, hall)
        if place is None or place.group is None:
            return _not_here(turn, item, hall)
        return await numbers.join(turn, hall, place.group.group, item)
    tickets = [ticket for ticket in await standing.mine(turn) if ticket.hall == hall.code]
    if tickets:
        return standing.told(turn, tuple(tickets), more=True)
    return await ask_what_for(turn, hall)


async def for_matter(turn: Turn, hall: Hall, found: errands.Matter) -> Reply:
    """The number for a matter; of several, for the counters that do them all, or the question which."""
    if found.item is not None or not found.among:
        return await at_hall(turn, hall, item=found.item)
    group = errands.one_group(turn.desk.catalogue, found.among, hall)
    if group is not None:
        return await at_hall(turn, hall, group=group)
    ways = tuple(Way.to(each.name, "take_ticket", item=each.code) for each in found.among)
    return Reply(queueing.which_of_these(), ways[:MOST_WAYS])


async def ask_what_for(turn: Turn, hall: Hall) -> Reply:
    """Ask what the number is for."""
    left = await _make_way(turn)
    await forms.start(turn, {"kind": FORM, "hall": hall.code})
    asked = what_for(turn, hall)
    return replace(asked, text=f"{left}{asked.text}")


async def _make_way(turn: Turn) -> str:
    """Leave another form that is being filled, and say so: what it held is given back."""
    form = turn.memory.form
    if form is None or form["kind"] == FORM:
        return ""
    said = await forms.leave(turn)
    return f"{said}\n" if said else ""


def what_for(turn: Turn, hall: Hall) -> Reply:
    """The question what the number is for."""
    return Reply(queueing.what_for(hall), errands.group_ways(turn.desk.catalogue, hall))


async def ask_presence(turn: Turn, item: Item | None) -> Reply:
    """Ask for the position, or to scan the code in the hall."""
    left = await _make_way(turn)
    await forms.start(turn, {"kind": FORM, "item": item.code if item is not None else ""})
    asked = where(turn, item)
    return replace(asked, text=f"{left}{asked.text}")


def where(turn: Turn, item: Item | None) -> Reply:
    """The question where the citizen is."""
    return Reply(queueing.how_to_take(item, round(turn.desk.ticket_metres)), numbers.aside(item))


def away(turn: Turn, far: Away) -> Reply:
    """Too far from any hall for a number; the form stays, for the next position."""
    item = turn.desk.catalogue.get(str((turn.memory.form or {}).get("item") or ""))
    return Reply(queueing.too_far(far.near.hall, far.near.metres), numbers.aside(item))


def _not_here(turn: Turn, item: Item, hall: Hall) -> Reply:
    elsewhere = errands.places_of(turn.desk.catalogue, item)
    text = queueing.not_here(item, hall, elsewhere)
    return Reply(text, (Way.to("在哪办", "ask_place", item=item.code), *numbers.aside(item)))
