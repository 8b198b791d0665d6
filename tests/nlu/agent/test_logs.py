from __future__ import annotations

import logging

import pytest
import structlog

from nlu.agent.logs import drop_rasa_debug, quiet_rasa


@pytest.mark.parametrize(("method", "event"), [("debug", "processor.message.parse"), ("info", "a.b")])
def test_what_rasa_says_in_passing_is_dropped(method: str, event: str) -> None:
    with pytest.raises(structlog.DropEvent):
        drop_rasa_debug(None, method, {"event": event, "parse_data_text": "我叫王小明"})


@pytest.mark.parametrize(
    ("method", "event"), [("debug", "turn_done"), ("warning", "message.parsing.failed"), ("error", "a.b")]
)
def test_our_own_events_and_rasas_warnings_stay(method: str, event: str) -> None:
    assert drop_rasa_debug(None, method, {"event": event}) == {"event": event}


def test_rasas_loggers_are_set_to_warnings() -> None:
    quiet_rasa()
    assert not logging.getLogger("rasa.core.processor").isEnabledFor(logging.INFO)
