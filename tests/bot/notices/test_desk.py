"""The desk around sending: what waits, what is offered, what is dropped, what WeChat reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.choices import Choice, ChoiceSet, read
from bot.notices import dispatch
from bot.notices.desk import NoticesDesk
from bot.notices.dispatch import Dispatch
from bot.transaction import TurnTransaction
from bot.wechat.push import parse_push
from hall.db import create_sessions
from hall.notices.service import Kind, dismiss, forget_account, held, retry, withdraw
from tests.bot.notices.desk import STARTS, TEMPLATES, Office, opened_office, view

CUSTOM = "message/custom/send"


@pytest.fixture
async def equipped(engine: AsyncEngine, redis: Redis) -> AsyncIterator[Office]:
    async with opened_office(engine, redis, templates=TEMPLATES) as opened:
        yield opened


async def test_a_reminders_ways_work_by_number_and_by_tap(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    await office.sends()
    conversation = await office.conversations.load(openid)
    assert read("2", conversation.choices) == Choice("取消预约", '/cancel_appointment{"value": "12"}')
    (text,) = office.texts(openid)
    assert f"msgmenuid={conversation.choices[-1].menu_id(1)}" in text
    # Being told something is no sign of life of the citizen's.
    assert conversation.last_seen == office.clock()


async def test_ways_that_nobody_got_are_not_what_a_number_means(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    before = ChoiceSet("before", (Choice("材料明细", "/ask_materials"),))
    async with office.engine.begin() as connection:
        await office.conversations.offer(connection, openid, before)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, code=45015)
    await office.sends()
    conversation = await office.conversations.load(openid)
    assert conversation.choices == [before]


async def test_what_waits_arrives_with_the_citizens_next_message(office: Office) -> None:
    openid = office.citizen()
    await office.tell(openid)
    await office.sends()
    assert (await office.states(), await office.tried()) == (["waiting"], [])
    await office.writes(openid)
    await office.release(openid)
    await office.sends()
    assert await office.states() == ["sent"]
    assert office.texts(openid)[0].startswith("提醒您")


async def test_a_reminder_nobody_got_is_said_so_once_in_the_transaction_that_drops_it(office: Office) -> None:
    openid = office.citizen()
    for kind in (Kind.REMINDER_EVENING, Kind.REMINDER_HOUR):
        await office.tell(openid, kind)
    await office.tell(openid, Kind.BOOKING_CONFIRMED)
    await office.sends()
    await office.sweeper.sweep()
    assert office.undeliverable == []
    office.clock.now = STARTS
    await office.sweeper.sweep()
    await office.sweeper.sweep()
    assert await office.states() == ["stale"] * 3
    assert set(office.undeliverable) == {
        (Kind.REMINDER_EVENING, "booking:12"),
        (Kind.REMINDER_HOUR, "booking:12"),
    }


async def test_who_shut_the_account_out_was_not_failed_by_it(office: Office) -> None:
    openid = office.citizen(following=False)
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, code=43004)
    await office.sends()
    office.clock.now = STARTS
    await office.sweeper.sweep()
    assert (await office.states(), office.undeliverable) == (["stale"], [])


async def test_one_reminder_that_arrived_is_enough(office: Office) -> None:
    openid = office.citizen()
    await office.tell(openid)
    await office.sends()
    await office.writes(openid)
    await office.tell(openid, Kind.REMINDER_HOUR)
    await office.sends()
    office.clock.now = STARTS
    await office.sweeper.sweep()
    assert await office.states() == ["stale", "sent"]
    assert office.undeliverable == []


async def test_what_is_withdrawn_on_its_way_is_not_tried_again(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, "slow", seconds=0.3)
    office.wechat.platform.faults.add(CUSTOM, code=-1, times=None)
    sending = asyncio.create_task(office.sends())
    await asyncio.sleep(0.15)
    async with create_sessions(office.engine).begin() as session:
        assert await withdraw(session, "booking:12", now=office.clock()) == 1
    await sending
    assert await office.states() == ["withdrawn"]


async def test_a_citizens_notices_arrive_in_the_order_they_were_due(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    for kind in (Kind.CALLING_SOON, Kind.CALLED, Kind.PASSED):
        await office.tell(openid, kind, subject="ticket:main:7")
        office.clock.forward(seconds=1)
    await office.sends()
    assert [text[:4] for text in office.texts(openid)] == ["快到您了", "轮到您了", "A012"]


async def test_staff_see_what_is_held_try_it_again_or_put_it_aside(office: Office) -> None:
    openids = [office.citizen() for _ in range(2)]
    for count, openid in enumerate(openids):
        await office.tell(openid, subject=f"booking:{count}")
    await office.sends()
    sessions = create_sessions(office.engine)
    async with sessions.begin() as session:
        second, first = await held(session)
        assert (first.subject, first.reason) == ("booking:0", "no channel is open to this citizen")
        assert len(await held(session, hall="main", limit=1)) == 1
        assert await held(session, hall="branch") == ()
        assert await dismiss(session, second.id, by="li", reason="电话通知了", now=office.clock())
        assert not await dismiss(session, second.id, by="li", reason="again", now=office.clock())
        assert await retry(session, first.id, now=office.clock())
        assert not await retry(session, second.id, now=office.clock())
    await office.writes(openids[0])
    await office.sends()
    assert await office.states() == ["sent", "withdrawn"]


async def test_an_erased_account_leaves_nothing_also_while_it_is_being_told(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.grants(openid, "sim-subscribe-calling")
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, "slow", seconds=0.3)
    sending = asyncio.create_task(office.sends())
    await asyncio.sleep(0.15)
    async with create_sessions(office.engine).begin() as session:
        await forget_account(session, openid)
    await sending
    assert (await office.rows(), await office.tried(), await office.ledger(openid)) == ([], [], [])


def event(name: str, content: str) -> Any:
    head = "<ToUserName>gh_1</ToUserName><FromUserName>{}</FromUserName><CreateTime>1764554400</CreateTime>"
    return f"<xml>{head}<MsgType>event</MsgType><Event>{name}</Event>{content}</xml>"


async def heeded(office: Office, openid: str, name: str, content: str) -> None:
    desk = NoticesDesk(office.engine, office.conversations, office.dispatch.equipment, view, office.clock)
    incoming = parse_push(event(name, content).format(openid).encode())
    async with create_sessions(office.engine).begin() as session:
        await desk.heed(incoming, session, now=office.clock())


def entry(template: str, status: str) -> str:
    return (
        f"<List><TemplateId>{template}</TemplateId>"
        f"<SubscribeStatusString>{status}</SubscribeStatusString></List>"
    )


async def test_the_popups_answers_stand_in_the_ledger(office: Office) -> None:
    both = f"<SubscribeMsgPopupEvent>{entry('a', 'accept')}{entry('b', 'reject')}</SubscribeMsgPopupEvent>"
    await heeded(office, "ocitizen", "subscribe_msg_popup_event", both)
    one = f"<SubscribeMsgChangeEvent>{entry('a', 'reject')}</SubscribeMsgChangeEvent>"
    await heeded(office, "ocitizen", "subscribe_msg_change_event", one)
    assert await office.ledger("ocitizen") == ["granted", "refused", "refused"]


async def test_a_template_message_that_did_not_arrive_goes_by_the_next_channel(equipped: Office) -> None:
    openid = equipped.citizen()
    await equipped.tell(openid)
    await equipped.sends()
    (row,) = await equipped.rows()
    assert (row.state, row.channel) == ("sent", "template")
    report = f"<MsgID>{row.message_id}</MsgID><Status>failed: system failed</Status>"
    await heeded(equipped, "osomebody", "TEMPLATESENDJOBFINISH", report)
    assert await equipped.states() == ["sent"]
    await heeded(equipped, openid, "TEMPLATESENDJOBFINISH", report)
    await equipped.writes(openid)
    await equipped.sends()
    assert await equipped.tried() == ["template sent", "template failed", "custom sent"]


async def test_a_running_desk_sends_within_a_second_and_lets_its_last_ones_arrive(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    desk = NoticesDesk(office.engine, office.conversations, office.dispatch.equipment, view, office.clock)
    async with desk.running():
        await office.tell(openid, Kind.CALLED)
        desk.wake()
        await office.wechat.wait_for(openid, "custom", seconds=5)
        office.wechat.platform.faults.add(CUSTOM, "slow", seconds=0.3)
        await office.tell(openid, Kind.PASSED)
        desk.wake()
        await asyncio.sleep(0.2)
    assert await office.states() == ["sent", "sent"]


async def test_an_account_that_may_send_nothing_tells_with_its_answer(
    engine: AsyncEngine, redis: Redis
) -> None:
    async with opened_office(engine, redis, custom=False) as office:
        openid = office.citizen()
        await office.writes(openid)
        await office.tell(openid)
        await office.tell(openid, Kind.CALLED, subject="ticket:main:7")
        await office.sends()
        assert await office.states() == ["waiting", "waiting"]
        desk = NoticesDesk(engine, office.conversations, office.dispatch.equipment, view, office.clock)
        async with TurnTransaction(engine) as undone:
            assert len(await desk.told_with_the_answer(undone, openid, now=office.clock())) == 2
        assert await office.states() == ["waiting", "waiting"]
        async with TurnTransaction(engine) as turn:
            texts = await desk.told_with_the_answer(turn, openid, now=office.clock())
            await turn.commit()
        assert [text[:4] for text in texts] == ["提醒您,", "轮到您了"]
        assert await office.states() == ["sent", "sent"]
        async with TurnTransaction(engine) as later:
            assert await desk.told_with_the_answer(later, openid, now=office.clock()) == []
            assert not later.begun


async def test_a_fault_of_ours_ends_no_lane(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    openid = office.citizen()
    await office.writes(openid)
    faults = [KeyError("a kind that this version does not know"), ValueError("a row nobody can read")]
    looked = asyncio.Event()
    looked_up = Dispatch._looked_up

    async def faulty(self: Dispatch, found: Any) -> Any:
        looked.set()
        if faults:
            raise faults.pop()
        return await looked_up(self, found)

    monkeypatch.setattr(Dispatch, "_looked_up", faulty)
    monkeypatch.setattr(dispatch, "_PAUSE_SECONDS", 0.01)
    async with office.dispatch.running():
        for subject in ("booking:1", "booking:2", "booking:3"):
            await office.tell(openid, subject=subject)
            office.dispatch.wake()
            await asyncio.wait_for(looked.wait(), 10)
            looked.clear()
    assert len(office.texts(openid)) == 1
