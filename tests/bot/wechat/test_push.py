from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wechat.payload import read_payload
from bot.wechat.push import Incoming, MalformedPushError, parse_push
from tests.bot.wechat.platform_side import ACCOUNT, NOW, OPENID, text_fields, xml


def push(fields: dict[str, Any]) -> Incoming:
    return parse_push(xml(fields).encode())


def event(name: str, **more: Any) -> dict[str, Any]:
    head = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": NOW, "MsgType": "event"}
    return {**head, "Event": name, **more}


def message(kind: str, **more: Any) -> dict[str, Any]:
    fields = text_fields(MsgType=kind, **more)
    del fields["Content"]
    return fields


# --- kinds


def test_text() -> None:
    incoming = push(text_fields("身份证快到期了咋换啊"))
    assert incoming.kind == "text"
    assert incoming.text == "身份证快到期了咋换啊"
    assert (incoming.openid, incoming.account) == (OPENID, ACCOUNT)
    assert incoming.created == datetime.fromtimestamp(NOW, UTC)
    assert incoming.created.tzinfo is UTC


def test_tapped_choice_carries_its_menu_id() -> None:
    assert push(text_fields("满意", bizmsgmenuid="rate:5")).menu_id == "rate:5"


def test_empty_content_is_an_empty_text() -> None:
    assert push(text_fields("")).text == ""
    body = xml(text_fields("X")).replace("<Content><![CDATA[X]]></Content>", "<Content/>")
    assert parse_push(body.encode()).text == ""


def test_voice_with_recognition_is_text_and_keeps_its_media() -> None:
    incoming = push(message("voice", MediaId="m1", MediaId16K="m16", Format="amr", Recognition="办身份证。"))
    assert (incoming.kind, incoming.text, incoming.media_id) == ("voice", "办身份证。", "m1")
    assert incoming.raw["MediaId16K"] == "m16"


def test_voice_without_recognition_has_no_text() -> None:
    assert push(message("voice", MediaId="m1", Format="amr")).text == ""


def test_image() -> None:
    incoming = push(message("image", MediaId="m1", PicUrl="http://mmbiz.qpic.cn/x"))
    assert (incoming.kind, incoming.media_id, incoming.pic_url) == ("image", "m1", "http://mmbiz.qpic.cn/x")


def test_location_message() -> None:
    incoming = push(message("location", Location_X="30.25", Location_Y="120.16", Scale="16", Label="西湖"))
    assert (incoming.latitude, incoming.longitude, incoming.label) == (30.25, 120.16, "西湖")


def test_location_event() -> None:
    incoming = push(event("LOCATION", Latitude="30.25", Longitude="120.16", Precision="60"))
    assert (incoming.event, incoming.latitude, incoming.longitude) == ("location", 30.25, 120.16)


@pytest.mark.parametrize(
    ("x", "y"), [("nan", "1"), ("inf", "1"), ("91", "1"), ("1", "181"), ("", "1"), ("a", "b")]
)
def test_impossible_position_is_none(x: str, y: str) -> None:
    incoming = push(message("location", Location_X=x, Location_Y=y))
    assert (incoming.latitude, incoming.longitude) == (None, None)


def test_subscribe_by_qr_code_keeps_the_scene() -> None:
    incoming = push(event("subscribe", EventKey="qrscene_hall:main", Ticket="T"))
    assert (incoming.event, incoming.event_key, incoming.ticket) == ("subscribe", "hall:main", "T")


def test_subscribe_by_search_has_no_scene() -> None:
    assert push(event("subscribe", EventKey="")).event_key == ""
    assert push(event("subscribe")).event_key == ""


def test_scan_of_a_scene_named_like_the_prefix_is_left_alone() -> None:
    assert push(event("SCAN", EventKey="qrscene_1")).event_key == "qrscene_1"


def test_click_and_view_and_unknown_events() -> None:
    assert push(event("CLICK", EventKey="intent:human")).event_key == "intent:human"
    assert push(event("VIEW", EventKey="https://example.cn/")).event == "view"
    assert push(event("something_new_2030")).event == "something_new_2030"


