"""Checking in, in words. Pure."""

from __future__ import annotations

from actions.wording import queueing
from hall.appointments.service import Appointment, TooEarly, TooLate
from hall.catalogue.view import CatalogueView
from hall.centres.opening import SHANGHAI
from hall.centres.schema import Hall
from hall.queue.rules import QueueRules
from hall.queue.views import TicketView
from hall.wording.dates import clock


def checked_in(view: CatalogueView, ticket: TicketView, rules: QueueRules) -> str:
    """Checked in: the number that comes first."""
    item = view.get(ticket.item_code)
    lines = [
        f"签到好了,您的号:{ticket.number}",
        queueing.standing(view, ticket),
        f"办【{item.name}】。" if item is not None else "",
        f"前面剩 {rules.soon_ahead} 人或约 {rules.soon_minutes} 分钟时,我在这里提醒您。"
        if ticket.state == "waiting"
        else "",
    ]
    return "\n".join(filter(None, lines))


def too_early(view: CatalogueView, found: TooEarly) -> str:
    """Before the window opens."""
    starts = clock(found.booking.starts.astimezone(SHANGHAI).time())
    opens = clock(found.opens.astimezone(SHANGHAI).time())
    at = queueing.counters(view, found.booking.hall, found.booking.group)
    return (
        f"您来早了:约的是今天 {starts},{opens} 起可以签到。\n"
        f"到时再扫一次码或说“签到”,就排到前面。窗口在{at}。"
    )


def too_late(found: TooLate) -> str:
    """After the window: an ordinary number, and that nothing stands against the citizen."""
    starts = clock(found.booking.starts.astimezone(SHANGHAI).time())
    closed = clock(found.closed.astimezone(SHANGHAI).time())
    return f"您约的是 {starts},{closed} 前签到才能优先。这次不算爽约,给您排普通号:\n"


def other_hall(view: CatalogueView, booking: Appointment, other: Hall | None, here: Hall) -> str:
    """The appointment is in another hall."""
    starts = clock(booking.starts.astimezone(SHANGHAI).time())
    name = other.name if other is not None else booking.hall
    where = f"({other.address})" if other is not None and other.address else ""
    item = view.get(booking.item_code)
    what = f"【{item.name}】" if item is not None else ""
    return f"您今天 {starts} 约的{what}在{name}{where},不在{here.name}。"
