"""One row per citizen: where the conversation stands. Sealed, because citizens write personal things.

The row is written once in a turn. It also remembers the last pushes and what was
answered to them, in the same transaction as the state: a push that comes again after a crash finds
its answer here and is not acted on twice.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Executable,
    Integer,
    LargeBinary,
    String,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import Mapped, mapped_column

from bot.choices import ChoiceSet
from bot.outbox import WAITING, OwedMessage
from hall.db import Base, UTCDateTime
from hall.notices.models import HELD, NoticeRow
from hall.sealing import Seal
from hall.statements import Statements

# WeChat delivers a push at most three times within 15 s; a citizen can send a few in between.
REMEMBERED_PUSHES = 6
# Lists of choices that a tap can still refer to.
REMEMBERED_CHOICES = 3


class ConversationRow(Base):
    """A citizen's conversation with the bot."""

    __tablename__ = "conversation"

    openid: Mapped[str] = mapped_column(String(128), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    following: Mapped[bool] = mapped_column(Boolean)
    last_seen: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    revision: Mapped[int] = mapped_column(Integer)


class ConversationChangedError(Exception):
    """Another turn wrote the row in between (its lock had run out); the turn must be taken again."""


@dataclass(slots=True)
class Conversation:
    """What the row holds, opened."""

    openid: str
    last_seen: datetime | None = None
    following: bool = True
    scene: str = ""
    tracker: dict[str, Any] | None = None
    choices: list[ChoiceSet] = field(default_factory=list)
    answered: list[tuple[str, str]] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    revision: int = 0

    def answer_to(self, identity: str) -> str | None:
        """What was answered to this push, where it was handled already."""
        return next((reply for known, reply in self.answered if known == identity), None)

    def remember_answer(self, identity: str, reply: str) -> None:
        """Keep the answer for a repeated push."""
        self.answered = [*self.answered, (identity, reply)][-REMEMBERED_PUSHES:]

    def offer(self, choices: ChoiceSet) -> None:
        """Keep the choices that the answer offers; numbers are read against the last ones."""
        self.choices = [*self.choices, choices][-REMEMBERED_CHOICES:]

    def idle_for(self, now: datetime) -> timedelta:
        """How long the citizen was silent; zero for a new one."""
        return now - self.last_seen if self.last_seen else timedelta()


_OWED = (
    select(func.count())
    .select_from(OwedMessage)
    .where(OwedMessage.openid == bindparam("who"), OwedMessage.state.in_(WAITING))
    .scalar_subquery()
)
_NOTICES = (
    select(func.count())
    .select_from(NoticeRow)
    .where(NoticeRow.openid == bindparam("who"), NoticeRow.state.in_(HELD))
    .scalar_subquery()
)
_HELD = _OWED + _NOTICES
_SELECT = select(
    ConversationRow.body, ConversationRow.following, ConversationRow.last_seen, ConversationRow.revision
).where(ConversationRow.openid == bindparam("who"))
_INSERT = (
    insert(ConversationRow)
    .values(
        openid=bindparam("who"),
        body=bindparam("new_body"),
        following=bindparam("new_following"),
        last_seen=bindparam("new_last_seen"),
        revision=bindparam("new_revision"),
    )
    .returning(_HELD)
)
_UPDATE = (
    update(ConversationRow)
    .where(ConversationRow.openid == bindparam("who"), ConversationRow.revision == bindparam("was"))
    .values(
        body=bindparam("new_body"),
        following=bindparam("new_following"),
        last_seen=bindparam("new_last_seen"),
        revision=bindparam("new_revision"),
    )
    .returning(_HELD)
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row as this process last wrote it, opened."""

    content: bytes
    following: bool
    last_seen: datetime
    revision: int


class Conversations:
    """Reads and writes conversation rows.

    What this process wrote last is kept in memory and used while the row is known to be at that
    revision; were it not, the row's own revision tells when it is written, and the turn is taken again.
    """

    def __init__(self, engine: AsyncEngine, seal: Seal, *, remembered: int = 5_000) -> None:
        self._singles = Statements(engine)
        self._seal = seal
        self._remembered = remembered
        self._memory: OrderedDict[str, _Kept] = OrderedDict()

    async def close(self) -> None:
        """Give the connections back."""
        await self._singles.close()

    async def load(self, openid: str, *, revision: int | None = None) -> Conversation:
        """The citizen's conversation; a new one where there is none. Raises SealBrokenError.

        `revision` is where the row stands as far as the caller knows; None where it does not.
        """
        kept = self._memory.get(openid)
        if kept is None or kept.revision != revision:
            kept = await self._read(openid)
        return Conversation(openid) if kept is None else _opened(openid, kept)

    async def save(self, connection: AsyncConnection, conversation: Conversation, *, now: datetime) -> int:
        """Write the row in a transaction; how many messages wait for this citizen to write.

        Raises ConversationChangedError where it was written since it was loaded. Call `remember` once
        the transaction is committed.
        """
        statement, values = self._writing(conversation, _content(conversation), now)
        try:
            row = (await connection.execute(statement, values)).first()
        except IntegrityError:
            raise ConversationChangedError from None
        return _written(conversation, row, now)

    async def save_alone(self, conversation: Conversation, *, now: datetime) -> int:
        """As `save`, as a transaction of its own, in one statement."""
        content = _content(conversation)
        statement, values = self._writing(conversation, content, now)
        try:
            row = await self._singles.first(statement, values, writes=True)
        except IntegrityError:
            raise ConversationChangedError from None
        waiting = _written(conversation, row, now)
        self.remember(conversation, content)
        return waiting

    def remember(self, conversation: Conversation, content: bytes | None = None) -> None:
        """Keep what was committed for the citizen's next turn."""
        assert conversation.last_seen is not None  # noqa: S101 - it was saved
        self._memory[conversation.openid] = _Kept(
            content or _content(conversation),
            conversation.following,
            conversation.last_seen,
            conversation.revision,
        )
        while len(self._memory) > self._remembered:
            self._memory.popitem(last=False)

    async def offer(self, connection: AsyncConnection, openid: str, choices: ChoiceSet) -> bool:
        """Keep choices that were offered outside of a turn, in a transaction; False without a conversation.

        A turn that is running meanwhile finds the row changed and is taken again. Raises SealBrokenError.
        """
        found = await connection.execute(_SELECT.with_for_update(), {"who": openid})
        row = found.first()
        if row is None:
            return False
        content = self._seal.open(row.body, owner=openid)
        conversation = _opened(openid, _Kept(content, row.following, row.last_seen, row.revision))
        conversation.offer(choices)
        statement, values = self._writing(conversation, _content(conversation), row.last_seen)
        await connection.execute(statement, values)
        return True

    def drop(self, conversation: Conversation) -> None:
        """Forget what is remembered of a conversation whose row is gone; the citizen's next one is new."""
        self._memory.pop(conversation.openid, None)
        conversation.revision = 0

    async def _read(self, openid: str) -> _Kept | None:
        row = await self._singles.first(_SELECT, {"who": openid}, writes=False)
        if row is None:
            return None
        return _Kept(self._seal.open(row.body, owner=openid), row.following, row.last_seen, row.revision)

    def _writing(
        self, conversation: Conversation, content: bytes, now: datetime
    ) -> tuple[Executable, dict[str, Any]]:
        """The statement that writes the row, where it still stands at the revision it was loaded at."""
        self._memory.pop(conversation.openid, None)
        values = {
            "who": conversation.openid,
            "new_body": self._seal.seal(content, owner=conversation.openid),
            "new_following": conversation.following,
            "new_last_seen": now,
            "new_revision": conversation.revision + 1,
        }
        if not conversation.revision:
            return _INSERT, values
        return _UPDATE, {**values, "was": conversation.revision}


def _written(conversation: Conversation, row: Any, now: datetime) -> int:
    if row is None:
        raise ConversationChangedError
    conversation.revision += 1
    conversation.last_seen = now
    return int(row[0])


def _opened(openid: str, kept: _Kept) -> Conversation:
    body = json.loads(kept.content)
    return Conversation(
        openid=openid,
        last_seen=kept.last_seen,
        following=kept.following,
        scene=body["scene"],
        tracker=body["tracker"],
        choices=[ChoiceSet.from_json(entry) for entry in body["choices"]],
        answered=[(identity, reply) for identity, reply in body["answered"]],
        rest=body["rest"],
        revision=kept.revision,
    )


def _content(conversation: Conversation) -> bytes:
    content = {
        "scene": conversation.scene,
        "tracker": conversation.tracker,
        "choices": [choices.to_json() for choices in conversation.choices],
        "answered": conversation.answered,
        "rest": conversation.rest,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
