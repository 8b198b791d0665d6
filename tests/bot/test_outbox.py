from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.outbox import CLAIM, MOST_ATTEMPTS, Outbox, OwedMessage, SendText, State
from bot.wechat import errors
from bot.wording import HELD_BACK
from hall.sealing import Seal

START = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


class Phone(SendText):
    """Stands at the network's edge: records what arrives, raises what it is told to."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str]] = []
        self.faults: list[Exception] = []

    async def send_text(self, openid: str, text: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.arrived.append((openid, text))


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def outbox(engine: AsyncEngine, phone: Phone, clock: Hand) -> Outbox:
    return Outbox(engine, phone, Seal(["secret"]), clock)


async def owe(outbox: Outbox, engine: AsyncEngine, *texts: str, openid: str = "ocitizen") -> None:
    async with engine.begin() as connection:
        await outbox.owe(connection, openid, texts, now=START)


async def written(outbox: Outbox, phone: Phone, now: datetime = START) -> list[str]:
    """The citizen writes: what arrives then."""
    before = len(phone.arrived)
    await outbox.release("ocitizen", now=now)
    await outbox.drain()
    return [text for _, text in phone.arrived[before:]]


async def rows(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(OwedMessage))).scalar_one()


async def test_parts_arrive_once_and_in_order(outbox: Outbox, engine: AsyncEngine, phone: Phone) -> None:
    await owe(outbox, engine, "一", "二", "三")
    outbox.send_soon("ocitizen")
    outbox.send_soon("ocitizen")
    await outbox.drain()
    assert [text for _, text in phone.arrived] == ["一", "二", "三"]
    assert await rows(engine) == 0


async def test_what_a_dead_process_left_is_swept(outbox: Outbox, engine: AsyncEngine, phone: Phone) -> None:
    await owe(outbox, engine, "一")
    await outbox.sweep()
    assert phone.arrived == [("ocitizen", "一")]


async def test_nothing_is_owed_when_the_turn_is_undone(outbox: Outbox, engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.begin()
        await outbox.owe(connection, "ocitizen", ["一"], now=START)
        await connection.rollback()
    assert await rows(engine) == 0


async def test_busy_is_tried_again_later(
    outbox: Outbox, engine: AsyncEngine, phone: Phone, clock: Hand
) -> None:
    phone.faults = [errors.Busy(-1, "system error")]
    await owe(outbox, engine, "一")
    await outbox.sweep()
    await outbox.sweep()
    assert phone.arrived == []
    clock.now += timedelta(seconds=5)
    await outbox.sweep()
    assert phone.arrived == [("ocitizen", "一")]


async def test_after_the_last_attempt_it_waits_for_the_citizen(
    outbox: Outbox, engine: AsyncEngine, phone: Phone, clock: Hand
) -> None:
    phone.faults = [errors.Busy(-1, "system error") for _ in range(MOST_ATTEMPTS)]
    await owe(outbox, engine, "一")
    for _ in range(MOST_ATTEMPTS):
        await outbox.sweep()
        clock.now += timedelta(minutes=2)
    assert phone.arrived == []
    assert await written(outbox, phone) == [f"{HELD_BACK}\n一"]


async def test_a_closed_window_waits_for_the_citizen(
    outbox: Outbox, engine: AsyncEngine, phone: Phone
) -> None:
    phone.faults = [errors.WindowClosed(45015, "out of response time limit")]
    await owe(outbox, engine, "一")
    await outbox.sweep()
    assert await written(outbox, phone) == [f"{HELD_BACK}\n一"]
    assert await written(outbox, phone) == []


async def test_an_unclear_outcome_is_never_repeated_blindly(
    outbox: Outbox, engine: AsyncEngine, phone: Phone, clock: Hand
) -> None:
    phone.faults = [errors.OutcomeUnknown(0, "no answer")]
    await owe(outbox, engine, "一")
    await outbox.sweep()
    clock.now += timedelta(minutes=10)
    await outbox.sweep()
    assert phone.arrived == []
    assert await written(outbox, phone) == [f"{HELD_BACK}\n一"]


async def test_a_citizen_who_left_is_not_written_to(
    outbox: Outbox, engine: AsyncEngine, phone: Phone
) -> None:
    phone.faults = [errors.Unreachable(43004, "require subscribe")]
    await owe(outbox, engine, "一")
    await outbox.sweep()
    assert await rows(engine) == 0


async def test_a_claim_of_a_dead_process_becomes_unsure_and_is_told_next_time(
    outbox: Outbox, engine: AsyncEngine, phone: Phone, clock: Hand
) -> None:
    await owe(outbox, engine, "一")
    async with engine.begin() as connection:
        await connection.execute(OwedMessage.__table__.update().values(state=State.SENDING))
    await outbox.sweep()
    assert await written(outbox, phone) == []
    clock.now += CLAIM + timedelta(seconds=1)
    await outbox.sweep()
    assert phone.arrived == []
    assert await written(outbox, phone) == [f"{HELD_BACK}\n一"]


async def test_what_is_too_old_is_not_told(outbox: Outbox, engine: AsyncEngine, phone: Phone) -> None:
    phone.faults = [errors.WindowClosed(45015, "out of response time limit")]
    await owe(outbox, engine, "一")
    await outbox.sweep()
    assert await written(outbox, phone, START + timedelta(days=2)) == []


async def test_two_replicas_do_not_send_the_same_message(
    engine: AsyncEngine, phone: Phone, clock: Hand
) -> None:
    import asyncio

    replicas = [Outbox(engine, phone, Seal(["secret"]), clock) for _ in range(2)]
    for number in range(20):
        await owe(replicas[0], engine, f"第{number}条", openid=f"ocitizen{number}")
    await asyncio.gather(*(replica.sweep() for replica in replicas))
    await replicas[0].sweep()
    assert sorted(text for _, text in phone.arrived) == sorted(f"第{n}条" for n in range(20))


async def test_the_text_does_not_stand_in_the_database_in_clear(outbox: Outbox, engine: AsyncEngine) -> None:
    await owe(outbox, engine, "张三的身份证")
    async with engine.connect() as connection:
        body = (await connection.execute(select(OwedMessage.body))).scalar_one()
    assert "张三".encode() not in body
