"""Numbers: taking one, giving it back, coming back after being passed over."""

from __future__ import annotations

from actions import reminders
from actions.queueing import errands, standing
from actions.turn import Reply, Turn, Way
from actions.wording import queueing
from hall.catalogue.schema import Item
from hall.centres.schema import Hall
from hall.queue import service as queue
from hall.queue.errors import NotPossible, NoWayBack, QueueShut, UnknownGroup, UnknownTicket
from hall.queue.rules import QueueTerms


async def join(turn: Turn, hall: Hall, group: str, item: Item | None, *, lead: str = "") -> Reply:
    """Take the number."""
    desk = turn.desk
    place = errands.group_place(desk.catalogue, hall, group)
    if place is None:
        return Reply(queueing.unknown_code(), aside(item))
    try:
        async with desk.session() as session:
            ticket = await queue.join(
                session,
                hall=hall.code,
                group=group,
                openid=desk.citizen,
                item_code=item.code if item is not None else "",
                terms=QueueTerms(desk.now, desk.queue_rules),
            )
            views = await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules)
    except UnknownGroup:
        return Reply(queueing.unknown_code(), aside(item))
    except QueueShut as shut:
        said = queueing.shut(desk.catalogue, place, shut, desk.now)
        return Reply(f"{lead}{said}", aside(item))
    changed(turn, hall)
    mine = next(view for view in views if view.id == ticket.id)
    text = queueing.taken(desk.catalogue, mine, desk.queue_rules, again=ticket.again)
    reply = Reply(f"{lead}{text}", standing.ways((mine,)))
    return reply if ticket.again else await reminders.offered(turn, reply, reminders.OF_THE_QUEUE)


async def give_back(turn: Turn, number: int, *, sure: bool) -> Reply:
    """Give a number back, once the citizen is sure."""
    desk = turn.desk
    ticket = next((each for each in await standing.mine(turn) if each.id == number), None)
    if ticket is None:
        return Reply(queueing.no_ticket(), aside(None))
    if not sure:
        yes = Way.to("确定退号", "take_ticket", do="leave_sure", value=str(number))
        return Reply(queueing.sure_to_leave(ticket), (yes, Way.to("不退,接着等", "ask_queue")))
    try:
        async with desk.session() as session:
            left = await queue.leave(
                session, openid=desk.citizen, ticket_id=number, terms=QueueTerms(desk.now, desk.queue_rules)
            )
    except NotPossible:
        return Reply(queueing.gone("正在办"), (Way.to("看我的号", "ask_queue"),))
    hall = desk.catalogue.hall(left.hall)
    if hall is not None:
        changed(turn, hall)
    return Reply(queueing.left(left.number), (Way.to("重新取号", "take_ticket"), *aside(None)[1:2]))


async def come_back(turn: Turn, number: int) -> Reply:
    """Back into the line after being passed over."""
    desk = turn.desk
    again = (Way.to("重新取号", "take_ticket"),)
    try:
        async with desk.session() as session:
            ticket = await queue.rejoin(
                session, ticket_id=number, openid=desk.citizen, terms=QueueTerms(desk.now, desk.queue_rules)
            )
            views = await queue.my_tickets(session, desk.citizen, now=desk.now, rules=desk.queue_rules)
    except NoWayBack as error:
        return Reply(queueing.no_way_back(error.ticket.number), again)
    except UnknownTicket:
        return Reply(queueing.no_ticket(), again)
    except NotPossible:
        return standing.told(turn, await standing.mine(turn))
    if (hall := desk.catalogue.hall(ticket.hall)) is not None:
        changed(turn, hall)
    mine = next(view for view in views if view.id == ticket.id)
    return Reply(queueing.back(desk.catalogue, mine, desk.queue_rules), standing.ways((mine,)))


def changed(turn: Turn, hall: Hall) -> None:
    """Tell those who watch the hall, once the turn is kept."""
    turn.desk.changed(f"queue:{hall.code}")
    turn.desk.changed("notices")


def aside(item: Item | None) -> tuple[Way, ...]:
    """Ways for who gets no number now."""
    entities = {"item": item.code} if item is not None else {}
    return (
        Way.to("看现在排队人数", "ask_queue", **entities),
        Way.to("预约别的时间", "book_appointment", **entities),
        Way.to("大厅在哪", "hall_info", info="address"),
    )
