from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from hall.catalogue import questions
from hall.catalogue.questions import forget_question, kept_questions
from hall.catalogue.service import keep_question
from hall.db import Sessions

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


async def test_a_question_is_kept_once_and_counted(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await keep_question(session, "怎么养鳄鱼?", NOW)
        await keep_question(session, " 怎么养鳄鱼 ", NOW + timedelta(days=1))
        await keep_question(session, "怎么买潜艇", NOW)
    async with sessions() as session:
        first, second = await kept_questions(session)
    assert (first.text, first.times) == ("怎么养鳄鱼", 2)
    assert (first.first_asked, first.last_asked) == (NOW, NOW + timedelta(days=1))
    assert second.text == "怎么买潜艇"


async def test_personal_data_is_masked(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await keep_question(session, "我13800138000身份证110101199003074514养鳄鱼", NOW)
        (kept,) = await kept_questions(session)
    assert kept.text == "我〔号码〕身份证〔号码〕养鳄鱼"


@pytest.mark.parametrize("text", ["", "   ", "???", "\0\0", "\ud800"])
async def test_nothing_is_kept_of_nothing(sessions: Sessions, text: str) -> None:
    async with sessions.begin() as session:
        await keep_question(session, text, NOW)
        assert await kept_questions(session) == ()


async def test_a_very_long_question_is_cut(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await keep_question(session, "长" * 20_000, NOW)
        (kept,) = await kept_questions(session)
    assert len(kept.text) == 200


async def test_the_least_asked_and_oldest_make_room(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MAX_KEPT", 3)
    async with sessions.begin() as session:
        for number, text in enumerate(["甲甲", "甲甲", "乙乙", "丙丙", "丁丁"]):
            await keep_question(session, text, NOW + timedelta(minutes=number))
        assert {kept.text for kept in await kept_questions(session)} == {"甲甲", "丙丙", "丁丁"}


async def test_citizens_asking_at_once_are_all_counted(sessions: Sessions) -> None:
    async def ask() -> None:
        async with sessions.begin() as session:
            await keep_question(session, "怎么养鳄鱼", NOW)

    await asyncio.gather(*(ask() for _ in range(8)))
    async with sessions.begin() as session:
        (kept,) = await kept_questions(session)
        assert kept.times == 8
        await forget_question(session, kept.text)
        assert await kept_questions(session) == ()
