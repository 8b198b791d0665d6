from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

import server
from bot.cli import build
from bot.conversations import Conversation, Conversations
from bot.outbox import OwedMessage
from bot.resealing import SealedUnder, reseal, sealed_under
from hall.db import create_sessions, writing
from hall.people import service as people
from hall.people.service import Draft, Vault
from hall.sealing import Seal, SealBrokenError

OLD, NEW = "the old secret, long enough to be one", "the new secret, long enough to be one"
NOW = datetime(2026, 12, 2, 3, tzinfo=UTC)
NUMBER = "110101199001011237"


async def fill(engine: AsyncEngine, secret: str, openid: str = "o-1", number: str = NUMBER) -> int:
    """A person, a consent to act, a conversation and an owed message."""
    vault = Vault.of([secret])
    async with create_sessions(engine).begin() as session:
        citizen = await people.register(session, openid, now=NOW)
        await people.give_consent(session, citizen, wording="w", now=NOW)
        draft = Draft("张三", number, "13800138000")
        await people.save_own(session, vault, citizen, draft, now=NOW)
        other = await people.save_other(session, vault, citizen, Draft("李四", called="朋友"), now=NOW)
        await people.record_proxy(
            session, vault, citizen, other.id, means="stated", now=NOW, evidence="said so"
        )
        body = vault.seal.seal(b"owed", owner=openid)
        session.add(OwedMessage(openid=openid, body=body, state="due", due=NOW, created=NOW, reason=""))
    conversations = Conversations(engine, vault.seal)
    await conversations.save_alone(Conversation(openid, scene="x"), now=NOW)
    await conversations.close()
    return citizen


async def resealed(engine: AsyncEngine, secrets: list[str]) -> dict[str, int]:
    done: dict[str, int] = {}
    async for step in reseal(engine, Vault.of(secrets)):
        done[step.kind] = done.get(step.kind, 0) + step.rows
    return done


async def test_what_is_sealed_under_which_key(engine: AsyncEngine) -> None:
    await fill(engine, OLD)
    assert await sealed_under(engine, Seal([OLD])) == SealedUnder(current=8)
    assert await sealed_under(engine, Seal([NEW, OLD])) == SealedUnder(previous=8)
    assert await sealed_under(engine, Seal([NEW])) == SealedUnder(unknown=8)


async def test_everything_opens_with_the_new_secret_alone(engine: AsyncEngine) -> None:
    citizen = await fill(engine, OLD)
    assert await resealed(engine, [NEW, OLD]) == {"people": 2, "conversations": 1, "messages": 1}
    assert await sealed_under(engine, Seal([NEW])) == SealedUnder(current=8)
    vault = Vault.of([NEW])
    async with create_sessions(engine).begin() as session:
        told = await people.export(session, vault, citizen, now=NOW)
        assert [person["name"] for person in told["people"]] == ["张三", "李四"]
        assert told["proxies"][0]["evidence"] == "said so"
        (found,) = await people.find_same(session, vault, NUMBER)
        assert found.own
        owed = (await session.scalars(select(OwedMessage))).one()
        assert vault.seal.open(owed.body, owner="o-1") == b"owed"
    conversations = Conversations(engine, vault.seal)
    assert (await conversations.load("o-1")).scene == "x"
    await conversations.close()


async def test_again_is_harmless_and_what_came_meanwhile_is_left(engine: AsyncEngine) -> None:
    await fill(engine, OLD)
    await resealed(engine, [NEW, OLD])
    await fill(engine, NEW, "o-2", "340104195603154327")
    assert (await resealed(engine, [NEW, OLD]))["people"] == 4
    assert await sealed_under(engine, Seal([NEW])) == SealedUnder(current=16)


async def test_a_conversation_that_does_not_open_stays_and_is_told(engine: AsyncEngine) -> None:
    conversations = Conversations(engine, Seal(["a secret that nobody has any more, long"]))
    await conversations.save_alone(Conversation("o-9"), now=NOW)
    await conversations.close()
    steps = [step async for step in reseal(engine, Vault.of([NEW, OLD]))]
    assert [(step.kind, step.rows, step.broken) for step in steps] == [("conversations", 0, 1)]
    assert (await sealed_under(engine, Seal([NEW, OLD]))).unknown == 1


async def test_a_person_that_does_not_open_stops_the_run(engine: AsyncEngine) -> None:
    await fill(engine, OLD)
    with pytest.raises(SealBrokenError):
        await resealed(engine, [NEW])
    async with writing(engine):
        pass  # nothing is left locked


def banshi(*arguments: str) -> str:
    return CliRunner().invoke(build(server), arguments).output


def test_command_and_doctor_say_how_far_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("BANSHI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BANSHI_MODEL_DIR", str(tmp_path))
    monkeypatch.setenv("BANSHI_LOG_LEVEL", "error")
    monkeypatch.setenv("BANSHI_SECRET_KEY", NEW)
    assert "封在现在密钥下 0 条" in banshi("reseal")
    url = f"sqlite:///{tmp_path}/banshi.db"

    async def old_data() -> None:
        from hall.db import create_engine

        engine = create_engine(url)
        await fill(engine, OLD)
        await engine.dispose()

    import asyncio

    asyncio.run(old_data())
    assert "有 8 条数据封在别的密钥下,打不开" in banshi("doctor")
    assert "密文打不开" in banshi("reseal")
    monkeypatch.setenv("BANSHI_SECRET_KEY_PREVIOUS", OLD)
    assert "有 8 条数据还封在旧密钥下" in banshi("doctor")
    said = banshi("reseal")
    assert "旧密钥下 8 条" in said
    assert "申报人:已处理 2 条" in said
    assert "BANSHI_SECRET_KEY_PREVIOUS 可以去掉了" in said
    assert "可以去掉了" in banshi("doctor")
