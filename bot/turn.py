"""One turn: what a push asks for, who answers it, and one transaction that keeps both.

push -> known already? -> event / picture / voice / text
     -> a tapped or numbered choice, a word that always works, or the understanding
     -> the answer in parts, its choices, the conversation's row: committed together
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot import metrics
from bot.choices import Choice
from bot.clock import Clock
from bot.conversations import Conversation, ConversationChangedError, Conversations
from bot.delivery import Delivery, Way
from bot.forgetting import forget_conversation
from bot.notices.popups import REPORTS
from bot.outbox import Outbox
from bot.reading import Say, read_push
from bot.replies import Rendered, Utterance, render
from bot.taken import Taken
from bot.transaction import TurnTransaction
from bot.wechat.push import Incoming
from bot.wording import MORE, apology
from hall.db import overwritten
from nlu.agent.results import Handled
from nlu.agent.state import carry_over

log = structlog.get_logger(__name__)

# A lock that ran out lets two turns meet at the row; the later one is taken again this often.
MOST_REPEATS = 3
# What a citizen was about is still known after an idle hour.
KEPT_SLOTS = ("item",)


class Understanding(Protocol):
    """The part of `nlu.agent` that a turn needs."""

    async def handle(
        self, text: str, *, sender_id: str, state: dict[str, Any] | None, payload: bool = False
    ) -> Handled:
        """Answer one message within a conversation whose state goes in and comes out."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the desk needs to know about the turn that is being taken."""

    openid: str
    now: datetime
    text: str
    transaction: TurnTransaction
    position: tuple[float, float] | None = None
    push: str = ""


AtDesk = Callable[[Visit], AbstractContextManager[object]]
# Tells those who watch live what a committed turn changed (`queue:main`, `notices`).
Announce = Callable[[frozenset[str]], None]


class Notices(Protocol):
    """What a turn does for the notices desk (`bot.notices.desk`)."""

    async def release(self, openid: str, *, now: datetime) -> None:
        """The citizen wrote: send what waited for that."""

    async def told_with_the_answer(
        self, transaction: TurnTransaction, openid: str, *, now: datetime
    ) -> list[str]:
        """The texts that waited, for an account that may send none by itself; told with the turn's commit."""

    async def heed(self, incoming: Incoming, session: AsyncSession, *, now: datetime) -> None:
        """Write down what WeChat reports of notices, in the turn's transaction."""


def _nobody_listens(_: frozenset[str]) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """How answers are written and when a session ends."""

    tappable: bool
    late_by_retry: bool
    session_idle: timedelta


