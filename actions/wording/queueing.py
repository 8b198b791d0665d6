"""Tickets and waiting in words: my number, how many before me, how long, when it is quiet. Pure."""

from __future__ import annotations

from datetime import datetime

from actions.wording import hours
from actions.wording.texts import sentence
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.opening import SHANGHAI
from hall.centres.schema import Counter, Hall
from hall.queue.errors import QueueShut
from hall.queue.outlook import Outlook
from hall.queue.rules import QueueRules
from hall.queue.views import GroupLine, TicketView, Wait
from hall.wording.dates import clock


def counters(view: CatalogueView, hall: str, group: str) -> str:
    """A counter group with its floor, and its hall where that is not the first: 一楼 A 区 5–8 号窗口."""
    found = next((each for each in view.counters_of(hall) if each.group == group), None)
    named = f"{found.floor} {found.name}".strip() if found is not None else group
    first = next(iter(view.halls), None)
    place = view.hall(hall)
    return named if hall == first or place is None else f"{place.name} {named}"


def wait(found: Wait | None) -> str:
    """A waiting time as a range; says so where nothing can be said."""
    if found is None:
        return "现在没有开着的窗口,等多久还说不准"
    if not found.today:
        return "今天下班前可能轮不到"
    if found.high <= 1:
        return "马上就到"
    if found.low == found.high:
        return f"约等 {found.high} 分钟"
    return f"约等 {found.low}–{found.high} 分钟"


def ahead(number: int) -> str:
    """How many are called before."""
    return f"前面 {number} 人" if number else "下一位就是您"


def taken(view: CatalogueView, ticket: TicketView, rules: QueueRules, *, again: bool) -> str:
    """A number that was just taken, or that the citizen has already."""
    item = view.get(ticket.item_code)
    lead = "您已经有号了" if again else "取好了"
    lines = [
        f"{lead}:{ticket.number}",
        standing(view, ticket),
        f"办【{item.name}】。" if item is not None else "",
        _reminding(rules),
    ]
    return "\n".join(filter(None, lines))


def standing(view: CatalogueView, ticket: TicketView) -> str:
    """Where a ticket stands, in a line or two."""
    at = counters(view, ticket.hall, ticket.group)
    if ticket.state in {"called", "serving"}:
        said = "正在叫您" if ticket.state == "called" else "正在办"
        return f"{said},请到 {ticket.window or at}。"
    if ticket.state == "held":
        return f"先去填表或补材料,好了告诉 {ticket.window or at} 的工作人员,回来先叫您。"
    if ticket.state == "passed":
        return f"刚才叫过您,没见到人,已过号。窗口在{at}。"
    first = "预约优先," if ticket.appointed is not None else ""
    return f"{at},{first}{ahead(ticket.ahead)},{wait(ticket.wait)}。"


def _reminding(rules: QueueRules) -> str:
    return f"前面剩 {rules.soon_ahead} 人或约 {rules.soon_minutes} 分钟时,我在这里提醒您。"


def mine(view: CatalogueView, tickets: tuple[TicketView, ...]) -> str:
    """The citizen's tickets of today, each in a line or two."""
    return "\n".join(f"{ticket.number}:{standing(view, ticket)}" for ticket in tickets)


def outlook(view: CatalogueView, item: Item | None, place: Place, found: Outlook, now: datetime) -> str:
    """A counter group before one sets out: how many wait there, how long, whether it is open."""
    head = f"【{item.name}】" if item is not None else ""
    crowd = f"{found.waiting} 人在等" if found.waiting else "没有人在等"
    lines = [f"{head}{counters(view, found.hall, found.group)}:现在{crowd}。"]
    if found.windows and not found.shut:
        lines.append(f"开着 {found.windows} 个窗口,现在取号{wait(found.wait)}。")
    state = sentence(hours.at_place(place, view, now))
    return "\n".join([*lines, state])


def overview(view: CatalogueView, hall: Hall, lines: tuple[GroupLine, ...], now: datetime) -> str:
    """A hall at a glance: where people wait."""
    busy = sorted((line for line in lines if line.waiting), key=lambda line: -line.waiting)
    said = [f"{hall.name}:{sentence(hours.of_hall(hall, view, now))}"]
    if not busy:
        return "\n".join([*said, "现在各窗口都没有人排队。"])
    said += [
        f"· {counters(view, hall.code, line.group)}:{line.waiting} 人,{wait(line.wait)}" for line in busy[:5]
    ]
    if len(busy) < len(lines):
        said.append("其余窗口没人排队。" if len(busy) <= 5 else "")
    return "\n".join(filter(None, said))


