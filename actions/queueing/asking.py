"""Questions about the queue: my number, a counter before one sets out, when it is quiet, passed over."""

from __future__ import annotations

import re

from actions.queueing import errands, standing
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import contacts, queueing, quiet
from hall.catalogue.schema import Item
from hall.catalogue.view import Place
from hall.centres.schema import Hall
from hall.queue import service as queue

_PASSED = re.compile(r"过号|号(?:已经)?过了|过了号|错过|没听到|没赶上|听错号|叫过了|过了还能|插回去")
_QUIET = re.compile(
    r"人少|(?<!多)少人|高峰|不用排队|不排队|几点(?:去|来)|什么时候(?:去|来)|哪天(?:去|来)|周几|清闲|空一点|人会少"
)
_OWN = re.compile(r"我的?号|轮到我|到我|我排|我前|前面|叫我|排到哪")


async def asked(turn: Turn) -> Reply:
    """The answer to a question about the queue."""
    tickets = await standing.mine(turn)
    if _PASSED.search(turn.text):
        if any(ticket.can_come_back for ticket in tickets):
            return standing.told(turn, tickets)
        ways = standing.ways(tickets) if tickets else (Way.to("重新取号", "take_ticket"),)
        return Reply(queueing.passed_rule(turn.desk.queue_rules), ways)
    found, halls = errands.matter(turn), _halls(turn)
    if tickets and not found.named and not halls and not _QUIET.search(turn.text):
        return standing.told(turn, tickets)
    if halls and not found.named:
        found = errands.Matter()
    reply = await _before_setting_out(turn, found, halls)
    if not tickets and _OWN.search(turn.text):
        return Reply(f"{queueing.no_ticket()}\n{reply.text}", reply.ways)
    return reply


async def _before_setting_out(turn: Turn, found: errands.Matter, halls: tuple[Hall, ...]) -> Reply:
    view, item = turn.desk.catalogue, found.item
    if item is not None:
        places = errands.places_of(view, item)
        if not places:
            return Reply(queueing.no_counters(item, contacts.phone(view, item)), _ways(item))
        named = [place for place in places if place.hall in halls]
        if halls and not named:
            return Reply(queueing.not_here(item, halls[0], places), _ways(item))
        return await _at_counters(turn, item, (named or list(places))[0], places)
    hall = halls[0] if halls else next(iter(view.halls.values()), None)
    if hall is None:
        return Reply(queueing.which_matter(), _ways(None))
    if not found.among:
        return await _whole_hall(turn, hall)
    group = errands.one_group(view, found.among, hall)
    place = errands.group_place(view, hall, group) if group is not None else None
    if place is not None:
        return await _at_counters(turn, None, place, ())
    ways = tuple(Way.to(each.name, "ask_queue", item=each.code) for each in found.among)
    return Reply(queueing.which_of_these(), ways[:MOST_WAYS])


async def _at_counters(turn: Turn, item: Item | None, place: Place, places: tuple[Place, ...]) -> Reply:
    desk, group = turn.desk, place.group
    if group is None:
        return await _whole_hall(turn, place.hall)
    async with desk.read() as session:
        ahead = await queue.outlook(
            session, place.hall.code, group.group, now=desk.now, rules=desk.queue_rules
        )
    text = queueing.outlook(desk.catalogue, item, place, ahead, desk.now)
    said = quiet.told(ahead, asked=bool(_QUIET.search(turn.text)))
    others = tuple(
        Way.to(f"看{other.hall.name}", "ask_queue", item=item.code, value=other.hall.code)
        for other in places
        if item is not None and other.hall.code != place.hall.code
    )
    return Reply("\n".join(filter(None, (text, said))), (*_ways(item)[:3], *others[:2]))


async def _whole_hall(turn: Turn, hall: Hall) -> Reply:
    desk = turn.desk
    async with desk.read() as session:
        board = await queue.board(session, hall.code, now=desk.now, rules=desk.queue_rules)
    text = queueing.overview(desk.catalogue, hall, board.groups, desk.now)
    return Reply(f"{text}\n{queueing.which_matter()}", _ways(None))


def _halls(turn: Turn) -> tuple[Hall, ...]:
    """The halls that the words name, or the one that was chosen."""
    chosen = turn.desk.catalogue.hall(turn.given("value"))
    return (chosen,) if chosen is not None else turn.halls


def _ways(item: Item | None) -> tuple[Way, ...]:
    entities = {"item": item.code} if item is not None else {}
    return (
        Way.to("取号", "take_ticket", **entities),
        Way.to("预约,免排队", "book_appointment", **entities),
        Way.to("几点开门", "hall_info", info="hours"),
    )
