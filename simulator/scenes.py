"""QR codes with a scene: what the account had printed, for a citizen to scan."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.errors import ApiError

MOST = 500
LONGEST = 2_592_000  # 30 days, in seconds
_TEMPORARY = {"QR_SCENE": "scene_id", "QR_STR_SCENE": "scene_str"}
_LASTING = {"QR_LIMIT_SCENE": "scene_id", "QR_LIMIT_STR_SCENE": "scene_str"}


@dataclass(slots=True)
class SceneCode:
    """One QR code; `expires` is None for one that lasts."""

    ticket: str
    scene: str
    expires: datetime | None


class Scenes:
    """The QR codes of the account."""

    def __init__(self) -> None:
        self._codes: OrderedDict[str, SceneCode] = OrderedDict()

    def create(self, body: dict[str, Any], now: datetime) -> tuple[SceneCode, int | None]:
        """Make a code from a call's body; gives it and its seconds; raise ApiError 40053 or 40035."""
        action = str(body.get("action_name", ""))
        key = _TEMPORARY.get(action) or _LASTING.get(action)
        info = body.get("action_info")
        scene = info.get("scene") if isinstance(info, dict) else None
        value = scene.get(key) if isinstance(scene, dict) and key else None
        if not _fits(key, value):
            raise ApiError(40053)
        seconds = _seconds(body.get("expire_seconds", 60)) if action in _TEMPORARY else None
        expires = now + timedelta(seconds=seconds) if seconds else None
        code = SceneCode(f"gQ{secrets.token_urlsafe(48)}", str(value), expires)
        self._codes[code.ticket] = code
        while len(self._codes) > MOST:
            self._codes.popitem(last=False)
        return code, seconds

    def get(self, ticket: str) -> SceneCode | None:
        """Give a code by its ticket."""
        return self._codes.get(ticket)

    def alive(self, now: datetime) -> list[SceneCode]:
        """List codes that can be scanned, newest first."""
        return [c for c in reversed(self._codes.values()) if c.expires is None or now < c.expires]

    def shift(self, by: timedelta) -> None:
        """Move everything into the past, as if that time had gone by."""
        for code in self._codes.values():
            if code.expires:
                code.expires -= by


def _fits(key: str | None, value: Any) -> bool:
    if key == "scene_id":
        return isinstance(value, int) and 1 <= value < 2**32
    return key == "scene_str" and isinstance(value, str) and 1 <= len(value) <= 64


def _seconds(value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= LONGEST:
        raise ApiError(40035, "expire_seconds")
    return value
