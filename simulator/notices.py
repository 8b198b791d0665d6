"""Template messages and subscription notices: consent, doubles."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from simulator.errors import ApiError
from simulator.templates import Template

DOUBLE_WITHIN = timedelta(minutes=10)
MOST_REMEMBERED = 2000


class Consents:
    """Who agreed to which subscription: a count for one-time templates, yes or no for long-term ones."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], int] = {}

    def accept(self, openid: str, template: Template) -> None:
        """Note one consent."""
        key = (openid, template.id)
        self._left[key] = self._left.get(key, 0) + 1 if template.kind == "once" else 1

    def withdraw(self, openid: str, template_id: str) -> None:
        """Forget what the citizen agreed to."""
        self._left.pop((openid, template_id), None)

    def spend(self, openid: str, template: Template) -> None:
        """Use a consent up; raise ApiError 43101 if there is none."""
        key = (openid, template.id)
        left = self._left.get(key, 0)
        if left < 1:
            raise ApiError(43101)
        if template.kind == "once":
            self._left[key] = left - 1

    def of(self, openid: str) -> dict[str, int]:
        """Tell by template how many notices this citizen may still get (long-term: 1 means yes)."""
        return {template: left for (who, template), left in self._left.items() if who == openid and left}


class Doubles:
    """client_msg_id: one message for an openid and an id within ten minutes."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], tuple[datetime, int]] = OrderedDict()

    def seen(self, openid: str, client_msg_id: str, now: datetime) -> int | None:
        """Give the msgid of the message sent under this id, or None."""
        entry = self._seen.get((openid, client_msg_id))
        return entry[1] if entry and now - entry[0] < DOUBLE_WITHIN else None

    def remember(self, openid: str, client_msg_id: str, msgid: int, now: datetime) -> None:
        """Note a message sent."""
        self._seen[(openid, client_msg_id)] = (now, msgid)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