def which_matter() -> str:
    """Which matter the citizen's questions about the queue are about."""
    return "想看哪个窗口,说要办的事,例如:办社保排队吗。"


def what_for(hall: Hall) -> str:
    """In a hall, but what for is not known."""
    return f"您在{hall.name}。办什么事?说事的名字,我给您取对应窗口的号。"


def how_to_take(item: Item | None, metres: int) -> str:
    """Tickets are for those who are there: how to show it."""
    head = f"办【{item.name}】," if item is not None else ""
    return (
        f"{head}取号要人在大厅({metres} 米内)。\n"
        "请点右下角“+”发“位置”给我,或扫大厅里的取号二维码,我马上给您取号。"
    )


def too_far(hall: Hall, metres: float) -> str:
    """Not there yet."""
    away = f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{round(metres, -1):.0f} 米"
    return f"您离{hall.name}还有约 {away},到了再取号,免得过号。到了再发一次位置给我,或扫大厅里的取号二维码。"


def no_position(hall: Hall) -> str:
    """A hall whose position nobody registered."""
    return f"{hall.name}没有登记位置,请扫大厅里的取号二维码取号。"


def unknown_code() -> str:
    """A scanned code of a hall or counter that is not there (any more)."""
    return "这个取号码认不出来,可能换过了。请扫大厅里新的取号码,或问咨询台。"


def shut(view: CatalogueView, place: Place, error: QueueShut, now: datetime) -> str:
    """No tickets now: why, and when."""
    at = counters(view, place.hall.code, place.group.group if place.group else "")
    state = sentence(hours.at_place(place, view, now))
    if error.why == "early" and error.opens is not None:
        return f"{at}还没开始取号,{clock(error.opens.astimezone(SHANGHAI).time())} 起可以取。\n{state}"
    if error.why == "over":
        return f"{at}今天的号停了。\n{state}"
    if error.why == "stopped":
        return f"{at}今天不再发号:{sentence(error.reason)}\n可以预约别的日子。"
    return f"{at}今天不发号。\n{state}"


def not_here(item: Item, hall: Hall, elsewhere: tuple[Place, ...]) -> str:
    """The item is not done in the hall where the citizen is."""
    if not elsewhere:
        return f"【{item.name}】{hall.name}不办,也没有别的大厅登记能办。请问咨询台,或说“人工”。"
    where = "、".join(dict.fromkeys(place.hall.name for place in elsewhere))
    return f"【{item.name}】不在{hall.name}办,在{where}办。"


def left(number: str) -> str:
    """A ticket given back."""
    return f"{number} 退掉了。还要办,再取号就行。"


def sure_to_leave(ticket: TicketView) -> str:
    """Asked before a place in the line is given up."""
    return f"退掉 {ticket.number},再取要重新排。确定退吗?"


def back(view: CatalogueView, ticket: TicketView, rules: QueueRules) -> str:
    """Back in the line after being passed over."""
    return (
        f"{ticket.number} 回到队里了,排在后面第 {rules.back_behind} 位左右。\n"
        f"{standing(view, ticket)}\n这次再过号就要重新取号,请别走远。"
    )


def no_way_back(number: str) -> str:
    """Passed over too often."""
    return f"{number} 已经过号两次,不能再排回去了。还要办,请重新取号。"


def gone(what: str) -> str:
    """A ticket that can no longer be changed."""
    return f"这张号{what},现在动不了了。"


def passed_rule(rules: QueueRules) -> str:
    """What becomes of who misses their call."""
    return (
        f"叫号后会再叫 {rules.recalls} 遍,还没到就算过号。\n"
        f"过号可以排回去 {rules.ways_back} 次,排在后面第 {rules.back_behind} 位左右;再过号要重新取号。"
    )


def no_ticket() -> str:
    """Asked for a ticket of one's own where there is none."""
    return "您今天还没有号。"


def one_each() -> str:
    """One ticket for one account."""
    return "一个微信在同一类窗口一次取一个号。同行的人请用自己的微信扫大厅的取号码,或到取号机取。"


def group_title(counter: Counter) -> str:
    """A counter group as a way on: its departments, or its name."""
    return "、".join(counter.departments[:2]) or counter.name


def nothing_taken() -> str:
    """A number was asked for and not taken."""
    return "好,没有取号。要取的时候再说“取号”。"


def which_of_these() -> str:
    """Several matters are near what was said."""
    return "您办的是哪一件?"


def no_counters(item: Item, phone: str) -> str:
    """An item without a counter group in the catalogue."""
    return f"【{item.name}】目录里没有写在哪个窗口办,看不到排队。请打 {phone} 问。"
