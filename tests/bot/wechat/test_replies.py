from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wechat.crypto import Sealed
from bot.wechat.push import parse_push
from bot.wechat.replies import NewsReply, Passive, Silence, TextReply, TransferReply, envelope, render
from tests.bot.wechat.platform_side import ACCOUNT, NOW, OPENID, reply_fields, text_fields, xml

MOMENT = datetime.fromtimestamp(NOW, UTC)
MESSAGE = parse_push(xml(text_fields()).encode())
EVENT = parse_push(xml(text_fields(MsgType="event", Event="CLICK", EventKey="k")).encode())


def as_xml(reply: Passive) -> str:
    return render(reply, MESSAGE, "xml", now=MOMENT)


def test_text_goes_back_to_who_wrote() -> None:
    assert reply_fields(as_xml(TextReply("您好"))) == {
        "ToUserName": OPENID,
        "FromUserName": ACCOUNT,
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": "您好",
    }


@pytest.mark.parametrize("reply", [Silence(), TextReply(""), TextReply(" \n\x00 ")])
def test_nothing_to_say_renders_nothing(reply: Passive) -> None:
    assert as_xml(reply) == ""


@settings(deadline=None)
@given(st.text(st.sampled_from("]]>< &;CDATA[!x\x00\ud800字\n"), min_size=1, max_size=80))
def test_no_text_breaks_out_of_its_section(text: str) -> None:
    rendered = as_xml(TextReply(text))
    expected = "".join(c for c in text if c not in "\x00\ud800").strip()
    if not expected:
        assert rendered == ""
        return
    fields = reply_fields(rendered)
    assert fields["Content"] == expected
    assert list(fields) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]


def test_text_is_limited_to_one_message() -> None:
    content = reply_fields(as_xml(TextReply("长句子。" * 2000)))["Content"]
    assert 400 < len(content) <= 600
    assert content.endswith("。")


def test_transfer_to_anybody_and_to_a_named_agent() -> None:
    root = ElementTree.fromstring(as_xml(TransferReply(None)))
    assert root.findtext("MsgType") == "transfer_customer_service"
    assert root.find("TransInfo") is None
    root = ElementTree.fromstring(as_xml(TransferReply("li@anlan")))
    assert root.findtext("TransInfo/KfAccount") == "li@anlan"


def test_event_is_never_answered_with_a_transfer() -> None:
    assert render(TransferReply("li@anlan"), EVENT, "xml", now=MOMENT) == ""


def test_news_has_one_article() -> None:
    root = ElementTree.fromstring(
        as_xml(NewsReply("标题]]>" * 30, "说明", "http://p/1.png", "http://h/?a=1&b=2"))
    )
    assert root.findtext("ArticleCount") == "1"
    items = root.findall("Articles/item")
    assert len(items) == 1
    assert items[0].findtext("Url") == "http://h/?a=1&b=2"
    assert len(items[0].findtext("Title") or "") == 64


def test_json_push_gets_a_json_reply_in_raw_utf8() -> None:
    rendered = render(TextReply('您好 "A" ]]>'), MESSAGE, "json", now=MOMENT)
    assert "您好" in rendered
    assert json.loads(rendered) == {
        "ToUserName": OPENID,
        "FromUserName": ACCOUNT,
        "CreateTime": NOW,
        "MsgType": "text",
        "Content": '您好 "A" ]]>',
    }


def test_envelope_in_both_forms() -> None:
    sealed = Sealed(encrypt="abc+/=", signature="0" * 40, timestamp=NOW, nonce="1")
    expected = {"Encrypt": "abc+/=", "MsgSignature": "0" * 40, "TimeStamp": NOW, "Nonce": "1"}
    assert json.loads(envelope(sealed, "json")) == expected
    assert reply_fields(envelope(sealed, "xml")) == {name: str(value) for name, value in expected.items()}
