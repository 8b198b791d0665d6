"""One row per citizen: where the conversation stands. Sealed, because citizens write personal things.

The row is read once and written once in a turn. It also remembers the last pushes and what was
answered to them, in the same transaction as the state: a push that comes again after a crash finds
its answer here and is not acted on twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Integer, LargeBinary, String, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from bot.choices import ChoiceSet
from hall.db import Base, UTCDateTime
from hall.sealing import Seal

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


_SELECT = select(
    ConversationRow.body, ConversationRow.following, ConversationRow.last_seen, ConversationRow.revision
).where(ConversationRow.openid == bindparam("who"))
_INSERT = insert(ConversationRow)
_UPDATE = (
    update(ConversationRow)
    .where(ConversationRow.openid == bindparam("who"), ConversationRow.revision == bindparam("was"))
    .values(
        body=bindparam("new_body"),
        following=bindparam("new_following"),
        last_seen=bindparam("new_last_seen"),
        revision=bindparam("new_revision"),
    )
)


class Conversations:
    """Reads and writes conversation rows on a connection that the turn hands in."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    async def load(self, connection: AsyncConnection, openid: str) -> Conversation:
        """The citizen's conversation; a new one where there is none. Raises SealBrokenError."""
        row = (await connection.execute(_SELECT, {"who": openid})).first()
        if row is None:
            return Conversation(openid)
        body = json.loads(self._seal.open(row.body, owner=openid))
        return Conversation(
            openid=openid,
            last_seen=row.last_seen,
            following=row.following,
            scene=body["scene"],
            tracker=body["tracker"],
            choices=[ChoiceSet.from_json(entry) for entry in body["choices"]],
            answered=[(identity, reply) for identity, reply in body["answered"]],
            rest=body["rest"],
            revision=row.revision,
        )

    async def save(self, connection: AsyncConnection, conversation: Conversation, *, now: datetime) -> None:
        """Write the row; raises ConversationChangedError where it was written since it was loaded."""
        values = {
            "body": self._seal.seal(_body(conversation), owner=conversation.openid),
            "following": conversation.following,
            "last_seen": now,
            "revision": conversation.revision + 1,
        }
        if conversation.revision:
            parameters = {"who": conversation.openid, "was": conversation.revision}
            parameters |= {f"new_{name}": value for name, value in values.items()}
            if (await connection.execute(_UPDATE, parameters)).rowcount != 1:
                raise ConversationChangedError
        else:
            try:
                await connection.execute(_INSERT, {"openid": conversation.openid, **values})
            except IntegrityError:
                raise ConversationChangedError from None
        conversation.revision += 1


def _body(conversation: Conversation) -> bytes:
    content = {
        "scene": conversation.scene,
        "tracker": conversation.tracker,
        "choices": [choices.to_json() for choices in conversation.choices],
        "answered": conversation.answered,
        "rest": conversation.rest,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
