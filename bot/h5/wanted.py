"""What a citizen has chosen so far, as it stands in a page's address. Pure; days and times are local."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from bot.clock import SHANGHAI

_KEY: Final = re.compile(r"[\w.:+-]{1,80}", re.ASCII)
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The choices under `path`. `month` is the first of the month that is looked at; `key` the request's."""

    path: str
    hall: str = ""
    places: int = 1
    month: date | None = None
    day: date | None = None
    starts: datetime | None = None
    key: str = ""
    who: str = ""
    wait: str = ""

    @classmethod
    def read(cls, path: str, query: Mapping[str, str], *, most_places: int) -> Wanted:
        """What the query says; whatever it says wrongly is as if it said nothing."""
        starts = _moment(query.get("starts", ""))
        return cls(
            path,
            hall=query.get("hall", "")[:60],
            places=_number(query.get("n", ""), most_places),
            month=_month(query.get("month", "")),
            day=starts.date() if starts is not None else _day(query.get("day", "")),
            starts=starts,
            key=query.get("form", "") if _KEY.fullmatch(query.get("form", "")) else "",
            who=query.get("who", "")[:12],
            wait=query.get("wait", "") if query.get("wait", "") in {"slot", "day"} else "",
        )

    def with_(self, **changes: Any) -> Wanted:
        """The same with changes."""
        return replace(self, **changes)

    def at(self, starts: datetime) -> Wanted:
        """The same for another time."""
        return replace(self, starts=starts.astimezone(SHANGHAI), day=None, month=None)

    def href(self, step: str = "", anchor: str = "") -> str:
        """The address of this, at a further step of it (`/confirm`)."""
        query = urlencode(self.fields())
        return f"{self.path}{step}{f'?{query}' if query else ''}{f'#{anchor}' if anchor else ''}"

    def fields(self) -> dict[str, str]:
        """What stands in the query, or in the hidden fields of a form."""
        found = {
            "hall": self.hall,
            "n": str(self.places) if self.places > 1 else "",
            "month": f"{self.month:%Y-%m}" if self.month else "",
            "day": self.day.isoformat() if self.day and not self.starts else "",
            "starts": f"{self.starts:%Y-%m-%dT%H:%M}" if self.starts else "",
            "form": self.key,
            "who": self.who,
            "wait": self.wait,
        }
        return {name: value for name, value in found.items() if value}


def _number(written: str, most: int) -> int:
    value = int(written) if written.isascii() and written.isdigit() and len(written) < 3 else 1
    return min(max(value, 1), most)


def _month(written: str) -> date | None:
    found = _MONTH.fullmatch(written)
    return date(int(found[1]), int(found[2]), 1) if found else None


def _day(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if found.tzinfo is not None or not 2000 <= found.year < 2100:
        return None
    return found.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
