from __future__ import annotations

import pytest

from nlu.agent.errors import ResponseError
from nlu.agent.responses import Responses, fill


def test_slots_and_what_an_action_gives_are_filled_in_everywhere() -> None:
    responses = Responses(
        {"utter_x": [{"text": "{item}在{place}", "buttons": [{"title": "{item}", "payload": "/a"}]}]}
    )
    filled = responses.generate_from_slots("utter_x", {"item": "身份证"}, "wechat", place="一楼")
    assert filled == {"text": "身份证在一楼", "buttons": [{"title": "身份证", "payload": "/a"}]}
    assert responses.responses["utter_x"][0]["text"] == "{item}在{place}"


@pytest.mark.parametrize("payload", ['/ask{"item": "GA-0101"}', '/ask{{"item": "GA-0101"}}'])
def test_the_braces_of_a_payload_are_no_placeholder(payload: str) -> None:
    assert fill(payload, {}) == '/ask{"item": "GA-0101"}'


def test_a_value_with_braces_is_left_as_it_is() -> None:
    assert fill("您说的是“{text}”", {"text": "{item} {{x}}"}) == "您说的是“{item} {{x}}”"


def test_a_placeholder_without_a_value_is_an_error() -> None:
    responses = Responses({"utter_x": [{"text": "{centre}"}]})
    with pytest.raises(ResponseError, match=r"utter_x.*centre"):
        responses.generate_from_slots("utter_x", {}, "wechat")


def test_an_unknown_response_is_none() -> None:
    assert Responses({}).generate_from_slots("utter_x", {}, "wechat") is None
