"""What is said of the appointments that a citizen has. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.wording import booking
from hall.appointments.rules import BookingRules
from hall.appointments.service import Appointment, Waiting
from hall.catalogue.view import CatalogueView


def none() -> str:
    """Nothing is booked."""
    return "您现在没有预约。要约的话,说事和时间就行,例如:约下周三上午办护照。"


def listed(
    opened: Sequence[Appointment],
    waiting: Sequence[tuple[Waiting, int]],
    links: Sequence[str],
    view: CatalogueView,
    now: datetime,
) -> str:
    """All appointments with code, time and place; then what is waited for."""
    lines = [f"您约了 {len(opened)} 件:"] if opened else []
    for each, link in zip(opened, links, strict=True):
        at = booking.where_of(view, each.item_code, each.hall, each.group)
        people = f",{each.places} 人" if each.places > 1 else ""
        other = ",替别人办" if each.for_other else ""
        code = f'签到码 {each.code} <a href="{link}">打开</a>' if link else f"签到码 {each.code}"
        lines.append(f"· {booking.when(each.starts, now)} {booking.name_of(view, each.item_code)}")
        lines += [f"  {at}{people}{other}", f"  {code}"]
    for entry, before in waiting:
        lines.append(f"· {_waiting(entry, before, view, now)}")
    return "\n".join(lines)


def _waiting(entry: Waiting, before: int, view: CatalogueView, now: datetime) -> str:
    named = booking.name_of(view, entry.item_code)
    if entry.state == "offered" and entry.starts is not None and entry.offer_until is not None:
        until = booking.clock_of(entry.offer_until.isoformat())
        return f"有空位了:{booking.when(entry.starts, now)}{named},给您留到 {until}"
    told = booking.stretch(entry.first, entry.last, now)
    return f"候补中:{told}{named},{f'前面 {before} 位' if before else '您排第一位'}"


def title(each: Appointment, view: CatalogueView, now: datetime) -> str:
    """An appointment as a way on."""
    return f"{booking.when(each.starts, now)}{booking.name_of(view, each.item_code)}"


def which(cancelling: bool) -> str:
    """Several may be meant."""
    return f"您要{'取消' if cancelling else '改'}哪一个预约?"


def nothing_to(cancelling: bool) -> str:
    """There is none to change or cancel."""
    return f"您现在没有预约,不用{'取消' if cancelling else '改'}。"


def not_yours() -> str:
    """No such appointment of this citizen's."""
    return "没有找到这个预约,可能已经取消或办完了。"


def to_change(each: Appointment, view: CatalogueView, now: datetime) -> str:
    """Which appointment is being moved."""
    return f"改{booking.name_of(view, each.item_code)}的预约,原来是 {booking.when(each.starts, now)}。"


def sure(each: Appointment, view: CatalogueView, now: datetime) -> str:
    """Whether it is to be cancelled."""
    named = booking.name_of(view, each.item_code)
    return f"要取消 {booking.when(each.starts, now)}的{named}吗?\n取消了,号就让给别人;也可以改时间。"


def cancelled(each: Appointment, view: CatalogueView, now: datetime) -> str:
    """It is cancelled."""
    return f"取消好了:{booking.when(each.starts, now)}{booking.name_of(view, each.item_code)}。不算爽约。"


def going_on() -> str:
    """Back to the booking before."""
    return "接着约刚才那件。"


def going_on_cancelling() -> str:
    """Back to the question whether to cancel."""
    return "接着说刚才那件:"


def kept() -> str:
    """Nothing was cancelled."""
    return "好,预约还留着,没有取消。"


def not_waiting() -> str:
    """No such entry of this citizen's on the waitlist."""
    return "没有找到这个候补,可能已经过时或退出了。"


def waits_no_more() -> str:
    """Off the waitlist."""
    return "好,不等了,候补退掉了。"


def cannot() -> str:
    """The place cannot be taken, for a reason that lies with the citizen's other appointments."""
    return "这个空位现在约不上:您同时的预约已经满了,或者现在不能约号。请看看您的预约。"


def booked_from_waiting(told: str, code: str, rules: BookingRules) -> str:
    """A place that was waited for is booked."""
    return f"候补上了,约好了:{told}\n签到码 {code}。\n{booking.missing(rules)}"
