"""A single question from the command line, taken as a turn like any other."""

from __future__ import annotations

import secrets
from typing import Any

from bot.delivery import Delivery
from bot.outbox import SendText
from bot.turn import Turn
from bot.wechat.push import Incoming


class Printer(SendText):
    """Takes the parts that WeChat would get as customer-service messages."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    async def send_text(self, openid: str, text: str) -> None:
        """Keep the part for printing."""
        self.parts.append(text)


async def asked(turn: Turn, printer: Printer, text: str, user: str) -> dict[str, Any]:
    """Take the turn of one text; all parts of its answer."""
    incoming = Incoming(
        identity=secrets.token_hex(8),
        openid=f"cli-{user}",
        account="cli",
        created=turn.clock(),
        kind="text",
        text=text,
    )
    first = await turn.take(incoming, Delivery())
    await turn.outbox.drain()
    return {"question": text, "parts": [first.answer, *printer.parts]}
