"""What WeChat answers, and what each notice did. Through the simulator, over the real client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wechat import client as wechat_client
from hall.notices.claiming import CLAIM
from hall.notices.service import Kind
from tests.bot.notices.desk import SMS, SUBSCRIPTIONS, TEMPLATES, Office, opened_office

CUSTOM = "message/custom/send"
TEMPLATE = "message/template/send"
SUBSCRIBE = "message/subscribe/bizsend"


@pytest.fixture
async def equipped(engine: AsyncEngine, redis: Redis) -> AsyncIterator[Office]:
    """An account with templates beside customer-service messages."""
    how: dict[str, Any] = {"templates": TEMPLATES, "subscriptions": SUBSCRIPTIONS}
    async with opened_office(engine, redis, **how) as opened:
        yield opened


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own short retries without their pauses; a time-out that a test can wait for."""
    monkeypatch.setattr(wechat_client, "_BUSY_SECONDS", 0.001)
    monkeypatch.setattr(wechat_client, "TIMEOUT", aiohttp.ClientTimeout(connect=10, sock_read=0.5))


@dataclass(frozen=True)
class Case:
    """A fault on customer-service messages, and what a notice does, alone and with a template beside."""

    fault: dict[str, Any]
    alone: str
    tried: list[str]
    alarms: list[str]
    # With a template message to fall back on.
    beside: str
    arrived: int = 0


CASES = {
    "busy (-1)": Case({"code": -1, "times": None}, "due", ["custom busy -1"], [], "due"),
    "too fast (45011)": Case({"code": 45011, "times": None}, "due", ["custom too_fast 45011"], [], "due"),
    "window closed (45015)": Case({"code": 45015}, "waiting", ["custom window 45015"], [], "sent"),
    "count used up (45047)": Case({"code": 45047}, "waiting", ["custom window 45047"], [], "sent"),
    "no consent (43101)": Case({"code": 43101}, "waiting", ["custom no_consent 43101"], [], "sent"),
    "token refused for good (40001)": Case(
        {"code": 40001, "times": None}, "due", ["custom token 40001"], [], "due"
    ),
    "daily quota (45009)": Case({"code": 45009}, "alarm", ["custom quota 45009"], ["custom 45009"], "sent"),
    "no right (48001)": Case({"code": 48001}, "alarm", ["custom account 48001"], ["custom 48001"], "sent"),
    "not following (43004)": Case({"code": 43004}, "refused", ["custom unreachable 43004"], [], "refused"),
    "bad text (45002)": Case(
        {"code": 45002}, "alarm", ["custom bad 45002"], ["custom 45002 reminder_evening"], "sent"
    ),
    "an unknown code (99999)": Case({"code": 99999}, "waiting", ["custom other 99999"], [], "sent"),
    "a time-out": Case({"kind": "slow", "seconds": 1.5}, "unsure", ["custom unknown"], [], "unsure", 1),
    "a lost answer": Case({"kind": "lost"}, "unsure", ["custom unknown"], [], "unsure", 1),
    "a dropped connection": Case({"kind": "down"}, "unsure", ["custom unknown"], [], "unsure"),
}


@pytest.mark.parametrize("name", CASES)
async def test_what_a_notice_does_with_customer_service_messages_alone(office: Office, name: str) -> None:
    case = CASES[name]
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, **case.fault)
    await office.sends()
    assert await office.states() == [case.alone]
    assert await office.tried() == case.tried
    assert await office.alarms() == case.alarms


@pytest.mark.parametrize("name", CASES)
async def test_what_a_notice_does_with_a_template_beside(equipped: Office, name: str) -> None:
    case = CASES[name]
    openid = equipped.citizen()
    await equipped.writes(openid)
    await equipped.tell(openid)
    equipped.wechat.platform.faults.add(CUSTOM, **case.fault)
    await equipped.sends()
    assert await equipped.states() == [case.beside]
    cards = equipped.wechat.received(openid, "template")
    assert len(cards) == (case.beside == "sent")


@pytest.mark.parametrize("name", ["a time-out", "a lost answer"])
async def test_what_may_have_arrived_is_told_again_only_when_the_citizen_writes(
    office: Office, name: str
) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, **CASES[name].fault)
    await office.sends()
    for _ in range(3):
        office.clock.forward(minutes=5)
        await office.sweeper.sweep()
        await office.sends()
    assert len(office.texts(openid)) <= 1
    await office.writes(openid)
    await office.release(openid)
    await office.sends()
    assert office.texts(openid)[-1].startswith("前面有一条通知可能没送到")
    assert await office.states() == ["sent"]


async def test_busy_is_tried_again_and_arrives(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, code=-1, times=3)
    await office.sends()
    assert (await office.states(), office.texts(openid)) == (["due"], [])
    office.clock.forward(seconds=1)
    assert await office.sends() == 0
    office.clock.forward(seconds=2)
    await office.sends()
    assert await office.states() == ["sent"]
    assert len(office.texts(openid)) == 1


async def test_busy_for_good_ends_with_the_next_channel(equipped: Office) -> None:
    openid = equipped.citizen()
    await equipped.writes(openid)
    await equipped.tell(openid)
    equipped.wechat.platform.faults.add(CUSTOM, code=-1, times=None)
    for _ in range(5):
        await equipped.sends()
        equipped.clock.forward(minutes=1)
    assert await equipped.states() == ["sent"]
    assert await equipped.tried() == ["custom busy -1"] * 5 + ["template sent"]


async def test_a_token_refused_once_is_replaced_and_nothing_is_noticed(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, code=40001, times=1)
    await office.sends()
    assert (await office.states(), await office.alarms()) == (["sent"], [])
    assert len(office.texts(openid)) == 1


