"""Questions that no item answered, kept for the admin who gives an item its next alias."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.masking import masked
from hall.catalogue.models import UnansweredQuestion
from hall.catalogue.revision import insert

MAX_QUESTION = 200
_LONGEST_READ = 2000
# More than an admin will ever read; the oldest that was asked least makes room.
MAX_KEPT = 5000

_ENDS = " ?。!,.、~…"
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\ufeff]+")


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question without an answer: its masked words, how often and when it was asked."""

    text: str
    times: int
    first_asked: datetime
    last_asked: datetime


def _normalised(text: str) -> str:
    words = masked(_UNREADABLE.sub(" ", text[:_LONGEST_READ])).lower()
    return " ".join(words.split()).strip(_ENDS)[:MAX_QUESTION].strip()


async def keep_question(session: AsyncSession, text: str, now: datetime) -> None:
    """Keep the question, or count it where it is kept already. Personal data is masked; empty is ignored."""
    words = _normalised(text)
    if not words:
        return
    asked = insert(session, UnansweredQuestion).values(text=words, times=1, first_asked=now, last_asked=now)
    times = await session.scalar(
        asked.on_conflict_do_update(
            index_elements=["text"],
            set_={"times": UnansweredQuestion.times + 1, "last_asked": asked.excluded.last_asked},
        ).returning(UnansweredQuestion.times)
    )
    if times == 1:
        await _make_room(session, words)


async def _make_room(session: AsyncSession, newest: str) -> None:
    kept = await session.scalar(select(func.count()).select_from(UnansweredQuestion)) or 0
    if kept <= MAX_KEPT:
        return
    oldest = (
        select(UnansweredQuestion.id)
        .where(UnansweredQuestion.text != newest)
        .order_by(UnansweredQuestion.times, UnansweredQuestion.last_asked)
        .limit(kept - MAX_KEPT)
    )
    await session.execute(delete(UnansweredQuestion).where(UnansweredQuestion.id.in_(oldest)))


async def kept_questions(session: AsyncSession, *, limit: int = 100) -> tuple[KeptQuestion, ...]:
    """The questions asked most often, the most recent first among equals."""
    found = await session.scalars(
        select(UnansweredQuestion)
        .order_by(UnansweredQuestion.times.desc(), UnansweredQuestion.last_asked.desc())
        .limit(limit)
    )
    return tuple(KeptQuestion(row.text, row.times, row.first_asked, row.last_asked) for row in found)


async def forget_question(session: AsyncSession, text: str) -> None:
    """Drop a question that the admin has dealt with."""
    await session.execute(delete(UnansweredQuestion).where(UnansweredQuestion.text == text))