def test_unknown_message_type_is_unknown() -> None:
    assert push(message("hologram")).kind == "unknown"
    assert push(message("unknown")).kind == "unknown"


def test_nested_events_keep_their_data() -> None:
    details = {"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}
    incoming = push(event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=details))
    assert incoming.raw["SubscribeMsgPopupEvent"]["List"] == [{"TemplateId": "a"}, {"TemplateId": "b"}]


def test_json_push_is_the_same_as_the_xml_one() -> None:
    fields = text_fields("带什么", bizmsgmenuid="7")
    from_json = parse_push(json.dumps(fields).encode())
    from_xml = push(fields)
    assert from_json == from_xml


# --- identity


def identity(fields: dict[str, Any]) -> str:
    return push(fields).identity


def test_identity_is_the_same_for_a_repeated_push() -> None:
    assert identity(text_fields()) == identity(text_fields())


def test_identity_tells_messages_apart_by_id_sender_and_second() -> None:
    different = [
        text_fields(),
        text_fields(MsgId=1),
        text_fields(FromUserName="oAnother"),
        text_fields(CreateTime=NOW + 1),
    ]
    assert len({identity(fields) for fields in different}) == len(different)


def test_identity_tells_events_of_the_same_second_apart() -> None:
    different = [
        event("CLICK", EventKey="a"),
        event("CLICK", EventKey="b"),
        event("VIEW", EventKey="a"),
        event("TEMPLATESENDJOBFINISH", MsgID="1"),
        event("TEMPLATESENDJOBFINISH", MsgID="2"),
        event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": {"MsgID": "1"}}),
        event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": {"MsgID": "2"}}),
    ]
    assert len({identity(fields) for fields in different}) == len(different)


def test_identity_of_a_kind_without_message_id_is_its_content() -> None:
    def strange(**more: Any) -> dict[str, Any]:
        fields = message("hologram", **more)
        del fields["MsgId"]
        return fields

    assert identity(strange(Beam="1")) == identity(strange(Beam="1"))
    assert identity(strange(Beam="1")) != identity(strange(Beam="2"))


def test_identity_is_short_and_shows_no_openid() -> None:
    fields = event("VIEW", EventKey="https://example.cn/" + "x" * 5000)
    assert len(identity(fields)) == 32
    assert OPENID not in identity(fields)


# --- what is not taken


@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_missing_field_that_names_the_push_is_malformed(name: str) -> None:
    fields = text_fields()
    del fields[name]
    with pytest.raises(MalformedPushError):
        push(fields)


@pytest.mark.parametrize(
    "openid", ["o" * 65, "o" * 1024, "", "a b", "用户", "o'; DROP TABLE citizen; --", "../x", "{{7*7}}"]
)
def test_impossible_openid_is_malformed(openid: str) -> None:
    with pytest.raises(MalformedPushError):
        push(text_fields(FromUserName=openid))


@pytest.mark.parametrize("time", ["", "-1", "1e9", "99999999999", "yesterday", "１７６４５５００００"])
def test_impossible_time_is_malformed(time: str) -> None:
    with pytest.raises(MalformedPushError):
        push(text_fields(CreateTime=time))


def test_contradicting_senders_are_malformed_repeated_ones_are_not() -> None:
    with pytest.raises(MalformedPushError):
        push(text_fields(FromUserName=[OPENID, "oAnother"]))
    assert push(text_fields(FromUserName=[OPENID, OPENID])).openid == OPENID


def test_nested_sender_is_malformed() -> None:
    with pytest.raises(MalformedPushError):
        push(text_fields(FromUserName={"a": "b"}))


def test_duplicate_content_counts_once() -> None:
    assert push(text_fields(Content=["", "第一", "第二"])).text == "第一"  # type: ignore[arg-type]


def test_event_without_name_is_malformed() -> None:
    with pytest.raises(MalformedPushError):
        push(event(""))


