"""Messages owed to citizens: rows written with the turn they belong to, sent by any replica.

Everything of an answer that the passive reply does not carry stands here: the later parts, and an
answer that missed WeChat's five seconds. A row is claimed before it is sent. Where the outcome is
unclear (a time-out, a process that died in between) it is not repeated blindly but told with the
citizen's next message.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Integer, LargeBinary, String, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import Mapped, mapped_column

from bot import metrics
from bot.background import repeating
from bot.clock import Clock
from bot.wechat import errors
from bot.wording import HELD_BACK
from hall.db import Base, UTCDateTime, reading, writing
from hall.sealing import Seal

log = structlog.get_logger(__name__)

# An answer is of no use any more after this time; WeChat's own window is 48 hours.
USEFUL = timedelta(hours=24)
# A claim that is not settled by then belongs to a process that died.
CLAIM = timedelta(seconds=30)
MOST_ATTEMPTS = 5
SWEEP_SECONDS = 5.0
_BATCH = 50


class State(enum.StrEnum):
    """Where an owed message stands."""

    DUE = "due"
    SENDING = "sending"
    UNSURE = "unsure"
    HELD = "held"
    AGAIN = "again"


# What waits for the citizen to write, and what may be sent now.
WAITING = (State.HELD, State.UNSURE)
_SENDABLE = (State.DUE, State.AGAIN)


class OwedMessage(Base):
    """A text for one citizen that waits to be sent; gone once it was."""

    __tablename__ = "owed_message"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(String(128), index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    created: Mapped[datetime] = mapped_column(UTCDateTime())
    reason: Mapped[str] = mapped_column(String(200), default="")


class SendText(Protocol):
    """The port through which texts leave (WeChat's customer-service message)."""

    async def send_text(self, openid: str, text: str) -> None:
        """Send one text; raises `bot.wechat.errors.WeChatError`."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message that this process is sending."""

    number: int
    openid: str
    text: str
    state: str
    attempts: int


class Outbox:
    """Writes owed messages, sends them, and hands back what could not be sent."""

    def __init__(self, engine: AsyncEngine, sender: SendText, seal: Seal, clock: Clock) -> None:
        self._engine = engine
        self._sender = sender
        self._seal = seal
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[str] = set()
        self._more: set[str] = set()

    async def owe(
        self, connection: AsyncConnection, openid: str, texts: Sequence[str], *, now: datetime
    ) -> None:
        """Write `texts` to be sent in their order, in the transaction of `connection`."""
        for text in texts:
            body = self._seal.seal(text.encode(), owner=openid)
            row = {"openid": openid, "body": body, "state": State.DUE, "due": now, "created": now}
            await connection.execute(insert(OwedMessage), row)

    async def release(self, openid: str, *, now: datetime) -> None:
        """Send what waited for this citizen to write; what is too old by now is dropped."""
        waiting = (OwedMessage.openid == openid) & OwedMessage.state.in_(WAITING)
        async with writing(self._engine) as connection:
            await connection.execute(delete(OwedMessage).where(waiting, OwedMessage.created <= now - USEFUL))
            again = update(OwedMessage).where(waiting).values(state=State.AGAIN, due=now, attempts=0)
            await connection.execute(again)
            await connection.commit()
        self.send_soon(openid)

    def send_soon(self, openid: str) -> None:
        """Send what this citizen is owed, in the background; the sweeper does it if this process dies."""
        task = asyncio.create_task(self._send_all(openid))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Let what is being sent end, before the process does."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    @contextlib.asynccontextmanager
    async def sweeping(self) -> AsyncIterator[None]:
        """Look after what got stuck, for as long as the context lasts."""
        try:
            async with repeating("outbox", self.sweep, every=SWEEP_SECONDS):
                yield
        finally:
            await self.drain()

    async def sweep(self) -> None:
        """Send everything that is due, whoever wrote it; give up claims of processes that died."""
        stuck = (
            update(OwedMessage)
            .where(OwedMessage.state == State.SENDING, OwedMessage.due < self._clock() - CLAIM)
            .values(state=State.UNSURE, reason="the process that was sending it died")
        )
        async with writing(self._engine) as connection:
            await connection.execute(stuck)
            await connection.commit()
        query = select(OwedMessage.openid).where(
            OwedMessage.state.in_(_SENDABLE), OwedMessage.due <= self._clock()
        )
        async with reading(self._engine).connect() as connection:
            openids = (await connection.execute(query.distinct().limit(_BATCH))).scalars().all()
        for openid in openids:
            await self._send_all(openid)

    async def _send_all(self, openid: str) -> None:
        if openid in self._sending:
            self._more.add(openid)
            return
        self._sending.add(openid)
        try:
            while True:
                self._more.discard(openid)
                while (claimed := await self._claim(openid)) is not None:
                    if not await self._send(claimed):
                        return
                if openid not in self._more:
                    return
        finally:
            self._sending.discard(openid)

    async def _claim(self, openid: str) -> _Claimed | None:
        """Take this citizen's oldest due message, where none before it is still on its way."""
        now = self._clock()
        query = (
            select(OwedMessage)
            .where(OwedMessage.openid == openid, OwedMessage.state.in_([*_SENDABLE, State.SENDING]))
            .order_by(OwedMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        async with writing(self._engine) as connection:
            row = (await connection.execute(query)).first()
            if row is None or row.state not in _SENDABLE or row.due > now:
                return None
            claimed = (
                update(OwedMessage)
                .where(OwedMessage.id == row.id, OwedMessage.state == row.state)
                .values(state=State.SENDING, due=now, attempts=row.attempts + 1)
            )
            if (await connection.execute(claimed)).rowcount != 1:
                return None
            await connection.commit()
        text = self._seal.open(row.body, owner=openid).decode()
        if row.state == State.AGAIN:
            text = f"{HELD_BACK}\n{text}"
        return _Claimed(row.id, openid, text, row.state, row.attempts + 1)

    async def _send(self, claimed: _Claimed) -> bool:
        """Send one message; False where those behind it have to wait."""
        number = claimed.number
        try:
            await self._sender.send_text(claimed.openid, claimed.text)
        except (errors.Busy, errors.TooFast, errors.Unavailable, errors.TokenRejected) as error:
            if claimed.attempts < MOST_ATTEMPTS:
                pause = timedelta(seconds=2**claimed.attempts)
                await self._set_state(number, State(claimed.state), error, wait=pause)
            else:
                await self._set_state(number, State.HELD, error)
        except errors.OutcomeUnknown as error:
            await self._set_state(number, State.UNSURE, error)
        except errors.Unreachable as error:
            metrics.sent_messages.labels("unreachable").inc()
            log.info("owed_message_dropped", reason=str(error))
            await self._remove(number)
            return True
        except errors.WeChatError as error:
            await self._set_state(number, State.HELD, error)
        else:
            metrics.sent_messages.labels("sent").inc()
            await self._remove(number)
            return True
        return False

    async def _set_state(
        self, number: int, state: State, error: Exception, *, wait: timedelta = timedelta()
    ) -> None:
        metrics.sent_messages.labels(state.value).inc()
        log.warning("owed_message_not_sent", state=state.value, reason=str(error))
        values = {"state": state, "reason": str(error)[:200], "due": self._clock() + wait}
        async with writing(self._engine) as connection:
            await connection.execute(update(OwedMessage).where(OwedMessage.id == number).values(**values))
            await connection.commit()

    async def _remove(self, number: int) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(delete(OwedMessage).where(OwedMessage.id == number))
            await connection.commit()
