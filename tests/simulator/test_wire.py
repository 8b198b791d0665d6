from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.crypto import CryptoError, decrypt, encrypt, signature
from simulator.wire import WireError, read_api_json, read_body, write_body
from tests.simulator.bots import AES_KEY, APPID, make_sealed, open_sealed

KEY = "A" * 43
PUSH = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazh"
    "Zv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZ"
    "oNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


def test_official_vector_of_the_address_check() -> None:
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_official_vector_of_a_safe_push() -> None:
    assert signature("AAAAA", "1714112445", "415670741", PUSH) == "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    message = json.loads(decrypt(PUSH, KEY, APPID))
    assert (message["Event"], message["debug_str"]) == ("debug_demo", "hello world")
    plain = decrypt(PUSH, KEY, APPID)
    assert encrypt(plain, KEY, APPID, random=b"a8eedb185eb2fecf") == PUSH


def test_official_vector_of_a_reply() -> None:
    sealed = encrypt(b'{"demo_resp":"good luck"}', KEY, APPID, random=b"707722b803182950")
    assert sealed == REPLY
    assert signature("AAAAA", "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@given(st.binary(max_size=300))
def test_another_library_reads_what_is_sealed_and_the_other_way_round(message: bytes) -> None:
    assert open_sealed(encrypt(message, AES_KEY, APPID)) == (message, APPID)
    assert decrypt(make_sealed(message), AES_KEY, APPID) == message


@pytest.mark.parametrize(
    ("sealed", "key", "appid"),
    [
        (REPLY, KEY, "wx0000000000000000"),
        (REPLY, "B" * 43, APPID),
        ("not base64", KEY, APPID),
        ("", KEY, APPID),
        ("AAAA", KEY, APPID),
    ],
)
def test_a_foreign_message_is_refused(sealed: str, key: str, appid: str) -> None:
    with pytest.raises(CryptoError):
        decrypt(sealed, key, appid)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), max_size=60))
def test_text_survives_xml_whatever_it_holds(text: str) -> None:
    text = f"{text}]]><b>&amp;"
    body = write_body({"Content": text, "CreateTime": 5, "Nested": {"item": [{"a": "1"}, {"a": "2"}]}}, "xml")
    fields = read_body(body)
    assert fields["Content"] == text
    assert fields["CreateTime"] == "5"
    assert fields["Nested"] == {"item": [{"a": "1"}, {"a": "2"}]}


def test_control_characters_that_xml_cannot_carry_are_dropped() -> None:
    assert read_body(write_body({"Content": "a\x00\x08b\n"}, "xml"))["Content"] == "ab\n"


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><a>",
        b"\xff\xfe",
        b"[1]",
        b"plain",
        b"<!DOCTYPE x [<!ENTITY e 'boom'>]><xml><a>&e;</a></xml>",
        b"<xml>text</xml>",
        b"{" * 100_000,
    ],
)
def test_a_body_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        read_body(body)


def test_unicode_escapes_in_calls_are_shown_as_they_stand() -> None:
    assert read_api_json('{"content": "办事\\n好"}'.encode()) == {"content": "办事\n好"}
    assert read_api_json(json.dumps({"content": "办\n"}).encode()) == {"content": "\\u529e\n"}
    assert read_api_json(rb'{"a": "\\u529e"}') == {"a": "\\u529e"}
