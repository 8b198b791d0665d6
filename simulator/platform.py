"""The state of one simulated account: everything the platform keeps, in memory, bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.citizens import ChatMessage, Citizen, Citizens, Via
from simulator.delivery import Courier, Delivery
from simulator.errors import ApiError
from simulator.faults import Faults
from simulator.live import Live, Log
from simulator.media import MediaStore
from simulator.notices import Consents, Doubles
from simulator.oauth import Codes
from simulator.quotas import Quotas
from simulator.scenes import Scenes
from simulator.settings import SimulatorSettings
from simulator.sms import SmsProvider
from simulator.templates import Template
from simulator.tokens import Tokens
from simulator.wire import Fields

MOST_TEMPLATES = 100


def system_clock() -> datetime:
    """Give the machine's time, aware."""
    return datetime.now(UTC)


@dataclass(slots=True)
class DeskAgent:
    """A person at WeChat's own service desk."""

    account: str
    nick: str
    online: bool = True


class Platform:
    """One account and all who talk with it. `clock` gives aware times; ledgers age by `age`."""

    def __init__(self, settings: SimulatorSettings, clock: Callable[[], datetime] = system_clock) -> None:
        self.settings = settings
        self.now = clock
        self.live = Live()
        self.log = Log(self.live)
        self.citizens = Citizens()
        self.tokens = Tokens()
        self.quotas = Quotas(settings.quotas)
        self.media = MediaStore()
        self.scenes = Scenes()
        self.consents = Consents()
        self.doubles = Doubles()
        self.codes = Codes()
        self.faults = Faults()
        self.sms = SmsProvider(clock)
        self.menu: list[dict[str, Any]] | None = None
        self.templates: dict[str, Template] = {t.id: t for t in settings.templates}
        self.agents = [DeskAgent("kf2001@anlan", "小安"), DeskAgent("kf2002@anlan", "小澜", online=False)]
        self.courier = Courier(lambda: self.settings, clock)
        self._tasks: set[asyncio.Task[Any]] = set()
        for name in settings.citizens:
            self.citizens.add(name)

    async def close(self) -> None:
        """End what runs in the background, the streams of the page and the connections."""
        self.live.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.courier.close()

    def configure(self, **changes: Any) -> None:
        """Change settings while it runs (mode, data format, callback address); raise ValueError if wrong."""
        self.settings = replace(self.settings, **changes)
        self.live.publish("panel")

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a piece of work, kept by reference until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def citizen(self, openid: str) -> Citizen:
        """Give a citizen; raise ApiError 40003 for an openid nobody has."""
        citizen = self.citizens.get(openid)
        if citizen is None:
            raise ApiError(40003)
        return citizen

    def post(self, citizen: Citizen, via: Via, kind: str, text: str = "", **rest: Any) -> ChatMessage:
        """Put a message into a chat, where the page and waiting tests see it."""
        message = ChatMessage(citizen.openid, via, kind, self.now(), text, **rest)
        citizen.messages.append(message)
        self.show(message)
        return message

    def show(self, message: ChatMessage) -> None:
        """Tell the page about a new or changed message."""
        self.live.publish("message", message=message.to_dict())

    def touch(self, citizen: Citizen) -> None:
        """Tell the page about a changed citizen."""
        self.live.publish("citizen", citizen=citizen.to_dict(self.now()))

    def add_template(self, template: Template) -> None:
        """Add a template to the account, or replace it; the oldest of too many goes."""
        self.templates[template.id] = template
        while len(self.templates) > MOST_TEMPLATES:
            del self.templates[next(iter(self.templates))]
        self.live.publish("panel")

    def age(self, by: timedelta) -> None:
        """Let that time go by for tokens, windows, media, codes and QR codes (not for pushes)."""
        for ledger in (self.tokens, self.media, self.codes, self.scenes):
            ledger.shift(by)
        for citizen in self.citizens.everyone():
            citizen.window.shift(by)
            if citizen.desk_until:
                citizen.desk_until -= by
            self.touch(citizen)
        self.live.publish("panel")

    async def push(self, fields: Fields) -> Delivery:
        """Deliver a push and note in the log how it went."""
        delivery = await self.courier.deliver(fields)
        title = str(fields.get("Event") or fields["MsgType"])
        self.log.add(
            "push",
            title,
            at=self.now(),
            ok=delivery.outcome != "trouble",
            openid=str(fields["FromUserName"]),
            fields=fields,
            outcome=delivery.outcome,
            reason=delivery.reason,
            reply=delivery.reply.fields if delivery.reply else None,
            attempts=[
                {
                    "number": attempt.number,
                    "url": attempt.url,
                    "sent": attempt.sent,
                    "status": attempt.status,
                    "body": attempt.body,
                    "error": attempt.error,
                    "milliseconds": attempt.milliseconds,
                }
                for attempt in delivery.attempts
            ],
        )
        return delivery
