"""What is said to who may not book for a while, or has as much as one may have. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.wording import booking
from hall.appointments.penalties import Standing
from hall.appointments.rules import BookingRules
from hall.appointments.service import Appointment
from hall.catalogue.view import CatalogueView
from hall.centres.opening import SHANGHAI


def barred(standing: Standing, rules: BookingRules, now: datetime) -> str:
    """Booking is barred: since which visit, until when, and what can be done."""
    missed = "、".join(booking.when(at, now) for at in standing.counted)
    if standing.kind == "blacklisted" or standing.until is None:
        return (
            f"您 {rules.blacklist_window_days} 天内有 {len(standing.counted)} 次约了没来({missed}),"
            "暂时不能约号,要工作人员解除。\n"
            "有特殊情况可以申诉,工作人员会看。急着办可以直接到大厅取号。"
        )
    until = standing.until.astimezone(SHANGHAI)
    return (
        f"您现在还不能约号,到 {booking.when(until, now)} 才行:上次约了{missed}没来。\n"
        "有特殊情况可以申诉,工作人员会看。急着办可以直接到大厅取号,不受影响。"
    )


def too_many_open(limit: int, opened: Sequence[Appointment], view: CatalogueView, now: datetime) -> str:
    """As many appointments are open as one may have."""
    lines = [f"一人最多同时约 {limit} 件,您已经有:"]
    lines += [
        f"· {booking.when(each.starts, now)} {booking.name_of(view, each.item_code)}" for each in opened
    ]
    lines.append("先取消一件,才能再约;也可以改其中一件的时间。")
    return "\n".join(lines)


def already_booked(same: Appointment, view: CatalogueView, now: datetime) -> str:
    """The same person has an appointment at that time."""
    return f"{booking.when(same.starts, now)}您已经约了{booking.name_of(view, same.item_code)},请换个时间。"


def too_many_waiting(limit: int) -> str:
    """As many waitlist entries are open as one may have."""
    return f"最多同时候补 {limit} 件,您已经有这么多了。先退一件,才能再候补。"


def appeal_reason() -> str:
    """Asked to appeal: why?"""
    return "好,我替您记下申诉。请用一两句话说清那天为什么没来,例如:住院了,有病历。"


def appeal_again() -> str:
    """The same after a question in between."""
    return "接着说申诉:请用一两句话说清那天为什么没来。"


def appeal_kept(number: int) -> str:
    """The appeal is recorded."""
    return (
        f"申诉记下了,编号 {number}。工作人员看过以后,结果我会告诉您。\n"
        "要补充原因,直接说“申诉”加原因就行。急着办可以先到大厅取号。"
    )


def appeal_open(number: int, created: datetime, now: datetime) -> str:
    """An appeal is waiting to be decided."""
    return (
        f"您的申诉(编号 {number},{booking.when(created, now)}提交)还在等工作人员看,有结果我会告诉您。\n"
        "要补充原因,直接说“申诉”加原因就行。"
    )


def appeal_decided(number: int, *, granted: bool, reason: str) -> str:
    """What was decided."""
    if granted:
        return f"申诉(编号 {number})通过了:{reason}\n限制已经解除,可以约号了。"
    return f"申诉(编号 {number})没有通过:{reason}"


def nothing_against() -> str:
    """Nothing stands against booking."""
    return "我查了,您现在没有被限制约号,不用申诉,可以直接约。"


def appeal_left() -> str:
    """The appeal was left."""
    return "好,先不申诉,什么都没有提交。"