def test_overlong_key_counts_as_absent() -> None:
    assert push(event("CLICK", EventKey="k" * 1025)).event_key == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"hello",
        b"<xml/>",
        b"<xml></xml>",
        b"<xml>text only</xml>",
        b"<other><a>1</a></other>",
        b"<xml><a>1</xml>",
        b"<xml><a>\x00</a></xml>",
        b"<xml><a>\xff\xfe</a></xml>",
        b'<?xml version="1.0" encoding="nonsense"?><xml><a>1</a></xml>',
        b'<?xml version="1.0" encoding="utf-16"?><xml><a>1</a></xml>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x"><xml><a>1</a></xml>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><a>&b;</a></xml>',
        b"<xml><a>&undefined;</a></xml>",
        b"<xml>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</xml>",
        b"{",
        b"{}",
        b"[]",
        b"[{}]",
        b'{"a": }',
        b'{"a": "\xff"}',
        b'{"a": ' + b"[" * 100000,
        b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}",
        b'{"CreateTime": ' + b"9" * 10000 + b"}",
        b'{"CreateTime": NaN, "FromUserName": Infinity}',
    ],
)
def test_malformed_body_is_one_kind_of_error(body: bytes) -> None:
    with pytest.raises(MalformedPushError):
        parse_push(body)


def test_error_quotes_nothing_of_the_push() -> None:
    with pytest.raises(MalformedPushError) as caught:
        push(text_fields("我的身份证号是 110101199003070000", FromUserName="bad openid"))
    assert "110101" not in str(caught.value)
    assert "bad openid" not in str(caught.value)


def test_control_characters_and_lone_surrogates_are_dropped() -> None:
    fields = text_fields("一\x00二\x1b[31m三\ud800四\r\n五\t六\uffff\x85", Label="\x07响")
    incoming = parse_push(json.dumps(fields).encode())
    assert incoming.text == "一二[31m三四\n五\t六"
    assert incoming.label == "响"


def test_long_hostile_text_arrives_as_it_is() -> None:
    hostile = "]]>&lt;script>{{7*7}}'; DROP TABLE x; --😀" * 500
    assert push(text_fields(hostile)).text == hostile
    assert len(push(text_fields("字" * 20_000)).text) == 20_000


# --- whatever comes


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_or_read(body: bytes) -> None:
    with contextlib.suppress(MalformedPushError):
        parse_push(body)


_TREES = st.recursive(
    st.text(max_size=30) | st.integers() | st.floats() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
_NAMES = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Event",
        "EventKey",
        "Content",
        "MsgId",
        "Location_X",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(_NAMES, _TREES, max_size=9))
def test_any_json_object_is_refused_or_read(changes: dict[str, Any]) -> None:
    try:
        incoming = parse_push(json.dumps({**text_fields(), **changes}).encode())
    except MalformedPushError:
        return
    repr(incoming).encode()
    incoming.text.encode()


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("<>/&;!?[]='\"xmlCDATE abc\n"), max_size=200))
def test_any_markup_is_refused_or_read(markup: str) -> None:
    body = xml(text_fields("X")).replace("<![CDATA[X]]>", markup)
    with contextlib.suppress(MalformedPushError):
        parse_push(body.encode())


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_any_text_survives_xml_and_json(content: str) -> None:
    fields = text_fields(content)
    expected = content.replace("\ufffe", "").replace("\uffff", "")
    assert parse_push(json.dumps(fields).encode()).text == expected
    assert parse_push(xml({**fields, "Content": expected}).encode()).text == expected


def test_payload_says_in_which_form_it_came() -> None:
    assert read_payload(b"\xef\xbb\xbf\n<xml><a>1</a></xml>") == ({"a": "1"}, "xml")
    assert read_payload(b' {"a": [1, null, true]}') == ({"a": ["1", "", "true"]}, "json")
    assert read_payload(b'{"a": 1, "a": 2, "a": 3}') == ({"a": ["1", "2", "3"]}, "json")
