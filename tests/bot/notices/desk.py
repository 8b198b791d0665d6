"""The notices desk with the simulated platform, for tests: real client, real database, a clock by hand."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import aiohttp
from redis.asyncio import Redis
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.conversations import Conversations
from bot.notices.dispatch import Dispatch
from bot.notices.equipment import Equipment
from bot.notices.sweeping import Sweeper
from bot.notices.templates import Template
from bot.sms.port import SmsSender
from bot.wechat.client import WeChatClient
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import CentreFile
from hall.db import create_sessions
from hall.notices import consents
from hall.notices.claiming import claim, release
from hall.notices.models import AlarmRow, Attempt, NoticeRow
from hall.notices.service import Kind, Notice, tell
from hall.sealing import Seal
from simulator.standalone import DEFAULT_APPID, Simulator

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 2, 1, 30, tzinfo=UTC)

TEMPLATES = {
    Kind.REMINDER_EVENING: Template(
        id="sim-template-appointment",
        fields={"thing1": "item", "time2": "starts", "thing3": "place", "character_string4": "code"},
    )
}
SUBSCRIPTIONS = {
    Kind.CALLED: Template(
        id="sim-subscribe-calling",
        fields={
            "character_string1": "number",
            "thing2": "window",
            "number3": "ahead",
            "thing4": "say",
        },
    )
}
SMS = {Kind.REMINDER_EVENING: Template(id="SMS_1", fields={"item": "item", "time": "starts"})}


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Phone(SmsSender):
    """An SMS provider at the port: keeps what was sent, raises what it is told to."""

    sent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    async def send(self, phone: str, template: str, values: Mapping[str, str], *, reference: str) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((phone, template, dict(values)))
        return reference


@cache
def view() -> CatalogueView:
    """A hall, a counter group, an item."""
    centre = CentreFile.model_validate(
        {
            "centres": [{"code": "anlan", "name": "安澜区政务服务中心", "level": "县区"}],
            "halls": [{"code": "main", "centre": "anlan", "name": "主厅"}],
            "counters": [{"hall": "main", "group": "A2", "name": "A 区 5–8 号窗口", "floor": "一楼"}],
        }
    )
    return CatalogueView.of([Item(code="ID-1", name="居民身份证到期换领")], centre)


@dataclass
class Office:
    """Everything that sends notices, over one database and one simulated platform."""

    engine: AsyncEngine
    wechat: Simulator
    client: WeChatClient
    clock: Hand
    phone: Phone
    conversations: Conversations
    dispatch: Dispatch
    sweeper: Sweeper
    undeliverable: list[tuple[Kind, str]]

    def citizen(self, **how: Any) -> str:
        """A follower whose messages are not there yet."""
        return self.wechat.citizen(**how)

    async def writes(self, openid: str) -> None:
        """The citizen writes: WeChat's window opens, the conversation is kept."""
        self.wechat.platform.citizen(openid).window.open("message", self.clock())
        conversation = await self.conversations.load(openid)
        async with self.engine.begin() as connection:
            await self.conversations.save(connection, conversation, now=self.clock())
        self.conversations.remember(conversation)

    async def tell(self, openid: str, kind: Kind = Kind.REMINDER_EVENING, **changes: Any) -> None:
        """A notice that is due now."""
        values = {
            "item": "ID-1",
            "hall": "main",
            "group": "A2",
            "starts": STARTS.isoformat(),
            "number": "A012",
            "window": "6 号窗口",
        }
        how: dict[str, Any] = {
            "subject": "booking:12",
            "values": values,
            "due": self.clock(),
            "useful_until": STARTS,
        }
        async with create_sessions(self.engine).begin() as session:
            await tell(session, Notice(kind=kind, openid=openid, **(how | changes)), now=self.clock())

    async def sends(self) -> int:
        """One look at what is due, with the alarms known."""
        await self.dispatch.refresh()
        return await self.dispatch.send_due()

    async def release(self, openid: str) -> None:
        """What the turn does once the citizen wrote."""
        async with create_sessions(self.engine).begin() as session:
            await release(session, openid, now=self.clock())

    async def grants(self, openid: str, template: str) -> None:
        """The ledger says that the citizen allows one notice."""
        async with create_sessions(self.engine).begin() as session:
            await consents.granted(session, openid, template, source="popup", now=self.clock())

    async def ledger(self, openid: str) -> list[str]:
        async with AsyncSession(self.engine) as session:
            return [change for _, _, change, _ in await consents.ledger(session, openid)]

    async def claimed_by_a_dead_process(self) -> None:
        async with create_sessions(self.engine).begin() as session:
            for urgency in (0, 1):
                await claim(session, "dead", urgency=urgency, limit=10, now=self.clock())

    async def rows(self) -> list[NoticeRow]:
        async with AsyncSession(self.engine) as session:
            return list(await session.scalars(select(NoticeRow).order_by(NoticeRow.id)))

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]

    async def tried(self) -> list[str]:
        """What was tried: channel, outcome, code."""
        async with AsyncSession(self.engine) as session:
            rows = await session.scalars(select(Attempt).order_by(Attempt.id))
            return [" ".join(filter(None, (row.channel, row.outcome, row.code))) for row in rows]

    async def alarms(self) -> list[str]:
        """What is to be mended: channel, cause, kind."""
        async with AsyncSession(self.engine) as session:
            query = select(AlarmRow).where(AlarmRow.mended.is_(None)).order_by(AlarmRow.id)
            rows = await session.scalars(query)
            return [" ".join(filter(None, (row.channel, row.cause, row.kind))) for row in rows]

    def texts(self, openid: str) -> list[str]:
        """What stands in the citizen's chat by customer-service message."""
        return [message.text for message in self.wechat.received(openid, "custom")]


@contextlib.asynccontextmanager
async def opened_office(engine: AsyncEngine, redis: Redis, **how: Any) -> AsyncIterator[Office]:
    """The desk; keyword arguments are those of `Equipment`."""
    clock, phone, undeliverable = Hand(), Phone(), []
    async with Simulator(clock=clock) as wechat, aiohttp.ClientSession() as http:
        client = WeChatClient(
            http, redis, base=wechat.api_base, appid=DEFAULT_APPID, secret="simulator-app-secret"
        )
        conversations = Conversations(engine, Seal(["secret"]))
        equipment = (
            Equipment(client, **how) if "sms" not in how else Equipment(client, **(how | {"sms": phone}))
        )

        async def could_not(session: AsyncSession, kind: Kind, subject: str, now: datetime) -> None:
            undeliverable.append((kind, subject))

        yield Office(
            engine,
            wechat,
            client,
            clock,
            phone,
            conversations,
            Dispatch(engine, conversations, equipment, view, clock),
            Sweeper(engine, clock, could_not),
            undeliverable,
        )
        await conversations.close()
