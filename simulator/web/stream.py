"""Live updates for the page, as server-sent events."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from simulator.platform import Platform
from simulator.web.guard import security_headers

HEARTBEAT = 15.0


class Stream:
    """Sends what happens to each open page until it goes away or the simulator closes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one page's stream."""
        response = web.StreamResponse(
            headers={**security_headers(), "Content-Type": "text/event-stream; charset=utf-8"}
        )
        with self._platform.live.listen() as queue:
            await response.prepare(request)
            try:
                await response.write(b"retry: 1000\n\n")
                while True:
                    try:
                        happening = await asyncio.wait_for(queue.get(), HEARTBEAT)
                    except TimeoutError:
                        await response.write(b": still here\n\n")
                        continue
                    if happening is None:
                        break
                    data = json.dumps(happening, ensure_ascii=False)
                    await response.write(f"data: {data}\n\n".encode())
            except ConnectionError:
                pass  # the page was closed: nobody to tell
        return response
