"""Forgetting a citizen's whole conversation: the row, what is owed to them, and what the files still hold."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations import ConversationRow
from bot.outbox import OwedMessage


async def forget_conversation(connection: AsyncConnection, openid: str) -> None:
    """Delete the conversation and the messages that wait for its citizen, in the caller's transaction."""
    await connection.execute(delete(ConversationRow).where(ConversationRow.openid == openid))
    await connection.execute(delete(OwedMessage).where(OwedMessage.openid == openid))
