from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.chat_text import Segment, segments


def test_links_and_choices_are_found_in_plain_text() -> None:
    text = (
        '请选 <a href="weixin://bizmsgmenu?msgmenucontent=%E9%A2%84%E7%BA%A6&msgmenuid=4">4 预约</a>'
        '\n<a href="http://127.0.0.1/h5?a=1&amp;b=2">指南</a>'
    )
    assert segments(text) == [
        Segment("text", "请选 "),
        Segment("choice", "4 预约", content="预约", menu_id="4"),
        Segment("text", "\n"),
        Segment("link", "指南", href="http://127.0.0.1/h5?a=1&b=2"),
    ]


def test_bare_addresses_become_links_without_the_full_stop() -> None:
    assert segments("见 https://example.org/a?b=1。谢谢") == [
        Segment("text", "见 "),
        Segment("link", "https://example.org/a?b=1", href="https://example.org/a?b=1"),
        Segment("text", "。谢谢"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<a>x</a>",
        '<a href="/relative">x</a>',
        '<a href="http://127.0.0.1/"> </a>'.replace("http://127.0.0.1/", "ftp://x"),
        "<b>x</b><script>alert(1)</script>",
        '<a href="weixin://dl/business">x</a>',
        '<a href="http://[broken">x</a>'.replace("http://", "gopher://"),
    ],
)
def test_everything_else_stays_text(text: str) -> None:
    assert segments(text) == [Segment("text", text)]


@given(st.text(alphabet="<a href=\"'http://weixin:bizmsgmenu?&>/x", max_size=120))
def test_no_text_is_lost_and_no_address_is_dangerous(text: str) -> None:
    for segment in segments(text):
        assert segment.kind != "link" or segment.href.lower().startswith(("http://", "https://"))