async def test_a_token_refused_for_good_rings_for_the_whole_account(equipped: Office) -> None:
    openid = equipped.citizen()
    await equipped.writes(openid)
    await equipped.tell(openid)
    equipped.wechat.platform.faults.add(CUSTOM, code=40001, times=None)
    for _ in range(5):
        await equipped.sends()
        equipped.clock.forward(minutes=1)
    assert await equipped.states() == ["alarm"]
    assert await equipped.alarms() == ["wechat 40001"]


async def test_a_wrong_secret_rings_at_once(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add("stable_token", code=40001, times=None)
    await office.sends()
    assert (await office.states(), await office.alarms()) == (["alarm"], ["wechat 40001"])


async def test_a_missing_right_stops_the_channel_and_is_found_out_when_it_is_mended(office: Office) -> None:
    openids = [office.citizen() for _ in range(3)]
    for openid in openids:
        await office.writes(openid)
        await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, code=48001, times=None)
    await office.sends()
    assert await office.states() == ["alarm"] * 3
    assert await office.alarms() == ["custom 48001"]
    # Later notices do not even try.
    tried = len(await office.tried())
    await office.tell(openids[0], Kind.CALLED, subject="ticket:main:7")
    await office.sends()
    assert len(await office.tried()) == tried
    # Somebody mends it at the platform: the next probe finds out, and everybody is told.
    office.wechat.platform.faults.clear()
    office.clock.forward(minutes=11)
    await office.sweeper.sweep()
    await office.sends()
    assert await office.states() == ["sent"] * 4
    assert await office.alarms() == []


async def test_a_used_up_quota_is_tried_again_after_midnight_in_shanghai(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    office.wechat.platform.faults.add(CUSTOM, code=45009)
    await office.sends()
    office.clock.forward(hours=13, minutes=59)  # 23:59
    await office.writes(openid)
    await office.sweeper.sweep()
    assert await office.sends() == 0
    office.clock.forward(minutes=2)
    await office.sweeper.sweep()
    await office.sends()
    assert await office.states() == ["sent"]
    assert await office.alarms() == []


async def test_a_lost_answer_to_a_template_message_is_repeated_under_its_number(equipped: Office) -> None:
    openid = equipped.citizen()
    await equipped.tell(openid)
    equipped.wechat.platform.faults.add(TEMPLATE, "lost")
    await equipped.sends()
    assert await equipped.states() == ["due"]
    equipped.clock.forward(seconds=3)
    await equipped.sends()
    assert await equipped.states() == ["sent"]
    assert len(equipped.wechat.received(openid, "template")) == 1


async def test_a_template_that_is_not_taken_rings_for_its_kind_alone(equipped: Office) -> None:
    openid = equipped.citizen()
    await equipped.tell(openid)
    equipped.wechat.platform.faults.add(TEMPLATE, code=40037)
    await equipped.sends()
    assert await equipped.states() == ["alarm"]
    assert await equipped.alarms() == ["template 40037 reminder_evening"]


async def test_consent_that_the_platform_does_not_know_is_void(equipped: Office) -> None:
    openid = equipped.citizen()
    await equipped.grants(openid, "sim-subscribe-calling")
    await equipped.tell(openid, Kind.CALLED)
    await equipped.sends()
    assert await equipped.tried() == ["subscribe no_consent 43101"]
    assert await equipped.states() == ["waiting"]
    assert await equipped.ledger(openid) == ["granted", "void"]


async def test_one_consent_is_one_notice(equipped: Office) -> None:
    openid = equipped.citizen()
    platform = equipped.wechat.platform
    platform.consents.accept(openid, platform.templates["sim-subscribe-calling"])
    await equipped.grants(openid, "sim-subscribe-calling")
    await equipped.tell(openid, Kind.CALLED)
    await equipped.sends()
    await equipped.tell(openid, Kind.CALLED, event="2")
    await equipped.sends()
    assert await equipped.states() == ["sent", "waiting"]
    (card,) = equipped.wechat.received(openid, "subscribe")
    assert [row["value"] for row in card.data["rows"]] == ["A012", "6 号窗口", "0", "轮到您了,请到窗口"]
    assert await equipped.ledger(openid) == ["granted", "used"]


async def test_who_does_not_follow_is_told_by_sms(engine: AsyncEngine, redis: Redis) -> None:
    how: dict[str, Any] = {"templates": TEMPLATES, "sms": None, "sms_templates": SMS, "phone": _phone}
    async with opened_office(engine, redis, **how) as office:
        openid = office.citizen(following=False)
        await office.tell(openid)
        await office.sends()
        assert await office.tried() == ["template unreachable 43004", "sms sent"]
        assert office.phone.sent == [
            ("13800138000", "SMS_1", {"item": "居民身份证到期换领", "time": "12月2日(周三)9:30"})
        ]
        # The next one does not try WeChat again.
        await office.tell(openid, event="2")
        await office.sends()
        assert await office.tried() == ["template unreachable 43004", "sms sent", "sms sent"]


async def _phone(_: str) -> str:
    return "13800138000"


async def test_a_process_that_dies_leaves_what_may_have_arrived(office: Office) -> None:
    openid = office.citizen()
    await office.writes(openid)
    await office.tell(openid)
    await office.claimed_by_a_dead_process()
    await office.sends()
    assert await office.states() == ["sending"]
    office.clock.forward(seconds=CLAIM.total_seconds() + 1)
    await office.sweeper.sweep()
    await office.sends()
    assert (await office.states(), office.texts(openid)) == (["unsure"], [])
