from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.my_data import MyData
from actions.people import data
from actions.turn import Reply
from hall.db import Sessions
from hall.people.models import Access, Citizen, Person
from tests.actions.people.conftest import Asking
from tests.actions.people.test_whose import ALL, MOTHER, with_mother


async def choose(asking: Asking, do: str, value: str = "") -> tuple[Reply, list[str]]:
    """A way on of the citizen's own data; with what was asked of the desk."""
    asked: list[str] = []
    turn = asking.turn()
    desk = replace(turn.desk, forget=lambda: asked.append("forget"), changed=asked.append)
    turn = replace(turn, desk=desk, payload={"do": do, "value": value}, intent="my_data")
    return await MyData().answer(turn), asked


async def rows(sessions: Sessions, of: type[Any]) -> list[Any]:
    async with sessions() as session:
        return list(await session.scalars(select(of)))


async def test_erasing_forgets_the_conversation_too(asking: Asking, sessions: Sessions) -> None:
    await with_mother(asking)
    reply, asked = await choose(asking, "erase_sure")
    assert "都删了" in reply.text
    assert asked == ["forget"]
    assert asking.memory.form is None
    assert await rows(sessions, Person) == []
    (citizen,) = await rows(sessions, Citizen)
    assert citizen.openid is None
    assert [line.action for line in await rows(sessions, Access)] == ["erase"]


async def test_a_restriction_is_told_and_keeps_the_account_alone(
    asking: Asking, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def restricted(_session: AsyncSession, _citizen_id: int) -> bool:
        return True

    await with_mother(asking)
    monkeypatch.setattr(data, "forgettings", lambda *_: (restricted,))
    reply, _ = await choose(asking, "erase_sure")
    assert "爽约限制还没到期" in reply.text
    assert await rows(sessions, Person) == []
    (citizen,) = await rows(sessions, Citizen)
    assert citizen.openid is not None
    assert citizen.erased is not None


async def test_erasing_twice_is_harmless(asking: Asking) -> None:
    await with_mother(asking)
    await choose(asking, "erase_sure")
    reply, asked = await choose(asking, "erase_sure")
    assert "没有存" in reply.text
    assert asked == ["forget"]


async def test_nothing_is_erased_before_it_was_confirmed(asking: Asking, sessions: Sessions) -> None:
    await with_mother(asking)
    reply, _ = await choose(asking, "erase")
    assert "确定吗" in reply.text
    assert "1 个人" in reply.text
    reply, _ = await choose(asking, "withdraw")
    assert "确定吗" in reply.text
    assert len(await rows(sessions, Person)) == 2


async def test_withdrawing_deletes_the_data_and_keeps_the_conversation(
    asking: Asking, sessions: Sessions
) -> None:
    await with_mother(asking)
    reply, asked = await choose(asking, "withdraw_sure")
    assert "同意撤回了" in reply.text
    assert asked == []
    assert await rows(sessions, Person) == []


async def test_one_person_is_removed_and_no_other(asking: Asking, sessions: Sessions) -> None:
    await with_mother(asking)
    mother = next(person for person in await rows(sessions, Person) if not person.own)
    own = next(person for person in await rows(sessions, Person) if person.own)
    reply, _ = await choose(asking, "remove", str(mother.id))
    assert "妈妈(李*英)" in reply.text
    assert MOTHER not in reply.text
    for value in (str(own.id), "99999", "x"):
        reply, _ = await choose(asking, "remove_sure", value)
        assert "不在了" in reply.text
    reply, _ = await choose(asking, "remove_sure", str(mother.id))
    assert "删掉了" in reply.text
    assert [person.id for person in await rows(sessions, Person)] == [own.id]


async def test_another_citizens_person_cannot_be_removed(asking: Asking, sessions: Sessions) -> None:
    await with_mother(asking)
    mother = next(person for person in await rows(sessions, Person) if not person.own)
    stranger = Asking(sessions, "o-stranger")
    await stranger.start()
    await stranger.say("同意")
    await stranger.say(ALL)
    reply, _ = await choose(stranger, "remove_sure", str(mother.id))
    assert "不在了" in reply.text
    assert any(person.id == mother.id for person in await rows(sessions, Person))


async def test_shown_masked(asking: Asking) -> None:
    await with_mother(asking)
    reply, _ = await choose(asking, "")
    assert "张*,110***********1237,138****8000" in reply.text
    assert "妈妈 李*英" in reply.text
    assert len(reply.ways) <= 5
