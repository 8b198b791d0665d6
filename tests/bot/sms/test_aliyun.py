from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.sms.aliyun import AliyunSms, error_for, signature
from bot.sms.port import (
    SmsAccountProblem,
    SmsBadMessage,
    SmsBadNumber,
    SmsBusy,
    SmsError,
    SmsLimited,
    SmsOutcomeUnknown,
    SmsQuotaExhausted,
)

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
PHONE = "13800138000"


def test_the_signature_is_that_of_the_providers_own_example() -> None:
    # https://help.aliyun.com/document_detail/101343.htm: this request, with the secret testSecret.
    params = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert signature("GET", params, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", SmsLimited),
        ("isv.DAY_LIMIT_CONTROL", SmsQuotaExhausted),
        ("isv.MOBILE_NUMBER_ILLEGAL", SmsBadNumber),
        ("isv.SMS_TEMPLATE_ILLEGAL", SmsBadMessage),
        ("isv.AMOUNT_NOT_ENOUGH", SmsAccountProblem),
        ("SignatureDoesNotMatch", SmsAccountProblem),
        ("isp.SYSTEM_ERROR", SmsBusy),
        ("Throttling.User", SmsBusy),
        ("isv.SOMETHING_NEW", SmsError),
    ],
)
def test_a_code_says_what_is_to_be_done(code: str, kind: type[SmsError]) -> None:
    assert type(error_for(code, "")) is kind


class Provider:
    """Stands at the network's edge: keeps what was posted, answers as told."""

    def __init__(self) -> None:
        self.posted: list[dict[str, str]] = []
        self.query = ""
        self.answer: Any = {"Code": "OK", "BizId": "biz-1", "Message": "OK"}
        self.status = 200
        self.drop = False

    async def handle(self, request: web.Request) -> web.Response:
        self.query = request.query_string
        self.posted.append({name: str(value) for name, value in (await request.post()).items()})
        if self.drop:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(
            text=self.answer if isinstance(self.answer, str) else json.dumps(self.answer), status=self.status
        )


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def sms(provider: Provider) -> AsyncIterator[AliyunSms]:
    app = web.Application()
    app.router.add_post("/", provider.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield opened(session, str(server.make_url("/")))


def opened(session: aiohttp.ClientSession, endpoint: str) -> AliyunSms:
    return AliyunSms(
        session, lambda: NOW, key_id="id", key_secret="secret", sign_name="政务大厅", endpoint=endpoint
    )


async def test_an_sms_goes_signed_in_the_body(sms: AliyunSms, provider: Provider) -> None:
    assert await sms.send(f"+86{PHONE}", "SMS_1", {"time": "12月2日 9:30"}, reference="n7") == "biz-1"
    sent = provider.posted[0]
    assert sent["PhoneNumbers"] == PHONE
    assert json.loads(sent["TemplateParam"]) == {"time": "12月2日 9:30"}
    assert (sent["OutId"], sent["Timestamp"], sent["SignName"]) == ("n7", "2026-12-01T02:00:00Z", "政务大厅")
    assert sent.pop("Signature") == signature("POST", sent, "secret")
    assert provider.query == ""


async def test_two_requests_have_two_nonces(sms: AliyunSms, provider: Provider) -> None:
    await asyncio.gather(*(sms.send(PHONE, "SMS_1", {}, reference="n7") for _ in range(2)))
    assert len({sent["SignatureNonce"] for sent in provider.posted}) == 2


async def test_a_refusal_has_its_kind_and_names_no_phone(sms: AliyunSms, provider: Provider) -> None:
    provider.status = 400
    provider.answer = {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": f"{PHONE} is not a number"}
    with pytest.raises(SmsBadNumber) as raised:
        await sms.send(PHONE, "SMS_1", {}, reference="n7")
    assert PHONE not in str(raised.value)
    assert raised.value.code == "isv.MOBILE_NUMBER_ILLEGAL"


async def test_no_answer_is_an_unknown_outcome(sms: AliyunSms, provider: Provider) -> None:
    provider.drop = True
    with pytest.raises(SmsOutcomeUnknown):
        await sms.send(PHONE, "SMS_1", {}, reference="n7")
    assert len(provider.posted) == 1


async def test_a_gateways_page_leaves_the_outcome_open(sms: AliyunSms, provider: Provider) -> None:
    provider.status, provider.answer = 502, "<html>bad gateway</html>"
    with pytest.raises(SmsOutcomeUnknown):
        await sms.send(PHONE, "SMS_1", {}, reference="n7")


async def test_no_connection_may_be_tried_again() -> None:
    async with aiohttp.ClientSession() as session:
        sms = opened(session, f"http://127.0.0.1:{unused_port()}")
        with pytest.raises(SmsBusy):
            await sms.send(PHONE, "SMS_1", {}, reference="n7")
