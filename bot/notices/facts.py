"""A notice's values in words: names of item, hall and counter, days and times as they are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import SHANGHAI
from hall.catalogue.view import CatalogueView
from hall.wording.dates import clock, dated, near_day

_LONGEST_NAME = 60
_LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of one notice, read with the catalogue at hand. What is missing is ""."""

    values: Mapping[str, str]
    view: CatalogueView
    now: datetime
    code: str = ""
    """The check-in code (签到码) of the appointment."""

    def get(self, name: str) -> str:
        """A value as it stands."""
        return self.values.get(name, "")

    @property
    def item(self) -> str:
        """The item's name."""
        found = self.view.get(self.get("item"))
        return _cut(found.name if found else "", _LONGEST_NAME)

    @property
    def matter(self) -> str:
        """The item in brackets, as the bot names it: 【居民身份证到期换领】."""
        return f"【{self.item}】" if self.item else ""

    @property
    def hall(self) -> str:
        """The hall's name."""
        found = self.view.halls.get(self.get("hall"))
        return found.name if found else ""

    @property
    def counter(self) -> str:
        """The counter group with its floor: 一楼 A 区 5–8 号窗口."""
        here = (self.get("hall"), self.get("group"))
        found = next((group for group in self.view.counters if (group.hall, group.group) == here), None)
        return f"{found.floor} {found.name}".strip() if found else ""

    @property
    def place(self) -> str:
        """Hall and counter."""
        return " ".join(part for part in (self.hall, self.counter) if part)

    @property
    def window(self) -> str:
        """The counter (窗口) as it is called: 6 号窗口."""
        name = self.get("window").strip()
        return f"{name} 号窗口" if name.isdecimal() else name

    @property
    def reason(self) -> str:
        """Why, as staff wrote it."""
        return _cut(self.get("reason").strip().rstrip("。"), _LONGEST_REASON)

    def moment(self, name: str) -> datetime | None:
        """A moment among the values, in Asia/Shanghai."""
        try:
            return datetime.fromisoformat(self.get(name)).astimezone(SHANGHAI)
        except ValueError:
            return None

    def when(self, name: str) -> str:
        """A moment as it is said: 明天(周三)9:30."""
        moment = self.moment(name)
        if moment is None:
            return ""
        return f"{near_day(moment.date(), self.now.astimezone(SHANGHAI).date())} {clock(moment.time())}"

    def date_and_time(self, name: str) -> str:
        """A moment without 今天 or 明天, for where it may be read days later: 12月2日(周三)9:30."""
        moment = self.moment(name)
        return f"{dated(moment.date())}{clock(moment.time())}" if moment else ""

    def dates_and_times(self, name: str) -> tuple[str, ...]:
        """Several moments, kept with blanks between them, each as `date_and_time` says one."""
        found = (datetime.fromisoformat(each).astimezone(SHANGHAI) for each in self.get(name).split())
        return tuple(f"{dated(moment.date())}{clock(moment.time())}" for moment in found)

    def minutes_to(self, name: str) -> int | None:
        """Minutes from now until a moment among the values; None where it is past or missing."""
        moment = self.moment(name)
        if moment is None or moment <= self.now:
            return None
        return -(-(moment - self.now) // timedelta(minutes=1))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
