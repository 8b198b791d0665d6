"""Citizens with a phone in their hand, and what stands in their chat with the account."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Literal

from simulator.chat_text import segments
from simulator.windows import Window

MOST_CITIZENS = 1000
MOST_MESSAGES = 400
NAME_CHARACTERS = 20

# How a message came: from the citizen, or by one of the account's ways; note: the platform's own grey line.
Via = Literal["citizen", "passive", "custom", "template", "subscribe", "desk", "note"]
_ids = count(1)


@dataclass(slots=True)
class ChatMessage:
    """One message in a chat. `status` concerns the citizen's own: sending, delivered, failed, desk."""

    openid: str
    via: Via
    kind: str
    at: datetime
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    milliseconds: int | None = None
    id: int = field(default_factory=lambda: next(_ids))

    def to_dict(self) -> dict[str, Any]:
        """Give what the page needs, the text already cut into what WeChat would show."""
        return {
            "id": self.id,
            "openid": self.openid,
            "via": self.via,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "text": self.text,
            "segments": [s.to_dict() for s in segments(self.text)] if self.via != "citizen" else [],
            "data": self.data,
            "status": self.status,
            "milliseconds": self.milliseconds,
        }


@dataclass(slots=True)
class Citizen:
    """One WeChat user, as this account knows them."""

    openid: str
    name: str
    following: bool = False
    followed_at: datetime | None = None
    follow_scene: str = ""
    desk: str | None = None  # account of the person at the service desk who has the conversation
    desk_until: datetime | None = None
    pending: int = 0
    window: Window = field(default_factory=Window)
    number: int = field(default_factory=lambda: next(_ids))
    messages: deque[ChatMessage] = field(default_factory=lambda: deque(maxlen=MOST_MESSAGES))

    def to_dict(self, now: datetime) -> dict[str, Any]:
        """Describe the citizen for the page."""
        return {
            "openid": self.openid,
            "name": self.name,
            "following": self.following,
            "desk": self.desk,
            "pending": self.pending,
            "typing": self.window.typing(now),
            "window": {kind: list(left) for kind, left in self.window.left(now).items()},
        }


class Citizens:
    """All citizens, bounded: the one unused for longest makes room."""

    def __init__(self) -> None:
        self._by_openid: OrderedDict[str, Citizen] = OrderedDict()

    def add(self, name: str, openid: str = "") -> Citizen:
        """Add a citizen who does not follow yet."""
        name = " ".join(name.split())[:NAME_CHARACTERS] or f"市民{len(self._by_openid) + 1}"
        citizen = Citizen(openid or f"o{secrets.token_urlsafe(20)}", name)
        self._by_openid[citizen.openid] = citizen
        while len(self._by_openid) > MOST_CITIZENS:
            self._by_openid.popitem(last=False)
        return citizen

    def get(self, openid: str) -> Citizen | None:
        """Give a citizen by openid."""
        citizen = self._by_openid.get(openid)
        if citizen:
            self._by_openid.move_to_end(openid)
        return citizen

    def everyone(self) -> list[Citizen]:
        """List citizens in the order they came."""
        return sorted(self._by_openid.values(), key=lambda citizen: citizen.number)
