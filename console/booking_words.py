"""How a booking, its history, and what stands against moving it are put into words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from console.naming import BOOKING_STATES, when
from hall.appointments.day_sheet import Happened
from hall.appointments.errors import (
    DayClosed,
    DayUnknown,
    NotASlot,
    NotToBeHad,
    QuotaFull,
    SlotFull,
    SlotPast,
    TooFarAhead,
)
from hall.appointments.service import Appointment

BOOKINGS: Final = "/console/bookings"
_KINDS: Final[Mapping[str, str]] = {
    "held": "留了号,待确认",
    "confirmed": "确认",
    "moved": "改期",
    "cancelled": "取消",
    "checked_in": "签到",
    "late": "迟到签到",
    "no_show": "记为爽约",
    "expired": "没有确认,号已放回",
    "excused": "免除这次爽约",
    "reminder_failed": "提醒没有送到,不计爽约",
    "amended": "改了内容",
}
_BY: Final[Mapping[str, str]] = {"citizen": "本人", "desk": "系统"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a booking's history."""

    at: str
    what: str
    by: str
    detail: str


def state_tag(booking: Appointment) -> tuple[str, str]:
    """The state in a word, and its tone."""
    return BOOKING_STATES[booking.state]


def lines_of(happened: Iterable[Happened]) -> list[Line]:
    """The history in words."""
    return [
        Line(when(one.at), _KINDS.get(one.kind, one.kind), _BY.get(one.by, one.by), _detail(one))
        for one in happened
    ]


def _detail(one: Happened) -> str:
    if one.kind != "moved":
        return one.detail
    # What was, as `hall.appointments.changing` writes it: a moment, hall/group, and why.
    moment, _, rest = one.detail.partition(" ")
    why = rest.partition(" ")[2]
    try:
        was = when(datetime.fromisoformat(moment))
    except ValueError:
        return one.detail
    return f"原来 {was}{';' + why if why else ''}"


def not_to_be_had(gone: NotToBeHad) -> str:
    """Why a time is not to be had, and what is near it."""
    near = "、".join(when(slot.starts) for slot in gone.alternatives)
    return f"{_why(gone)}{'最近的空号:' + near + '。' if near else '近期没有空号。'}"


def _why(gone: NotToBeHad) -> str:
    words: Mapping[type[NotToBeHad], str] = {
        SlotFull: "这个时间已经约满。",
        QuotaFull: "这个事项当天的名额已经约满。",
        DayClosed: "那天不办理。",
        DayUnknown: "那一年的放假安排还没公布,不能约。",
        NotASlot: "那个时间不办理。",
        SlotPast: "那个时间已经过了。",
        TooFarAhead: "那天还没有放号。",
    }
    return words.get(type(gone), "这个时间约不了。")


def person_of(one: Appointment, names: dict[int, str]) -> str:
    """The masked name of whom a booking is for, by the names of people."""
    name = names.get(one.person_id, "") if one.person_id is not None else ""
    return f"{name or '未留姓名'}{'(代办)' if one.for_other else ''}"


def day_address(day: date, group: str) -> str:
    """The page of a day's bookings, of one counter group where it is named."""
    query = {"day": day.isoformat()} | ({"group": group} if group else {})
    return f"{BOOKINGS}?{urlencode(query)}"
