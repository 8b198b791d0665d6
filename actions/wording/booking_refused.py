"""What is said where a time, an item or an appointment is not to be had. Pure."""

from __future__ import annotations

from datetime import date, datetime

from actions.wording import booking
from hall.catalogue.schema import Item
from hall.centres.opening import SHANGHAI, DayHours


def same_time(was: datetime, now: datetime) -> str:
    """An appointment is to be moved to where it is."""
    return f"{booking.when(was, now)}就是原来约的时间。"


def none_near(item: Item) -> str:
    """There are no alternatives."""
    return f"{booking.name(item)}近一个月都没有空位。"


def past(starts: datetime, now: datetime, *, exact: bool) -> str:
    """The time named is over."""
    told = booking.when(starts, now) if exact else booking.on(starts.astimezone(SHANGHAI).date())
    return f"{told}已经过了。"


def full(first: datetime, before: datetime, now: datetime, *, exact: bool) -> str:
    """The wanted time is taken."""
    return f"{booking.stretch(first, before, now, exact=exact)}约满了。"


def closed(hours: DayHours) -> str:
    """The counter is closed that day, and why."""
    why = f"({hours.reason})" if hours.reason else ""
    return f"{booking.on(hours.day)}这个窗口不上班{why}。"


def no_more(day: date) -> str:
    """The counter is open that day, but nothing can be booked any more in the wanted time."""
    return f"{booking.on(day)}那个时段没有号了。"


def unknown_year(year: int) -> str:
    """Holidays of the year are not published."""
    return f"{year} 年的放假安排还没公布,那几天开不开门还定不下来,暂时约不了。"


def no_such_slot(first: datetime, hours: DayHours, now: datetime) -> str:
    """The counter is open, but nothing begins then."""
    spans = "、".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in hours.spans)
    return f"{booking.when(first, now)}没有号,那天 {spans} 办。"


def soon_over(first: datetime, now: datetime) -> str:
    """The slot has begun or begins too soon."""
    return f"{booking.when(first, now)}太近,约不上了。急着办可以直接到大厅取号。"


def too_far(last: date) -> str:
    """Beyond the horizon."""
    return f"现在最远能约到 {booking.on(last)}。"


def quota_gone(day: date, quota: int) -> str:
    """The item's day is full."""
    return f"{booking.on(day)}的 {quota} 个号都约完了。"


def doubtful(day: date) -> str:
    """The weekday named is not that date's."""
    return f"{day.month}月{day.day}日是周{booking.WEEKDAYS[day.weekday()]},我按这个日子看。\n"


def hold_gone(starts: datetime, now: datetime, minutes: int) -> str:
    """The hold ran out, and the place is gone."""
    return f"留位的 {minutes} 分钟过了,{booking.when(starts, now)}被别人约走了,抱歉。"


def too_many_people(limit: int) -> str:
    """More people than one booking takes."""
    return f"一次最多约 {limit} 人。人多可以分两次约,或直接到大厅取号。我先按 {limit} 人看。"


def not_bookable(item: Item) -> str:
    """The item is done without an appointment."""
    return f"{booking.name(item)}不用预约,工作时间到窗口取号就能办。"


def not_booked_here(item: Item, phone: str) -> str:
    """Bookable, but at no counter that is known here."""
    return f"{booking.name(item)}我这里约不了号,请打 {phone} 约,或直接到窗口取号。"


def begun(starts: datetime, now: datetime) -> str:
    """The appointment has begun and can no longer be changed."""
    return (
        f"{booking.when(starts, now)}的号已经开始,改不了也取消不了。还没到的话请尽快到大厅,过时了找导办台。"
    )


def gone(item: Item) -> str:
    """The item, the hall or the counter is no longer there."""
    return f"{booking.name(item)}在这里暂时约不了了,请到大厅取号,或找工作人员问。"


_BECAME = {
    "cancelled": "已经取消了",
    "expired": "没有确认,位子已经退回去了",
    "checked_in": "已经签到了",
    "late": "已经签到了",
    "no_show": "已经过了,当时没有签到",
}


def not_open(named: str, told: str, state: str) -> str:
    """What became of an appointment that can no longer be changed."""
    return f"{told}的{named}{_BECAME.get(state, '已经办过了')},改不了。"


def still_free() -> str:
    """Nothing need be waited for."""
    return "不用候补,那个时段正好有空位。"


def offer_gone() -> str:
    """The place that was offered is gone."""
    return "这个空位过时了,已经让给后面的人。"
