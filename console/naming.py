"""What codes, moments and states are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from bot.clock import SHANGHAI
from hall.catalogue.view import CatalogueView
from hall.centres.schema import Counter
from hall.wording.dates import clock, dated, weekday

BOOKING_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "held": ("待确认", ""),
    "confirmed": ("待到", ""),
    "checked_in": ("已签到", "good"),
    "late": ("迟到", "warn"),
    "no_show": ("爽约", "bad"),
    "cancelled": ("已取消", ""),
    "expired": ("过期未确认", ""),
}


def local_day(moment: datetime) -> date:
    """The day of a moment, here."""
    return moment.astimezone(SHANGHAI).date()


def time_of(moment: datetime) -> str:
    """9:30."""
    return clock(moment.astimezone(SHANGHAI).time())


def when(moment: datetime) -> str:
    """12月2日(周三)9:30."""
    local = moment.astimezone(SHANGHAI)
    return f"{dated(local.date())}{clock(local.time())}"


def whole_day(day: date) -> str:
    """2026年12月2日 周三."""
    return f"{day.year}年{day.month}月{day.day}日 {weekday(day)}"


def hall_name(view: CatalogueView, code: str) -> str:
    """The hall's name, or its code where it is gone."""
    hall = view.hall(code)
    return hall.name if hall is not None else code


def counter_of(view: CatalogueView, hall: str, group: str) -> Counter | None:
    """The counter group, None where it is gone."""
    return next((counter for counter in view.counters_of(hall) if counter.group == group), None)


def group_name(view: CatalogueView, hall: str, group: str) -> str:
    """一楼 A 区 5–8 号窗口, or the code where it is gone."""
    counter = counter_of(view, hall, group)
    return f"{counter.floor} {counter.name}".strip() if counter is not None else group


def item_name(view: CatalogueView, code: str) -> str:
    """The item's name, or its code where it is gone."""
    item = view.get(code)
    return item.name if item is not None else code or "未说明事项"
