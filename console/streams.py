"""Server-sent events: whole snapshots, so that a connection that was lost misses nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from console.guard import HEADERS

# The browser tries again after so many milliseconds.
_RETRY: Final = 1000

# An event and not a comment: by its absence a page sees that the connection is dead.
_HERE: Final = b"event: here\ndata: {}\n\n"

# With this in the query the answer is only whether one may watch.
ASK: Final = "ask"

# A snapshot, or None: whoever watches may no longer.
Snapshot = Callable[[], Awaitable[dict[str, Any] | None]]


async def stream(
    request: web.Request, changes: Any, snapshot: Snapshot, *, mark: str = "revision"
) -> web.StreamResponse:
    """Send a snapshot at once and at every change that shows; a word at every heartbeat.

    `mark` names the snapshot's number, which the browser sends back when it connects again.
    """
    if ASK in request.query:
        return web.json_response({"here": True})
    response = web.StreamResponse(
        headers={**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    try:
        await response.prepare(request)
        await response.write(f"retry: {_RETRY}\n\n".encode())
        await _send_changes(response, changes, snapshot, mark)
    except ConnectionError:
        pass  # the page was closed: nobody to tell
    return response


async def _send_changes(response: web.StreamResponse, changes: Any, snapshot: Snapshot, mark: str) -> None:
    sent = ""
    async for _ in changes:
        found = await snapshot()
        if found is None:
            await response.write(b"event: gone\ndata: {}\n\n")
            return
        data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        if data == sent:
            await response.write(_HERE)
            continue
        await response.write(f"id: {found.get(mark, '')}\ndata: {data}\n\n".encode())
        sent = data