class Turn:
    """Takes turns. Everything it needs is handed in; see `server.py`."""

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        conversations: Conversations,
        outbox: Outbox,
        understanding: Callable[[], Understanding],
        at_desk: AtDesk,
        announce: Announce = _nobody_listens,
        notices: Notices | None = None,
        clock: Clock,
        settings: TurnSettings,
    ) -> None:
        self._engine = engine
        self._conversations = conversations
        self.outbox = outbox
        self._understanding = understanding
        self._at_desk = at_desk
        self._announce = announce
        self._notices = notices
        self.clock = clock
        self._settings = settings

    async def take(self, incoming: Incoming, delivery: Delivery, revision: int | None = None) -> Taken:
        """Handle one push. Raises only where nothing can be kept.

        `revision` is where the conversation's row stands as far as is known.
        """
        began = time.perf_counter()
        for attempt in range(MOST_REPEATS):
            try:
                taken = await self._take(incoming, delivery, revision)
                break
            except ConversationChangedError:
                log.warning("conversation_changed_in_between", attempt=attempt)
                revision = None
        else:
            raise ConversationChangedError
        metrics.turns.labels(incoming.kind).inc()
        metrics.turn_seconds.observe(time.perf_counter() - began)
        return taken

    async def _take(self, incoming: Incoming, delivery: Delivery, revision: int | None) -> Taken:
        now = self.clock()
        conversation = await self._conversations.load(incoming.openid, revision=revision)
        known = conversation.answer_to(incoming.identity)
        if known is not None:
            metrics.repeated_pushes.inc()
            return Taken(known, conversation.revision)
        async with TurnTransaction(self._engine) as transaction:
            try:
                answer = await self._answer(incoming, conversation, now, transaction)
                return await self._keep(answer, incoming, conversation, now, transaction, delivery)
            except ConversationChangedError:
                raise
            except Exception:
                number = secrets.token_hex(3).upper()
                metrics.turn_errors.inc()
                log.exception("turn_failed", number=number, kind=incoming.kind)
        return await self._apologise(number, incoming, now, delivery)

    async def _apologise(self, number: str, incoming: Incoming, now: datetime, delivery: Delivery) -> Taken:
        """Whatever the broken turn changed is undone; the conversation stands where it stood before."""
        conversation = await self._conversations.load(incoming.openid)
        rendered = Rendered((apology(number),), None)
        async with TurnTransaction(self._engine) as transaction:
            return await self._keep(rendered, incoming, conversation, now, transaction, delivery)

    async def _answer(
        self, incoming: Incoming, conversation: Conversation, now: datetime, transaction: TurnTransaction
    ) -> Rendered:
        if conversation.idle_for(now) > self._settings.session_idle:
            _end_session(conversation)
        if self._notices is not None and incoming.event in REPORTS:
            async with transaction.session() as session:
                await self._notices.heed(incoming, session, now=now)
        heard = read_push(incoming, conversation)
        key = f"{random.getrandbits(24):06x}"  # tells lists of choices apart, no secret
        if isinstance(heard, Say):
            return self._say(heard, conversation, key)
        if heard.following is not None:
            conversation.following = heard.following
        visit = Visit(
            incoming.openid,
            now,
            heard.text,
            transaction,
            _position(incoming),
            incoming.identity,
        )
        with self._at_desk(visit):
            handled = await self._understanding().handle(
                heard.text,
                sender_id=incoming.openid,
                state=conversation.tracker,
                payload=heard.payload,
            )
        conversation.tracker = handled.state
        said = [
            Utterance(message.text, tuple(Choice(way.title, way.payload) for way in message.choices))
            for message in handled.messages
        ]
        return render(said, key=key, tappable=self._settings.tappable)

    def _say(self, heard: Say, conversation: Conversation, key: str) -> Rendered:
        if heard.following is not None:
            conversation.following = heard.following
        if heard.rest:
            conversation.rest = []
            return Rendered(tuple(heard.rest), None)
        if not heard.text:
            return Rendered((), None)
        return render([Utterance(heard.text, heard.choices)], key=key, tappable=self._settings.tappable)

    async def _keep(
        self,
        answer: Rendered,
        incoming: Incoming,
        conversation: Conversation,
        now: datetime,
        transaction: TurnTransaction,
        delivery: Delivery,
    ) -> Taken:
        parts = list(answer.parts)
        if answer.choices is not None:
            conversation.offer(answer.choices)
        parts += await self._told_now(incoming, now, transaction)
        way = delivery.settle()
        owed: list[str] = []
        if self._settings.late_by_retry:
            passive = self._all_passive(parts, conversation)
        elif way is Way.PASSIVE:
            passive, owed = "".join(parts[:1]), parts[1:]
        else:
            passive, owed = "", parts
        conversation.remember_answer(incoming.identity, passive)
        # A report of WeChat's own is no sign of life of the citizen's.
        seen = (conversation.last_seen or now) if incoming.event in REPORTS else now
        waiting = await self._commit(conversation, owed, seen, transaction)
        if waiting and incoming.kind != "event":
            await self.outbox.release(incoming.openid, now=now)
            if self._notices is not None:
                await self._notices.release(incoming.openid, now=now)
        elif owed:
            self.outbox.send_soon(incoming.openid)
        return Taken(passive, conversation.revision)

    async def _told_now(self, incoming: Incoming, now: datetime, transaction: TurnTransaction) -> list[str]:
        """Notices that wait for the citizen's message, where nothing but the reply to it can carry them."""
        if self._notices is None or not self._settings.late_by_retry:
            return []
        if incoming.kind == "event" or transaction.forgets:
            return []
        return await self._notices.told_with_the_answer(transaction, incoming.openid, now=now)

    async def _commit(
        self, conversation: Conversation, owed: list[str], now: datetime, transaction: TurnTransaction
    ) -> int:
        """Keep the row with all that belongs to it; how many messages wait for the citizen to write."""
        if transaction.forgets:
            return await self._commit_forgetting(conversation, owed, now, transaction)
        if not owed and not transaction.begun:
            return await self._conversations.save_alone(conversation, now=now)
        connection = await transaction.connection()
        waiting = await self._conversations.save(connection, conversation, now=now)
        await self.outbox.owe(connection, conversation.openid, owed, now=now)
        await transaction.commit()
        self._conversations.remember(conversation)
        if transaction.changed:
            self._announce(frozenset(transaction.changed))
        return waiting

    async def _commit_forgetting(
        self, conversation: Conversation, owed: list[str], now: datetime, transaction: TurnTransaction
    ) -> int:
        """Keep nothing of the conversation; a push that comes again finds nothing more to forget."""
        connection = await transaction.connection()
        await forget_conversation(connection, conversation.openid)
        await self.outbox.owe(connection, conversation.openid, owed, now=now)
        await transaction.commit()
        self._conversations.drop(conversation)
        if transaction.changed:
            self._announce(frozenset(transaction.changed))
        if not await overwritten(self._engine):
            log.info("write_ahead_log_in_use")
        return 0

    @staticmethod
    def _all_passive(parts: list[str], conversation: Conversation) -> str:
        """Without customer-service messages what is over one part waits for the citizen's 继续."""
        if len(parts) < 2:
            return "".join(parts)
        conversation.rest = parts[1:]
        return f"{parts[0]}\n{MORE}"


def _position(incoming: Incoming) -> tuple[float, float] | None:
    """Latitude and longitude of a place that the citizen sent (degrees, GCJ-02)."""
    if incoming.latitude is None or incoming.longitude is None:
        return None
    return incoming.latitude, incoming.longitude


def _end_session(conversation: Conversation) -> None:
    """After an idle hour the form is left and old numbers no longer count; the item stays."""
    conversation.choices = []
    conversation.rest = []
    conversation.tracker = carry_over(conversation.tracker, KEPT_SLOTS)
