from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sms.aliyun import AliyunSms
from bot.sms.port import (
    SmsAccountProblem,
    SmsBadMessage,
    SmsBadNumber,
    SmsBusy,
    SmsLimited,
    SmsOutcomeUnknown,
)
from simulator.sms import ENDPOINT, KEY_ID, KEY_SECRET, SIGN_NAME
from simulator.standalone import Simulator

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
PHONE = "13800138000"
CALL = {"number": "A012", "say": "轮到您了,请到窗口"}

Opened = Callable[..., AliyunSms]


@pytest.fixture
async def provider() -> AsyncIterator[Simulator]:
    async with Simulator(clock=lambda: NOW) as simulator:
        yield simulator


@pytest.fixture
async def sms(provider: Simulator) -> AsyncIterator[Opened]:
    async with aiohttp.ClientSession() as http:

        def opened(**changes: Any) -> AliyunSms:
            how = {"key_id": KEY_ID, "key_secret": KEY_SECRET, "sign_name": SIGN_NAME}
            return AliyunSms(http, lambda: NOW, endpoint=f"{provider.url}/sms", **(how | changes))

        yield opened


def texts(provider: Simulator) -> list[str]:
    return [sms.text for sms in provider.platform.sms.arrived]


async def test_an_sms_arrives_in_the_templates_words(provider: Simulator, sms: Opened) -> None:
    await sms().send(PHONE, "SMS_SIM_CALL", CALL, reference="notice-1")
    assert texts(provider) == ["【安澜政务】您的排队号A012:轮到您了,请到窗口。"]


async def test_it_refuses_what_the_provider_refuses(provider: Simulator, sms: Opened) -> None:
    with pytest.raises(SmsAccountProblem, match="SignatureDoesNotMatch"):
        await sms(key_secret="another").send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    with pytest.raises(SmsAccountProblem, match="InvalidAccessKeyId"):
        await sms(key_id="another").send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    with pytest.raises(SmsBadMessage):
        await sms(sign_name="别人").send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    with pytest.raises(SmsBadMessage):
        await sms().send(PHONE, "SMS_NONE", CALL, reference="")
    with pytest.raises(SmsBadMessage):
        await sms().send(PHONE, "SMS_SIM_CALL", {"number": "A012"}, reference="")
    with pytest.raises(SmsBadNumber):
        await sms().send("12", "SMS_SIM_CALL", CALL, reference="")
    assert texts(provider) == []


async def test_one_phone_gets_fifty_a_day(provider: Simulator, sms: Opened) -> None:
    for _ in range(50):
        await sms().send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    with pytest.raises(SmsLimited):
        await sms().send(PHONE, "SMS_SIM_CALL", CALL, reference="")


async def test_faults_are_put_in_force_on_it(provider: Simulator, sms: Opened) -> None:
    provider.platform.faults.add(ENDPOINT, code=-1)
    with pytest.raises(SmsBusy):
        await sms().send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    provider.platform.faults.add(ENDPOINT, "lost")
    with pytest.raises(SmsOutcomeUnknown):
        await sms().send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    assert len(texts(provider)) == 1


async def test_the_page_shows_what_arrived(provider: Simulator, sms: Opened) -> None:
    await sms().send(PHONE, "SMS_SIM_CALL", CALL, reference="")
    async with aiohttp.ClientSession() as http, http.get(f"{provider.url}/control/panel") as answer:
        panel = await answer.json()
    assert panel["sms"][0]["phone"] == PHONE
    assert ENDPOINT in panel["endpoints"]
