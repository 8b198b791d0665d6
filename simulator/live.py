"""What happens, as it happens: for the page (server-sent events) and for tests that wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

Happening = dict[str, Any]

BEHIND = 500
MOST_ENTRIES = 300
MOST_BODY = 16_000


class Live:
    """Hands what happens to whoever listens; a listener too far behind is told to start over."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Happening | None]] = set()

    def publish(self, kind: str, **data: Any) -> None:
        """Tell all listeners."""
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"type": "resync"})
            else:
                queue.put_nowait({"type": kind, **data})

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Happening | None]]:
        """Listen for a while; None in the queue says that the simulator is closing."""
        queue: asyncio.Queue[Happening | None] = asyncio.Queue(BEHIND)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """End every listener's stream."""
        for queue in self._queues:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


class Log:
    """The newest pushes and calls, as they went over the wire."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._entries: deque[Happening] = deque(maxlen=MOST_ENTRIES)
        self._ids = count(1)

    def add(
        self, kind: str, title: str, *, at: datetime, ok: bool, openid: str = "", **detail: Any
    ) -> Happening:
        """Note a push or a call; long bodies are cut."""
        entry: Happening = {
            "id": next(self._ids),
            "kind": kind,
            "title": title,
            "at": at.isoformat(),
            "ok": ok,
            "openid": openid,
            "detail": {key: _short(value) for key, value in detail.items()},
        }
        self._entries.append(entry)
        self._live.publish("log", entry=entry)
        return entry

    def newest(self) -> list[Happening]:
        """List entries, oldest first."""
        return list(self._entries)

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
        self._live.publish("panel")


def _short(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str) and len(value) > MOST_BODY:
        return f"{value[:MOST_BODY]}…(共 {len(value)} 字符)"
    if isinstance(value, list):
        return [_short(single) for single in value]
    if isinstance(value, dict):
        return {key: _short(single) for key, single in value.items()}
    return value
